"""Whether a nominee may be ordered: what the checks of conditions said of the nomination.

Three answers, kept apart: everything that was asked is met; something is still open (a reason is to be given, data are
missing, an error is to be mended, the result of the review is not written); a condition is not met. Who does not meet
a condition of severity CHẶN has no place. Warnings, and rules whose source is not confirmed, never decide. A reason
that another rule asks for is named, so that this list says no less than TH_CA_NHAN, and changes no place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.findings import Finding
from schemas.rules import Severity

#: Families that judge a nomination by a condition.
CONDITIONS = ("DK-", "HS-01", "QT-04")
#: Conditions that judge ballots.
ON_BALLOTS = "QT-04"
OUT, OPEN, ELIGIBLE = 0, 1, 2
#: Why, in the order in which it is said: key → (tier, words before the codes).
_NOT_MET, _EXPLAIN, _UNJUDGED, _TO_MEND, _BESIDE = "not_met", "explain", "unjudged", "mend", "beside"
_SAID = {
    _NOT_MET: (OUT, "Không đủ"),
    _EXPLAIN: (OPEN, "Chờ giải trình"),
    _TO_MEND: (OPEN, "Còn lỗi phải sửa"),
    _UNJUDGED: (OPEN, "Chưa xét được"),
    _BESIDE: (ELIGIBLE, "Chờ giải trình, không đổi thứ tự"),
}
MET, NOT_ASKED, NO_RESULT = "Đủ", "Không có điều kiện phải xét", "chưa ghi kết quả xét"


def standing_of(case: Evidence, findings: Iterable[Finding], looked_at: Mapping[str, pd.Index]) -> pd.DataFrame:
    """One row a nomination, index = row id: `tier` (OUT, OPEN, ELIGIBLE), `words` (why, with codes)."""
    rows = case.nominations
    said: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row, why, code in _reasons(case, findings, looked_at):
        if code not in said[row][why]:
            said[row][why].append(code)
    for row in rows.index[~rows["proposed"] & ~rows["considered"]].tolist():
        said[row][_UNJUDGED].append(NO_RESULT)
    tier = pd.Series(ELIGIBLE, index=rows.index, dtype="int64")
    words = pd.Series(NOT_ASKED, index=rows.index, dtype="object")
    words[_asked(rows, looked_at)] = MET
    for row, reasons in said.items():
        tier[row] = min(_SAID[why][0] for why in reasons)
        first = [words[row]] if tier[row] == ELIGIBLE else []
        words[row] = "; ".join(
            [*first, *(f"{_SAID[why][1]}: {', '.join(sorted(reasons[why]))}" for why in _SAID if why in reasons)]
        )
    return pd.DataFrame({"tier": tier, "words": words.astype("str")})


def _asked(rows: pd.DataFrame, looked_at: Mapping[str, pd.Index]) -> pd.Series:
    asked = pd.Series(False, index=rows.index)
    for code, ids in looked_at.items():
        if code.startswith(CONDITIONS) and not code.startswith(ON_BALLOTS):
            asked |= rows.index.isin(ids)
    return asked


def _reasons(
    case: Evidence, findings: Iterable[Finding], looked_at: Mapping[str, pd.Index]
) -> Iterable[tuple[int, str, str]]:
    """Row of the nomination, kind of reason, code of the rule."""
    rows, of_row = case.nominations, _nominations_of_rows(case)
    silent: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        condition = finding.code.startswith(CONDITIONS)
        if condition and not finding.judged and finding.about is None:
            silent[finding.code].add(finding.unit)
            continue
        place = finding.about if condition else finding.row_id
        why = _why(finding, condition)
        if place is not None and why:
            yield from ((row, why, finding.code) for row in of_row.get(place, ()))
    for code, units in silent.items():
        if code in looked_at and not code.startswith(ON_BALLOTS):
            judged = rows.index.isin(looked_at[code])
            left = rows["unit"].isin(units) & ~judged & rows["award"].isin(rows.loc[judged, "award"].dropna())
            yield from ((int(row), _UNJUDGED, code) for row in rows.index[left])


def _why(finding: Finding, condition: bool) -> str:
    if not finding.judged:
        return _UNJUDGED if condition else ""
    if finding.severity is Severity.BLOCKING:
        return _NOT_MET if condition else _TO_MEND
    if finding.severity is not Severity.NEEDS_REASON:
        return ""
    return _EXPLAIN if condition else _BESIDE


def _nominations_of_rows(case: Evidence) -> dict[int, list[int]]:
    """Nominations on which a row bears, by row id: itself, the person's row in NHAN_SU, its ballots."""
    rows, ballots = case.nominations, case.frame("PHIEU")
    found: dict[int, list[int]] = defaultdict(list)
    codes: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, unit, code, person in zip(
        rows.index.tolist(), rows["unit"].tolist(), rows["code"].tolist(), rows["staff_row"].tolist(), strict=True
    ):
        found[row].append(row)
        if code:
            codes[unit, code].append(row)
        if person >= 0:
            found[person].append(row)
    for row, unit, code in zip(ballots.index.tolist(), ballots[UNIT].tolist(), ballots["ma_dn"].tolist(), strict=True):
        found[row].extend(codes.get((unit, code), ()))
    return found
