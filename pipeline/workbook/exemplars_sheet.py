"""DIEN_HINH_SK: exemplars through their four stages, and initiatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.checks import exemplars
from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.workbook.marks import SEVERITY_SHAPES, severity_role
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import labelled, plain
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.topics import NO_PAGE_NOTE, UNIT_FIELDS, UnitLines, row_marks, unit_links
from pipeline.workbook.verdicts import MARKS, State, Verdicts

PLAN = SheetPlan(
    "DIEN_HINH_SK",
    Group.TOPICS,
    "Điển hình tiên tiến và sáng kiến",
    "đơn vị nào có điển hình, đã đi đến khâu nào, nhân rộng ở đâu; sáng kiến nào được công nhận?",
)
CODES = ("DH-01", "DH-02", "DH-03", "DH-04")
_PAGE, _INITIATIVES = "DIEN_HINH", "SANG_KIEN"
_SIGNS = {True: "✓", False: "✗"}

UNITS = (
    *UNIT_FIELDS,
    Field("ten", "Đơn vị", 20, "text_strong"),
    Field("co", "Có điển hình (DH-01)", 9, "centre"),
    Field("so", "Số điển hình", 14, "count"),
    Field("tu", "Đơn vị tự phát hiện", 10.5, "count"),
    Field("k2", "Đã bồi dưỡng", 10.8, "count"),
    Field("k3", "Đã tổng kết", 10.5, "count"),
    Field("k4", "Đã nhân rộng", 10.8, "count"),
    Field("dung", "Đang dừng (DH-02)", 10, "count"),
    Field("bo", "Bỏ qua khâu (DH-03)", 12, "count"),
    Field("sk", "Số sáng kiến", 16, "count"),
    Field("cn", "Sáng kiến được công nhận", 10, "count"),
    Field("tren", "Sáng kiến trên 10 người", 8, "number"),
    Field("phat_hien", "Số phát hiện", 7, "count"),
)
EXEMPLARS = (
    *UNIT_FIELDS,
    Field("ten", "Điển hình, mô hình", role="text_strong"),
    Field("loai", "Loại"),
    Field("don_vi", "Đơn vị phát hiện"),
    Field("n1", "Phát hiện", role="date"),
    Field("n2", "Bồi dưỡng", role="date"),
    Field("n3", "Tổng kết", role="date"),
    Field("n4", "Nhân rộng", role="date"),
    Field("khau", "Khâu đang ở"),
    Field("noi", "Nơi nhận và xác nhận (DH-04)"),
    Field("mo_ta", "Mô tả"),
    Field("kenh", "Kênh tuyên truyền"),
    Field("lien", "Liền khâu (DH-03)", role="centre"),
)
INITIATIVES = (
    *UNIT_FIELDS,
    Field("ten", "Sáng kiến, đề tài", role="text_strong"),
    Field("hinh_thuc", "Hình thức"),
    Field("tac_gia", "Tác giả (tỷ lệ)"),
    Field("n1", "Áp dụng từ", role="date"),
    Field("n2", "Đề nghị", role="date"),
    Field("n3", "Công nhận", role="date"),
    Field("so_qd", "Số quyết định"),
    Field("cap", "Cấp công nhận"),
    Field("pham_vi", "Phạm vi áp dụng"),
    Field("hieu_qua", "Hiệu quả bằng số"),
)


def write(page: Page, results: Results) -> None:
    """Write counts by unit, then the exemplars, then the initiatives."""
    verdicts = page.book.shared(Verdicts)
    lines = UnitLines(results, verdicts)
    note = (
        "Bốn khâu: phát hiện, bồi dưỡng, tổng kết, nhân rộng. Nơi nhận: ✓ nơi nhận cũng ghi · ✗ nơi nhận không ghi · "
        "? nơi nhận chưa có tệp được tính."
    )
    page.head([f.width for f in UNITS], note, verdicts.summary(CODES), f"{MARKS}. {NO_PAGE_NOTE}", mixed=True)
    page.part("I. Theo đơn vị")
    page.table(UNITS, _unit_columns(results, lines))
    rows = lines.sorted(exemplars.exemplars_of(results.evidence))
    page.part(f"II. Điển hình, mô hình mới, người tốt việc tốt: {len(rows)}")
    page.table(EXEMPLARS, _exemplar_columns(results, verdicts, rows))
    authors = lines.sorted(results.evidence.initiatives)
    works = authors.drop_duplicates(["unit", "ma_sk"])
    page.part(f"III. Sáng kiến, đề tài: {len(works)}")
    page.table(INITIATIVES, _initiative_columns(results, works, authors))


def _unit_columns(results: Results, lines: UnitLines) -> dict[str, list[Any]]:
    table = exemplars.unit_counts(results.evidence)
    return lines.heads() | {
        "co": lines.marks("DH-01"),
        "so": lines.values(table["exemplars"], _PAGE),
        "tu": lines.values(table["own"], _PAGE),
        **{f"k{number}": lines.values(table[f"stage_{number}"], _PAGE) for number in (2, 3, 4)},
        "dung": lines.values(lines.judged("DH-02"), _PAGE),
        "bo": lines.values(lines.judged("DH-03"), _PAGE),
        "sk": lines.values(table["initiatives"], _INITIATIVES),
        "cn": lines.values(table["recognised"], _INITIATIVES),
        "tren": lines.values(table["per_ten"].round(1), _INITIATIVES),
        "phat_hien": lines.found(CODES),
    }


def _exemplar_columns(results: Results, verdicts: Verdicts, rows: pd.DataFrame) -> dict[str, Sequence[Any]]:
    labels = results.dataset.province.lists.labels
    stages = [
        _stage(name, [f for f in verdicts.on("DH-02", int(row_id)) if f.judged])
        for row_id, name in zip(rows.index, plain(rows["stage_name"]), strict=True)
    ]
    receivers = _receivers(results, rows)
    return {
        "stt": range(1, len(rows) + 1),
        "ma": unit_links(rows["unit"]),
        "ten": plain(rows["ten"]),
        "loai": labelled(rows["loai"], labels["LOAI_DIEN_HINH"]),
        "don_vi": labelled(rows["don_vi_phat_hien"], labels["DON_VI"]),
        **{f"n{number}": plain(rows[column]) for number, column in enumerate(exemplars.STAGES, start=1)},
        "khau": stages,
        "noi": [receivers.get(int(row_id)) for row_id in rows.index],
        "mo_ta": plain(rows["mo_ta"]),
        "kenh": plain(rows["kenh"]),
        "lien": row_marks(verdicts, "DH-03", rows),
    }


def _stage(name: str | None, halted: Sequence[Finding]) -> Any:
    """Stage that was reached, with the mark of the severity where the exemplar came to a halt there."""
    if not halted:
        return name
    severity = halted[0].severity
    return Cell(f"{SEVERITY_SHAPES[severity]} dừng ở {name}", severity_role(severity))


def _receivers(results: Results, rows: pd.DataFrame) -> Mapping[int, str]:
    """Units to which an exemplar was multiplied, each with a mark: confirmed, not confirmed, not known."""
    pairs = exemplars.receivers_of(results.evidence, rows)
    found: dict[int, list[str]] = defaultdict(list)
    for row_id, unit, confirmed in zip(pairs["row_id"], pairs["receiver"], plain(pairs["confirmed"]), strict=True):
        found[int(row_id)].append(f"{unit} {_SIGNS.get(confirmed, State.UNKNOWN.value[0])}")
    own = rows[rows["noi_nhan_rong"].notna() & ~rows.index.isin(list(found))]
    return {row_id: "; ".join(units) for row_id, units in found.items()} | dict.fromkeys(
        own.index.tolist(), "trong đơn vị"
    )


def _initiative_columns(results: Results, works: pd.DataFrame, authors: pd.DataFrame) -> dict[str, Sequence[Any]]:
    labels = results.dataset.province.lists.labels
    names = results.evidence.staff.drop_duplicates(["unit", "person"]).set_index(["unit", "person"])["ho_ten"]
    known = names.reindex(pd.MultiIndex.from_frame(authors[["unit", "person"]]))
    told: dict[tuple[str, Any], list[str]] = defaultdict(list)
    for unit, code, name, written, share in zip(
        authors["unit"], authors["ma_sk"], plain(known), plain(authors["tac_gia"]), plain(authors["ty_le"]), strict=True
    ):
        who = name or written or "(chưa ghi)"
        told[unit, code].append(who if share is None else f"{who} ({share:g} %)".replace(".", ","))
    return {
        "stt": range(1, len(works) + 1),
        "ma": unit_links(works["unit"]),
        "ten": plain(works["ten"]),
        "hinh_thuc": labelled(works["hinh_thuc"], labels["HINH_THUC_SK"]),
        "tac_gia": ["; ".join(told[key]) for key in zip(works["unit"], works["ma_sk"], strict=True)],
        "n1": plain(works["ngay_ap_dung"]),
        "n2": plain(works["ngay_de_nghi"]),
        "n3": plain(works["ngay_qd"]),
        "so_qd": plain(works["so_qd"]),
        "cap": labelled(works["cap_cong_nhan"], labels["CAP_SK"]),
        "pham_vi": plain(works["pham_vi"]),
        "hieu_qua": plain(works["hieu_qua_so"]),
    }
