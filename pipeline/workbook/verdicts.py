"""What the checks said of each row, as marks and counts: nothing that was looked at stays unsaid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.workbook.table import Cell
from schemas.rules import Severity, register


class State(Enum):
    """Verdict of one check on one row: a mark, and the role of its cell."""

    MET = ("✓", "centre")
    NOT_MET = ("✗", "mark_NOT_MET")
    UNKNOWN = ("?", "mark_UNKNOWN")
    OUTSIDE = ("–", "mark_OUTSIDE")

    @property
    def cell(self) -> Cell:
        """The mark in its format."""
        return Cell(*self.value)


#: Families that judge a nomination by a condition.
CONDITIONS = ("DK-", "HS-01", "QT-04")
_NO_ROWS = np.zeros(0, dtype="int64")
#: Checks that judge rows of PHIEU.
ON_BALLOTS = "QT-04"
MARKS = "✓ đạt · ✗ không đạt · ? thiếu dữ liệu · – không áp dụng"


class Verdicts:
    """Findings of one run by check and by the row that was judged. Shared: `page.book.shared(Verdicts)`."""

    def __init__(self, results: Results) -> None:
        """Index the findings."""
        self._results = results
        self._looked = results.looked_at
        self._masks: dict[str, np.ndarray] = {}  #: by code, one place a row id: sets of ids would fill the memory
        self._about: dict[tuple[str, int], list[Finding]] = defaultdict(list)
        self._of_code: dict[str, list[Finding]] = defaultdict(list)
        self._conditions = [code for code in register() if code in self._looked and code.startswith(CONDITIONS)]
        for finding in results.findings:
            self._of_code[finding.code].append(finding)
            if finding.about is not None:
                self._about[finding.code, finding.about].append(finding)

    def of(self, code: str) -> Sequence[Finding]:
        """Every finding of a check."""
        return self._of_code.get(code, ())

    def asked(self, code: str) -> bool:
        """Whether a check was carried out in this run, or said something all the same (what reading finds)."""
        return code in self._looked or code in self._of_code

    def on(self, code: str, row_id: int) -> Sequence[Finding]:
        """Findings of a check on one judged row; on a nomination also those on its ballots."""
        if not code.startswith(ON_BALLOTS):
            return self._about.get((code, row_id), ())
        return [f for row in self._rows(code, row_id) for f in self._about.get((code, row), ())]

    def looked(self, code: str, row_id: int) -> bool:
        """Whether a check judged a row, or a ballot of that nomination."""
        mask = self._mask(code)
        return any(0 <= row < len(mask) and mask[row] for row in self._rows(code, row_id))

    def _mask(self, code: str) -> np.ndarray:
        if code not in self._masks:
            index = self._looked.get(code, pd.Index([]))
            ids = index.to_numpy() if len(index) and pd.api.types.is_integer_dtype(index.dtype) else _NO_ROWS
            mask = np.zeros(int(ids.max()) + 1 if len(ids) else 0, dtype=bool)
            mask[ids] = True
            self._masks[code] = mask
        return self._masks[code]

    def _rows(self, code: str, row_id: int) -> tuple[int, ...]:
        return (row_id, *self._ballots.get(row_id, ())) if code.startswith(ON_BALLOTS) else (row_id,)

    @cached_property
    def _ballots(self) -> dict[int, list[int]]:
        """Rows of PHIEU by the row of their nomination."""
        case, found = self._results.evidence, defaultdict(list)
        nominations, ballots = case.nominations, case.frame("PHIEU")
        rows = dict(zip(zip(nominations["unit"], nominations["code"], strict=True), nominations.index, strict=True))
        for row, key in zip(ballots.index, zip(ballots[UNIT], ballots["ma_dn"], strict=True), strict=True):
            if key in rows:
                found[int(rows[key])].append(int(row))
        return found

    def state(self, code: str, row_id: int) -> State:
        """Verdict on one row; information does not make a condition unmet."""
        found = self.on(code, row_id)
        if any(f.judged and f.severity is not Severity.INFORMATION for f in found):
            return State.NOT_MET
        if any(not f.judged for f in found):
            return State.UNKNOWN
        return State.MET if self.looked(code, row_id) else State.OUTSIDE

    def conditions(self, row_id: int) -> str | None:
        """Marks of all conditions on one nomination: `9 ✓ · 1 ✗ (DK-04) · 1 ? (DK-05)`; None where none applied."""
        if row_id not in self._doubted:  # by far the most
            met = self._asked[row_id]
            return f"{met} {State.MET.value[0]}" if met else None
        states = {code: self.state(code, row_id) for code in self._conditions if self.looked(code, row_id)}
        if not states:
            return None
        parts = []
        for state in (State.MET, State.NOT_MET, State.UNKNOWN):
            codes = [code for code, found in states.items() if found is state]
            named = "" if state is State.MET else f" ({', '.join(codes)})"
            parts += [f"{len(codes)} {state.value[0]}{named}"] if codes else []
        return " · ".join(parts)

    @cached_property
    def _asked(self) -> Counter[int]:
        """How many conditions were asked of each nomination."""
        asked: Counter[int] = Counter()
        for code in self._conditions:
            if code.startswith(ON_BALLOTS):
                asked.update(row for row in self._ballots if self.looked(code, row))
            else:
                asked.update(np.flatnonzero(self._mask(code)).tolist())
        return asked

    @cached_property
    def _doubted(self) -> set[int]:
        """Nominations on which, or on whose ballots, a condition said something."""
        about = {f.about for code in self._conditions for f in self.of(code) if f.about is not None}
        return about | {row for row, ballots in self._ballots.items() if not about.isdisjoint(ballots)}

    def counts(self, code: str) -> Mapping[str, int]:
        """How many rows a check judged, found wanting, could not judge."""
        found = self.of(code)
        wanting = {f.about for f in found if f.judged}
        unknown = {f.about for f in found if not f.judged} - wanting
        return {
            "looked": len(self._looked[code]) if code in self._looked else 0,
            "wanting": len(wanting),
            "unknown": len(unknown),
        }

    def summary(self, codes: Iterable[str]) -> str:
        """One line for the head of a sheet: what was checked, found, found clean, or could not be judged."""
        parts = []
        for code in codes:
            title = register()[code].title
            counts = self.counts(code)
            if code not in self._looked:
                parts.append(f"{code} {title}: không xét ở kỳ này")
                continue
            words = f"{code} {title}: đã xét {counts['looked']}"
            words += f", {counts['wanting']} có phát hiện" if counts["wanting"] else ", không có phát hiện"
            words += f", {counts['unknown']} chưa xét được" if counts["unknown"] else ""
            parts.append(words)
        return "; ".join(parts) + "." if parts else ""
