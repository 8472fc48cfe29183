"""Places in quotas as cells: one mark where every way of rounding agrees, else one line a way."""

from __future__ import annotations

from collections import defaultdict

from pipeline.checks.quotas import BLOCK, DOWN, LARGEST, NEAREST, PROVINCE, UNIT, WAYS
from pipeline.ranking.quota_places import (
    FIXED,
    INSIDE,
    LAST,
    NEXT,
    OUTSIDE,
    SUM_DOWN,
    SUM_NEAREST,
    TIED,
    seats_of,
)
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.table import Cell

MARKS = {INSIDE: "●", LAST: "◆", TIED: "△", NEXT: "○", OUTSIDE: "–"}
#: What the marks of XEP_HANG_CA_NHAN mean.
PLACE_MEANINGS = {
    MARKS[INSIDE]: "Trong hạn mức theo cách làm tròn ấy.",
    MARKS[LAST]: "Trong hạn mức, suất cuối; người ngay sau không còn suất.",
    MARKS[TIED]: "Ngang nhau ở vạch: số người ngang nhau nhiều hơn số suất còn lại; Hội đồng chọn.",
    MARKS[NEXT]: "Ngay dưới vạch: thêm một suất thì vào.",
    MARKS[OUTSIDE]: "Ngoài hạn mức.",
    "?": "Chưa chắc: còn điều chưa rõ, ngang nhau hoặc chờ kết luận có thể đưa qua vạch.",
    "(ngang)": "Bằng nhau ở mọi bước so; chương trình không tự phân định.",
    "3–7 hoặc –": "Khoảng thứ tự có thể có; «hoặc –»: còn vướng, có thể không được xếp.",
}
SHORT_WAYS = {
    DOWN: "xuống", NEAREST: "gần nhất", LARGEST: "số dư", SUM_DOWN: "cộng xuống", SUM_NEAREST: "cộng gần",
    FIXED: "suất",
}  # fmt: skip
LONG_WAYS = WAYS | {FIXED: "số suất cố định"}
PLACES = {PROVINCE: "toàn tỉnh", BLOCK: "từng khối", UNIT: "từng đơn vị"}
#: Role of the cell by what holds under the way and scope in force.
_ROLES = {
    INSIDE: "status_ACCEPTED", LAST: "severity_WARNING", TIED: "severity_NEEDS_REASON", NEXT: "severity_WARNING",
    OUTSIDE: "severity_NOT_JUDGED",
}  # fmt: skip
_LINES = (LAST, TIED, NEXT)


#: Way, seats, whether it is in force, state, whether that is sure.
_Told = tuple[str, float, bool, str, bool]


class Seats:
    """Seats and places of one run, ready for the sheet."""

    def __init__(self, results: Results) -> None:
        """Group the places by nominee and scope once."""
        self._results, self._seats = results, seats_of(results.evidence)
        quotas = results.nominees.quotas
        self._of: dict[tuple[int, str], list[_Told]] = defaultdict(list)
        names = ("row", "scope", "way", "seats", "lawful", "state", "sure")
        columns = (quotas[name].tolist() for name in names)
        for row, scope, way, seats, lawful, state, sure in zip(*columns, strict=True):
            self._of[int(row), scope].append((way, seats, lawful, state, sure))
        #: Row ids of nominees at or just below a line of some quota.
        self.at_a_line = quotas.loc[quotas["state"].isin(_LINES), "row"].astype("int64").unique()

    def limited(self, award: str) -> bool:
        """Whether some quota limits an award."""
        return bool((self._seats["award"] == award).any())

    def of_province(self, award: str) -> list[float]:
        """Numbers of seats of the province under every way."""
        own = self._seats[(self._seats["award"] == award) & (self._seats["scope"] == PROVINCE)]
        return sorted(set(own["seats"].tolist()))

    def words(self, award: str) -> str:
        """Say which quota it is, which scope and way are in force, and the seats of the province."""
        own = self._seats[self._seats["award"] == award]
        code = str(own["code"].iloc[0])
        lawful = own[own["lawful"]]
        said = f"Hạn mức {code} ({self._results.rules.rules[code].source_status})"
        if len(lawful):
            scope, way = lawful["scope"].iloc[0], lawful["way"].iloc[0]
            said += f": tham số đang chọn {PLACES[scope]}, {LONG_WAYS[way]}"
            said += f", {decimal(lawful['seats'].iloc[0])} suất" if scope == PROVINCE else ""
        whole = own[own["scope"] == PROVINCE]
        ways = "; ".join(f"{SHORT_WAYS[w]} {decimal(s)}" for w, s in zip(whole["way"], whole["seats"], strict=True))
        return f"{said}. Toàn tỉnh theo các cách làm tròn: {ways}. Xem HAN_MUC." if ways else f"{said}. Xem HAN_MUC."

    def cell(self, row: int, scope: str) -> str | Cell | None:
        """Where a nominee stands in the quota of a scope; the state in force gives the colour."""
        told = self._of.get((row, scope))
        if not told:
            return None
        text = _agreeing(told)
        lawful = next((state for _, _, lawful, state, _ in told if lawful), None)
        return text if lawful is None else Cell(text, _ROLES[lawful])


def _agreeing(told: list[_Told]) -> str:
    """One mark where all ways agree; else the ways that differ from most, one a line, then the mark of the rest."""
    by_mark: dict[str, list[str]] = defaultdict(list)
    for way, seats, _, state, sure in told:
        by_mark[_mark(state, sure)].append(f"{SHORT_WAYS[way]} {decimal(seats)}")
    usual = max(by_mark, key=lambda mark: len(by_mark[mark]))
    if len(by_mark) == 1:
        return f"{usual} mọi cách" if len(told) > 1 else f"{usual} {by_mark[usual][0]}"
    lines = [f"{mark} {', '.join(ways)}" for mark, ways in by_mark.items() if mark != usual]
    return "\n".join([f"{usual} phần lớn cách" if len(by_mark[usual]) > 1 else f"{usual} {by_mark[usual][0]}", *lines])


def _mark(state: str, sure: bool) -> str:
    return MARKS[state] + ("" if sure else "?")
