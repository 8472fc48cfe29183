"""DOT_PHA: breakthroughs, new and hard tasks: measurable, above last year, reached, with evidence?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.checks import breakthrough
from pipeline.results import Results
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import labelled, plain
from pipeline.workbook.table import Field, council_field
from pipeline.workbook.topics import NO_PAGE_NOTE, UNIT_FIELDS, UnitLines, row_marks, unit_links
from pipeline.workbook.verdicts import MARKS, Verdicts

PLAN = SheetPlan(
    "DOT_PHA",
    Group.TOPICS,
    "Khâu đột phá, việc mới, việc khó",
    "đơn vị nào có khâu đột phá, việc mới, việc khó; có đo được, có đạt, có minh chứng không?",
)
CODES = tuple(f"DP-0{number}" for number in range(1, 8))
_PAGE, _LOG = "CHI_TIEU", "HOAT_DONG"
_REACHED = {True: "Đạt", False: "Chưa đạt"}

UNITS = (
    *UNIT_FIELDS,
    Field("ten", "Đơn vị", 30, "text_strong"),
    Field("dp", "Có khâu đột phá (DP-01)", 10, "centre"),
    Field("n_dp", "Số khâu đột phá", 11, "count"),
    Field("n_moi", "Việc mới", 8, "count"),
    Field("n_kho", "Việc khó", 9, "count"),
    Field("do", "Đo được", 8, "count"),
    Field("dat", "Đạt", 9, "count"),
    Field("chua", "Chưa đạt", 8.5, "count"),
    Field("ngay", "Ngày xác định đột phá", 15, "date"),
    Field("som", "Trước giữa kỳ (DP-02)", 9, "centre"),
    Field("phat_hien", "Số phát hiện", 8, "count"),
    council_field(16),
)
TARGETS = (
    *UNIT_FIELDS,
    Field("ten", "Nội dung", role="text_strong"),
    Field("loai", "Loại"),
    Field("chieu", "Chiều"),
    Field("dvt", "Đơn vị tính", role="centre"),
    Field("truoc", "Năm trước", role="number"),
    Field("chi_tieu", "Chỉ tiêu", role="number"),
    Field("thuc_hien", "Thực hiện", role="number"),
    Field("ty_le", "% chỉ tiêu", role="percent"),
    Field("minh_chung", "Minh chứng"),
    Field("do", "Đo được (DP-04)", role="centre"),
    Field("hon", "Hơn năm trước (DP-05)", role="centre"),
    Field("ket_qua", "Kết quả; có minh chứng (DP-06)", role="centre"),
)


def write(page: Page, results: Results) -> None:
    """Write counts by unit, then the targets themselves."""
    verdicts = page.book.shared(Verdicts)
    lines = UnitLines(results, verdicts)
    page.head([f.width for f in UNITS], "", verdicts.summary(CODES), f"{MARKS}. {NO_PAGE_NOTE}", mixed=True)
    page.part("I. Theo đơn vị")
    page.table(UNITS, _unit_columns(results, lines))
    rows = breakthrough.targets_of(results.evidence)
    rows = lines.sorted(rows[rows["loai"].isin(breakthrough.SPECIAL)])
    page.part(f"II. Từng chỉ tiêu: {len(rows)}")
    page.table(TARGETS, _target_columns(results, verdicts, rows))


def _unit_columns(results: Results, lines: UnitLines) -> dict[str, list[Any]]:
    table = breakthrough.unit_counts(results.evidence)
    counts = {"n_dp": "DOT_PHA", "n_moi": "VIEC_MOI", "n_kho": "VIEC_KHO"}
    counts |= {"do": "measurable", "dat": "reached", "chua": "missed"}
    return lines.heads() | {
        "dp": lines.marks("DP-01"),
        **{key: lines.values(table[name], _PAGE) for key, name in counts.items()},
        "ngay": lines.values(table["set_on"], _LOG),
        "som": lines.marks("DP-02"),
        "phat_hien": lines.found(CODES),
    }


def _target_columns(results: Results, verdicts: Verdicts, rows: pd.DataFrame) -> dict[str, Sequence[Any]]:
    labels = results.dataset.province.lists.labels
    outcomes = [_REACHED.get(reached, "?") for reached in plain(rows["reached"])]
    evidence = [mark.value for mark in row_marks(verdicts, "DP-06", rows)]
    idle = (~rows["happened"]).tolist()
    return {
        "stt": range(1, len(rows) + 1),
        "ma": unit_links(rows["unit"]),
        "ten": plain(rows["noi_dung"]),
        "loai": labelled(rows["loai"], labels["LOAI_CHI_TIEU"]),
        "chieu": labelled(rows["chieu"], labels["CHIEU"]),
        "dvt": plain(rows["don_vi_tinh"]),
        "truoc": plain(rows["nam_truoc"]),
        "chi_tieu": plain(rows["chi_tieu"]),
        "thuc_hien": plain(rows["thuc_hien"]),
        "ty_le": plain(rows["ratio"]),
        "minh_chung": plain(rows["minh_chung"]),
        "do": row_marks(verdicts, "DP-04", rows),
        "hon": row_marks(verdicts, "DP-05", rows),
        "ket_qua": [
            "Không phát sinh" if none else f"{outcome} {mark}" if outcome == _REACHED[True] else outcome
            for none, outcome, mark in zip(idle, outcomes, evidence, strict=True)
        ],
    }
