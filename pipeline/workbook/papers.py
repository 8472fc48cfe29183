"""HO_SO: which paper each proposal has, lacks, or does not need; how complete each unit's dossiers are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.checks.papers import KINDS, Papers, Standing, completeness, differing_dates, papers
from pipeline.results import Results
from pipeline.vietnamese import date_text
from pipeline.workbook.awards import Awards
from pipeline.workbook.meetings import unsent
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.series import plain
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.verdicts import State, Verdicts

PLAN = SheetPlan(
    "HO_SO",
    Group.TOPICS,
    "Thành phần hồ sơ của các đề nghị",
    "hồ sơ nào đã đủ giấy tờ, hồ sơ nào còn thiếu gì?",
    wide=True,
)

CODES = ("HS-01", "HS-02", "HS-03", "HS-04", "HS-07", "HS-08")
NO_ROWS = "Chưa khai dòng nào ở HO_SO"
_LEGEND = (
    "✓ có · (✓) không có dòng nhưng số, ngày đã ghi ở DON_VI · ✗ thiếu · ? chưa rõ · – không cần. "
    "% đủ = giấy tờ đã có trên giấy tờ phải có theo HS-01."
)
#: Kinds with a column of their own; the others are listed by name.
_SHOWN = ("TO_TRINH", "BIEN_BAN", "KIEM_PHIEU", "BAO_CAO_TT", "XN_SANG_KIEN", "QD_XEP_LOAI")
_HEADINGS = ("Tờ trình", "Biên bản họp", "Kiểm phiếu", "Báo cáo thành tích", "Chứng nhận sáng kiến", "QĐ xếp loại")
_OTHERS = tuple(kind for kind in KINDS if kind not in _SHOWN)
_FIELDS = (
    Field("stt", "STT", 6, "index"),
    Field("ma", "Mã ĐV", 8, "centre"),
    Field("ma_dn", "Mã đề nghị", 9, "centre"),
    Field("ten", "Họ tên, tập thể", 24, "text_strong"),
    Field("danh_hieu", "Danh hiệu, hình thức", 18),
    *(Field(kind, heading, 10, "centre") for kind, heading in zip(_SHOWN, _HEADINGS, strict=True)),
    Field("khac", "Giấy tờ khác đã có", 24),
    Field("so", "Báo cáo thành tích số", 16),
    Field("ngay_sai", "Ngày sai đầu tiên", 30),
    Field("ty_le", "% đủ", 9, "percent"),
)
_UNIT_FIELDS = (
    Field("stt", "STT", 6, "index"),
    Field("ma", "Mã ĐV", 8, "link_centre"),
    Field("de_nghi", "Số đề nghị", 9, "count"),
    Field("ten", "Đơn vị", 24, "text_strong"),
    Field("tinh_trang", "Tình trạng", 18),
    Field("du", "Hồ sơ đủ", 10, "count"),
    Field("thieu", "Hồ sơ thiếu", 10, "count_strong"),
    Field("chua_ro", "Chưa rõ", 10, "count"),
    Field("to_trinh_ngay", "Ngày tờ trình", 10, "date"),
    Field("bien_ban_ngay", "Ngày biên bản", 10, "date"),
    Field("thu_tu", "Ngày đúng thứ tự", 10, "centre"),
    Field("to_trinh", "Tờ trình số", 24),
    Field("bien_ban", "Biên bản số", 16),
    Field("hay_thieu", "Giấy tờ thiếu nhiều nhất", 30),
    Field("ty_le", "% giấy tờ đủ", 9, "percent"),
)
_CELLS = {
    Standing.THERE: Cell("✓", "centre"),
    Standing.STATED: Cell("(✓)", "centre"),
    Standing.MISSING: State.NOT_MET.cell,
    Standing.UNSAID: State.UNKNOWN.cell,
    Standing.OUTSIDE: State.OUTSIDE.cell,
}


def write(page: Page, results: Results) -> None:
    """Write the units, then every proposal."""
    verdicts = page.book.shared(Verdicts)
    page.head([item.width for item in _FIELDS], "", _LEGEND, verdicts.summary(CODES), mixed=True)
    case = results.evidence
    held = papers(case)
    rows = case.proposed
    standing = held.standing.reindex(rows.index)
    share = completeness(held).reindex(rows.index)
    units = case.units
    page.part(f"I. Tóm tắt của {len(units)} đơn vị")
    placed = page.table(_UNIT_FIELDS, _unit_columns(results, verdicts, standing, share))
    for number, code in enumerate(units.index):
        page.anchor("ho_so", str(code), placed.first + number)
    title = f"II. Giấy tờ của từng đề nghị: {len(rows)}"
    if len(rows) > LONG_LIST:
        odd = pd.MultiIndex.from_frame(differing_dates(case)[["unit", "code"]])
        doubtful = (share["there"] != share["asked"]) | pd.MultiIndex.from_frame(rows[["unit", "code"]]).isin(odd)
        rows, standing, share = rows[doubtful], standing[doubtful], share[doubtful]
        title += f"; chỉ hiện {len(rows)} đề nghị chưa đủ hoặc có ngày khác nhau"
    page.part(title)
    proposals = page.table(_FIELDS, _columns(results, rows, held, standing, share))
    # Rows to repeat begin to be printed after their own page: this heading fits all that follows.
    page.repeat_heading(proposals.header)


def _unit_columns(
    results: Results, verdicts: Verdicts, standing: pd.DataFrame, share: pd.DataFrame
) -> dict[str, Sequence[Any]]:
    case = results.evidence
    units, unit = case.units, case.proposed["unit"]
    forms = case.forms.reindex(units.index)
    missing = standing == Standing.MISSING
    lacking = missing.any(axis=1)
    full = (share["there"] == share["asked"]) & (share["asked"] > 0)

    def count(which: pd.Series) -> pd.Series:
        return which.groupby(unit).sum().reindex(units.index)

    sums = share.groupby(unit)[["there", "asked"]].sum().reindex(units.index)
    unclear = count(~full & ~lacking)
    worst = missing.groupby(unit).sum().reindex(units.index)
    proposals = unit.value_counts().reindex(units.index).fillna(0)
    declared = sums["asked"] > 0
    state = pd.Series("Đã khai", index=units.index, dtype="str")
    state = state.mask(~declared, NO_ROWS).mask(proposals == 0, "Không có đề nghị")
    waiting = unsent(results)
    rows = [int(row) if row == row else -1 for row in forms["row_id"].tolist()]
    return {
        "stt": range(1, len(units) + 1),
        "ma": [Cell(str(code), link=("unit", str(code))) for code in units.index],
        "de_nghi": plain(proposals.where(units["counted"])),
        "ten": plain(units["name"]),
        "tinh_trang": [waiting.get(str(code), words) for code, words in zip(units.index, state, strict=True)],
        "du": plain(count(full & ~lacking)),
        "thieu": plain(count(lacking)),
        "chua_ro": plain(unclear),
        "to_trinh_ngay": plain(forms["ngay_to_trinh"]),
        "bien_ban_ngay": plain(forms["ngay_bien_ban"]),
        "thu_tu": [verdicts.state("HS-02", row).cell for row in rows],
        "to_trinh": plain(forms["so_to_trinh"]),
        "bien_ban": plain(forms["so_bien_ban"]),
        "hay_thieu": _most_missing(results, worst),
        "ty_le": plain(sums["there"] / sums["asked"].where(declared)),
    }


def _most_missing(results: Results, counts: pd.DataFrame) -> list[str | None]:
    """Kind that most proposals of a unit lack, with their number; nothing where none lacks any."""
    labels = results.dataset.province.lists.labels["LOAI_GIAY"]
    most, kind = counts.max(axis=1).fillna(0).tolist(), counts.fillna(0).idxmax(axis=1).tolist()
    return [f"{labels.get(k, k)}: {n:.0f}" if n else None for n, k in zip(most, kind, strict=True)]


def _columns(
    results: Results, rows: pd.DataFrame, held: Papers, standing: pd.DataFrame, share: pd.DataFrame
) -> dict[str, Sequence[Any]]:
    names = Awards(results)
    short = {code: names.short(code) for code in rows["award"].dropna().unique()}
    # A unit without any row of HO_SO: what its proposals have is not known.
    marks = standing.fillna(str(Standing.UNSAID))
    reports = held.row["BAO_CAO_TT"].reindex(rows.index)
    numbers = results.evidence.frame("HO_SO")["so"].reindex(reports.fillna(-1).astype("int64"))
    columns: dict[str, Sequence[Any]] = {
        "stt": range(1, len(rows) + 1),
        "ma": plain(rows["unit"]),
        "ma_dn": plain(rows["code"]),
        "ten": plain(rows["name"]),
        "danh_hieu": plain(rows["award"].map(short)),
        "khac": _others(results, standing),
        "so": plain(numbers),
        "ngay_sai": _wrong_days(results, rows),
        "ty_le": plain(share["share"]),
    }
    for kind in _SHOWN:
        columns[kind] = [_CELLS[Standing(mark)] for mark in marks[kind].tolist()]
    return columns


def _others(results: Results, standing: pd.DataFrame) -> list[str | None]:
    labels = results.dataset.province.lists.labels["LOAI_GIAY"]
    text = pd.Series("", index=standing.index, dtype="str")
    for kind in _OTHERS:
        text = text + (standing[kind] == Standing.THERE).map({True: f"; {labels[kind]}", False: ""}).astype("str")
    return [words.removeprefix("; ") or None for words in text.tolist()]


def _wrong_days(results: Results, rows: pd.DataFrame) -> list[str | None]:
    """For each proposal the first paper whose day differs from that on DON_VI."""
    labels = results.dataset.province.lists.labels["LOAI_GIAY"]
    first = differing_dates(results.evidence).drop_duplicates(["unit", "code"])
    told = {
        (unit, code): f"{labels[kind]} {date_text(day.date())} (DON_VI: {date_text(stated.date())})"
        for unit, code, kind, day, stated in zip(
            first["unit"], first["code"], first["paper"], first["day"], first["stated"], strict=True
        )
    }
    return [told.get(key) for key in zip(rows["unit"].tolist(), rows["code"].tolist(), strict=True)]
