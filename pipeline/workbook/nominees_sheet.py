"""XEP_HANG_CA_NHAN: who stands before whom inside each title, by what, how surely, and where that is in the quota."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.checks.quotas import BLOCK, PROVINCE, UNIT
from pipeline.ranking.components import COLLECTIVE, LEVELS, PERSON
from pipeline.ranking.nominee_wording import (
    Row,
    chain_text,
    components_of,
    place_text,
    preferences_text,
    reason,
    span_text,
    value_text,
)
from pipeline.ranking.nominees import HOME
from pipeline.results import Results
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.quota_cells import Seats
from pipeline.workbook.table import Cell, Field, council_field

PLAN = SheetPlan(
    "XEP_HANG_CA_NHAN",
    Group.NOMINATIONS,
    "Thứ tự cá nhân, tập thể trong từng danh hiệu",
    "trong mỗi danh hiệu ai đứng trước, vì mặt nào, chắc đến đâu, trong hay ngoài hạn mức?",
)
READING = (
    "Thứ tự chỉ ghép những điều đơn vị đã khai, bước trước khác nhau thì không xét bước sau; không có điểm tổng và "
    "không thay Hội đồng quyết định. Người đủ điều kiện đứng trước, rồi người còn chờ giải trình, chưa xét được; còn "
    "CHẶN ở điều kiện thì không xếp. «Khoảng»: cao nhất, thấp nhất có thể, khi điều chưa rõ ngả về phía này hay phía "
    "kia. Hạn mức: ● trong, ◆ suất cuối, △ ngang nhau ở vạch, ○ ngay dưới vạch, – ngoài; dấu ? là còn có thể đổi."
)
FIELDS: Mapping[str, tuple[Field, ...]] = {
    PERSON: (
        Field("hang", "Thứ tự", 5.5, "centre"),
        Field("ten", "Đối tượng", 13.5, "link"),
        Field("ma", "Mã ĐV", 5.5, "link_centre"),
        Field("xep_loai", "Xếp loại", 7, "centre"),
        Field("diem", "Điểm", 5.7, "centre"),
        Field("sang_kien", "Sáng kiến (cộng phần đóng góp)", 8.5),
        Field("ket_qua", "Chỉ tiêu phụ trách đạt", 6.5, "centre"),
        Field("thu_tu", "Đơn vị xếp thứ", 5.5, "centre"),
        Field("phieu", "Phiếu", 6.3, "centre"),
        Field("nhom", "Trực tiếp, nữ", 7),
        Field("dieu_kien", "Điều kiện đã xét", 10.5),
        Field("khoang", "Khoảng", 6.5, "centre"),
        Field("gop", "Nếu gộp: khối, tỉnh", 6.2, "centre"),
        Field("muc_DON_VI", "Hạn mức đơn vị", 8.4),
        Field("muc_KHOI", "Hạn mức khối", 8.3),
        Field("muc_TINH", "Hạn mức tỉnh", 8.2),
        Field("vi_sao", "Vì sao đứng đây", 20),
        Field("hon", "Ai hơn mà không được đề nghị (LP-03)", 9.5),
        council_field(8),
    ),
}
_OF_COLLECTIVES = {
    "diem": "Điểm tự chấm",
    "sang_kien": "Khối",
    "ket_qua": "Tỷ lệ LĐTT",
    "thu_tu": "Hạng đơn vị",
    "phieu": "Phiếu của khối",
    "nhom": "Nhiều nữ",
}
FIELDS = {
    **FIELDS,
    COLLECTIVE: tuple(replace(f, heading=_OF_COLLECTIVES.get(f.key, f.heading)) for f in FIELDS[PERSON]),
}
#: Columns of the sheet → component of the chain, by kind.
_VALUES = {
    PERSON: {
        "xep_loai": "XEP_LOAI", "diem": "DIEM", "sang_kien": "SANG_KIEN", "ket_qua": "KET_QUA", "thu_tu": "THU_TU",
        "phieu": "PHIEU",
    },
    COLLECTIVE: {
        "xep_loai": "XEP_LOAI", "diem": "DIEM", "ket_qua": "TY_LE_LDTT", "thu_tu": "HANG_DON_VI", "phieu": "PHIEU",
    },
}  # fmt: skip
KINDS = {PERSON: "cá nhân", COLLECTIVE: "tập thể"}
INSIDE_OF = {UNIT: "từng đơn vị", BLOCK: "từng khối"}
POOLED = "Nếu Hội đồng gộp hạn mức cả tỉnh (để tham khảo, KHÔNG phải danh sách chính thức)"
#: Rows beyond which a pooled list shows only what stands near a line, and how near.
_LONG_POOL, _NEAR = 60, 15


def write(page: Page, results: Results) -> None:
    """Write one block a title, the highest first."""
    order = results.nominees
    chains = [
        f"{KINDS[kind].capitalize()} so trong {INSIDE_OF[HOME[kind]]}: {chain_text(chain, HOME[kind])}. "
        f"{preferences_text(chain)}"
        for kind, chain in order.chains.items()
    ]
    page.head([item.width for item in FIELDS[PERSON]], "", READING, *chains, mixed=True)
    desk = _Desk(page, results)
    if order.table.empty:
        page.part("Chưa có đề nghị nào để xếp")
        page.table(FIELDS[PERSON], {})
        return
    rungs = results.evidence.titles["rung"]
    titles = order.table[["title", "award", "kind", "award_name"]].drop_duplicates("title")
    titles = titles.assign(rung=titles["award"].map(rungs).fillna(0.0), person=titles["kind"] == PERSON)
    titles = titles.sort_values(["rung", "person", "award"], ascending=[False, False, True], kind="stable")
    for title in titles.to_dict("records"):  # a title each
        desk.title(title)


class _Desk:
    """What all blocks of the sheet share."""

    def __init__(self, page: Page, results: Results) -> None:
        self.page, self.results, self.order = page, results, results.nominees
        self.table = self.order.table
        self.rows: dict[int, Row] = dict(zip(self.table.index.tolist(), self.table.to_dict("records"), strict=True))
        self.seats = Seats(results)
        self.better = _better(results)
        self.short = len(self.table) <= LONG_LIST
        self.units = {str(unit): number for number, unit in enumerate(results.evidence.units.index)}

    def title(self, title: Mapping[Any, Any]) -> None:
        """Write one title: what it is compared by, its seats, the order that counts, the pooled one."""
        kind, page = str(title["kind"]), self.page
        home = HOME[kind]
        rows = self.table[self.table["title"] == title["title"]]
        limited = self.seats.limited(str(title["award"]))
        page.part(f"{title['award_name']} ({KINDS[kind]}): {len(rows)} đề nghị")
        page.line(
            self.seats.words(str(title["award"]))
            if limited
            else "Các quy tắc đang dùng không có hạn mức cho danh hiệu, hình thức này."
        )
        if not (self.short or limited or title["rung"] > 1):
            page.line(f"Danh sách dài, danh hiệu không có hạn mức: không in {len(rows)} dòng, đủ ở xep-hang.csv.")
            return
        self._official(kind, rows, home)
        if (limited or title["rung"] > 1) and (rows[f"size_{PROVINCE}"] > rows[f"size_{home}"]).any():
            self._pooled(kind, rows)

    def _official(self, kind: str, rows: pd.DataFrame, home: str) -> None:
        if not self.short:
            kept = rows[self._notable(rows, home)]
            self.page.line(f"Chỉ in {len(kept)} dòng ở gần vạch, ngang nhau hoặc còn vướng; đủ ở xep-hang.csv.")
            rows = kept
        unit = rows["unit"].map(self.units)
        key = rows["block"].factorize()[0] if home == BLOCK else unit
        ids = rows.assign(at=key, own=unit).sort_values(["at", f"rank_{home}", "own", "code"], kind="stable").index
        placed = self.page.table(FIELDS[kind], self._columns(kind, ids.tolist(), home))
        for number, row in enumerate(ids.tolist()):
            self.page.anchor("order", f"{self.rows[row]['unit']} {self.rows[row]['code']}", placed.first + number)

    def _notable(self, rows: pd.DataFrame, home: str) -> pd.Series:
        return (rows[f"ties_{home}"] > 1) | (rows["tier"] < 2) | rows.index.isin(self.seats.at_a_line)

    def _pooled(self, kind: str, rows: pd.DataFrame) -> None:
        rows = rows[rows[f"rank_{PROVINCE}"].notna()]
        shown = rows
        lines = self.seats.of_province(str(rows["award"].iloc[0]))
        if len(rows) > _LONG_POOL:
            near = pd.concat([(rows[f"rank_{PROVINCE}"] - line).abs() <= _NEAR for line in lines or [0.0]], axis=1)
            shown = rows[near.any(axis=1)]
        chain = self.order.chains[kind]
        left = ", ".join(step.words for step in chain.steps if step not in chain.at(PROVINCE))
        cut = "" if len(shown) == len(rows) else f" Chỉ in {len(shown)} trong {len(rows)} dòng, quanh vạch."
        self.page.row += 1
        self.page.line(f"{POOLED}. Không so giữa các nơi: {left or 'không có'}.{cut}")
        ids = shown.sort_values([f"rank_{PROVINCE}", "unit", "code"], kind="stable").index.tolist()
        fields = tuple(replace(f, heading="Thứ tự gộp") if f.key == "hang" else f for f in FIELDS[kind])
        self.page.table(fields, self._columns(kind, ids, PROVINCE))

    def _columns(self, kind: str, ids: Sequence[int], level: str) -> dict[str, Sequence[Any]]:
        rows = [self.rows[row] for row in ids]
        known = components_of(kind)
        values = {
            column: [value_text(row, known[code]) for row in rows] for column, code in _VALUES[kind].items()
        }  # fmt: skip
        quotas = {
            f"muc_{scope}": [self.seats.cell(row, scope) for row in ids] for scope in LEVELS
        }  # fmt: skip
        return {
            "hang": [place_text(row, level) for row in rows],
            "ten": [Cell(row["name"], link=_nomination(row)) for row in rows],
            "ma": [Cell(row["unit"], link=("unit", row["unit"])) for row in rows],
            "nhom": [_preferred(row) for row in rows],
            "dieu_kien": [row["standing"] for row in rows],
            "khoang": [span_text(row, level) for row in rows],
            "gop": [_pooled_places(row) for row in rows],
            "vi_sao": [reason(self.rows, row, level) for row in ids],
            "hon": [self.better.get(row) for row in ids],
            "sang_kien": [row["block"] or "(chưa ghi khối)" for row in rows],  # of collectives
            **values,
            **quotas,
        }


def _nomination(row: Row) -> tuple[str, str]:
    return "nomination", f"{row['unit']} {row['code']}"


def _preferred(row: Row) -> str | None:
    """Group and sex as the steps of preference would read them; shown also while they are off."""
    parts = ["trực tiếp" if row["direct"] == 1 else "", "nữ" if row["women"] == 1 else ""]
    return ", ".join(part for part in parts if part) or None


def _pooled_places(row: Row) -> str | None:
    places = [row[f"rank_{level}"] for level in (BLOCK, PROVINCE) if LEVELS.index(level) > LEVELS.index(row["home"])]
    return ", ".join(f"{place:.0f}" for place in places if place == place) or None


def _better(results: Results) -> dict[int, str]:
    """By row id who is better and was not proposed, as LP-03 found it with its guards; a blank was not looked at."""
    looked: Iterable[Any] = results.looked_at.get("LP-03", ())
    found = {row: "không thấy" for row in looked if isinstance(row, int)}
    names: dict[int, list[str]] = defaultdict(list)
    for finding in results.findings:
        if finding.code == "LP-03" and finding.variant == "bypass" and finding.about is not None:
            names[finding.about].append(finding.params["ai"])
            found[finding.about] = "; ".join(names[finding.about])
    return found
