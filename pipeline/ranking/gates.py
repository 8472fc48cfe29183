"""Gates before the ranking (domain 4.5): noted by the standing office, or seen in the files; the council decides.

A gate is seen where no counted file came; where the form names no minutes, or the meeting lacked its quorum (QT-01);
where a member was disciplined in a form that keeps the collective from its title (DK-03); where the collective is
rated as not having completed its tasks; where the unit itself says that it did not carry out the movement.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.evidence.violations import heavy_violations
from pipeline.evidence.voters import bases, votes_needed

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

#: Rating that stands below "hoàn thành nhiệm vụ".
NOT_COMPLETED = "KHTNV"
STILL_CONSIDERED, NOT_CONSIDERED = "XET", "KHONG_XET"
_VOCABULARY = "DIEU_KIEN_LOAI"


class Decision(StrEnum):
    """What the council said of the gates of a unit, the gravest of them."""

    NONE = ""  # no gate, or every gate lifted
    OPEN = "CHO"
    CONFIRMED = "KHONG_XET"


def gates_of(case: Evidence) -> pd.DataFrame:
    """Units that must send by code: `decision` (`Decision`) and `reason` (gates in words, null: none)."""
    seen = dict(_seen(case))
    noted = _noted(case)
    decision, reason = {}, {}
    for unit in {unit for unit, _ in (*seen, *noted)}:
        kinds = [kind for kind in case.data.province.lists.labels[_VOCABULARY] if (unit, kind) in {*seen, *noted}]
        open_ones = [kind for kind in kinds if noted.get((unit, kind), ("", ""))[0] != STILL_CONSIDERED]
        if not open_ones:
            continue
        confirmed = [kind for kind in open_ones if noted.get((unit, kind), ("", ""))[0] == NOT_CONSIDERED]
        decision[unit] = (Decision.CONFIRMED if confirmed else Decision.OPEN).value
        reason[unit] = "; ".join(
            _told(case, kind, seen.get((unit, kind)), noted.get((unit, kind))) for kind in open_ones
        )
    units = case.units.index
    return pd.DataFrame(
        {
            "decision": [decision.get(unit, Decision.NONE.value) for unit in units],
            "reason": pd.Series([reason.get(unit) for unit in units], index=units, dtype="object"),
        },
        index=units,
    )


def _told(case: Evidence, kind: str, seen: str | None, noted: tuple[str, str] | None) -> str:
    """One gate in words: what, why, and what the council said."""
    ended, written = noted or ("", "")
    why = "; ".join(text for text in (seen, written) if text)
    end = "Hội đồng kết luận không xét" if ended == NOT_CONSIDERED else "Hội đồng chưa kết luận"
    return f"{case.label(_VOCABULARY, kind)} ({why}{': ' if why else ''}{end})"


def _noted(case: Evidence) -> dict[tuple[str, str], tuple[str, str]]:
    """Unit and gate of DIEU_KIEN_LOAI → conclusion (empty: none yet) and reason; one "vẫn xét" lifts the gate."""
    rows = case.configured(_VOCABULARY)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    if rows.empty:
        return found
    rows = rows[rows["don_vi"].isin(case.units.index) & rows["dieu_kien"].notna()]
    columns = (rows[name].fillna("").astype("str") for name in ("don_vi", "dieu_kien", "ket_luan", "ly_do"))
    weight = {"": 0, NOT_CONSIDERED: 1, STILL_CONSIDERED: 2}
    for unit, kind, ended, why in zip(*columns, strict=True):
        before = found.get((unit, kind))
        if before is None or weight.get(ended, 0) > weight.get(before[0], 0):
            found[unit, kind] = (ended, why)
    return found


def _seen(case: Evidence) -> Iterator[tuple[tuple[str, str], str]]:
    """Unit and gate that the data show, with what was seen."""
    forms = case.forms[case.forms.index.isin(case.units.index)]
    yield from _all(case.units.index[~case.units["counted"]], "CHUA_NOP", "chưa có hồ sơ được tính")
    without = forms["so_bien_ban"].isna() | forms["ngay_bien_ban"].isna()
    yield from _all(forms.index[without], "BIEN_BAN", "chưa ghi số, ngày biên bản")
    if case.rules.has("QT-01"):
        base = bases(case).reindex(forms.index)
        short = base["present"] < votes_needed(base["members"], case.rules.number("QT-01", "ty_le"))
        yield from _all(forms.index[short & ~without], "BIEN_BAN", "cuộc họp chưa đủ số người")
    if case.rules.has("DK-03"):
        heavy = pd.Index(heavy_violations(case)["unit"].unique())
        yield from _all(heavy[heavy.isin(case.units.index)], "KY_LUAT", "có người bị kỷ luật trong kỳ")
    yield from _all(
        forms.index[forms["xep_loai_don_vi"] == NOT_COMPLETED], "XEP_LOAI", "đơn vị không hoàn thành nhiệm vụ"
    )
    yield from _all(forms.index[forms["trien_khai_phong_trao"] == "KHONG"], "KHONG_TRIEN_KHAI", "đơn vị tự khai")


def _all(units: pd.Index, kind: str, why: str) -> Iterator[tuple[tuple[str, str], str]]:
    for unit in units:
        yield (str(unit), kind), why
