"""XEP_LOAI_LIEN_THONG: ratings of unit, party organisation, members and mass organisations beside the proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.checks import ratings
from pipeline.checks.coordination import ORGANISATIONS
from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.workbook.awards import Awards
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import labelled, plain
from pipeline.workbook.table import Cell, Field, council_field
from pipeline.workbook.topics import NO_PAGE_NOTE, UNIT_FIELDS, UnitLines, unit_link
from pipeline.workbook.verdicts import State, Verdicts

PLAN = SheetPlan(
    "XEP_LOAI_LIEN_THONG",
    Group.TOPICS,
    "Xếp loại đảng, đơn vị, đoàn thể so với đề nghị",
    "xếp loại của đơn vị, tổ chức đảng, đảng viên, đoàn thể có khớp nhau và khớp với đề nghị không?",
)
CODES = ("XL-01", "XL-02", "XL-03", "XL-04")
LEGEND = (
    "HTXSNV, HTTNV, HTNV, KHTNV: hoàn thành xuất sắc, hoàn thành tốt, hoàn thành, không hoàn thành nhiệm vụ. "
    "Lệch bậc: số dương là tổ chức đảng thấp hơn đơn vị. Đoàn thể để trống: đơn vị không có tổ chức đó. "
    "Ô tô đậm có dấu ✗: có phát hiện."
)
_NOT_RATED = {ratings.NOT_RATED: "Chưa xếp loại"}
_HEADINGS = {
    "xep_loai_cong_doan": ("Công đoàn", 9.5),
    "xep_loai_doan_tn": ("Đoàn TN", 9),
    "xep_loai_phu_nu": ("Phụ nữ", 8.5),
    "xep_loai_ccb": ("Cựu chiến binh", 9.5),
}

FIELDS = (
    *UNIT_FIELDS,
    Field("ten", "Đơn vị", 22, "text_strong"),
    Field("danh_hieu", "Danh hiệu tập thể được đề nghị", 16),
    Field("don_vi", "Xếp loại đơn vị", 10.5, "centre"),
    Field("dang", "Xếp loại tổ chức đảng (XL-02)", 11.5, "centre"),
    Field("lech", "Lệch bậc (XL-01)", 8, "centre"),
    *(Field(column, f"{words} (XL-04)", width, "centre") for column, (words, width) in _HEADINGS.items()),
    Field("so_dv", "Đảng viên đã xếp loại", 9, "count"),
    Field("ty_le", "% đảng viên HTXSNV", 10, "percent"),
    Field("phat_hien", "Số phát hiện", 8, "count"),
    council_field(15),
)
PERSONS = (
    *UNIT_FIELDS,
    Field("ten", "Họ và tên", role="text_strong"),
    Field("danh_hieu", "Danh hiệu được đề nghị"),
    Field("xep_loai", "Xếp loại đảng viên"),
    Field("ma_dn", "Mã đề nghị", role="link_centre"),
)


def write(page: Page, results: Results) -> None:
    """Write one line a unit, then the persons whose rating in the party is low."""
    verdicts = page.book.shared(Verdicts)
    lines = UnitLines(results, verdicts)
    page.head([f.width for f in FIELDS], LEGEND, verdicts.summary(CODES), NO_PAGE_NOTE, mixed=True)
    page.part("I. Theo đơn vị")
    page.table(FIELDS, _columns(results, lines, verdicts))
    low = [f for f in verdicts.of("XL-03") if f.judged]
    page.part(f"II. Đảng viên xếp loại thấp được đề nghị danh hiệu trên Lao động tiên tiến (XL-03): {len(low)}")
    if low:
        page.table(PERSONS, _persons(low))


def _columns(results: Results, lines: UnitLines, verdicts: Verdicts) -> dict[str, list[Any]]:
    case = results.evidence
    forms, members = case.forms, ratings.member_ratings(case)
    marked = {(f.unit, f.column) for code in ("XL-02", "XL-04") for f in verdicts.of(code) if f.judged}
    apart = {f.unit for f in verdicts.of("XL-01") if f.judged}
    told = {
        name: dict(zip(forms.index.tolist(), labelled(forms[name], _NOT_RATED), strict=True))
        for name in ("xep_loai_don_vi", "xep_loai_tccsd", *ORGANISATIONS)
    }
    steps = ratings.steps_between(case).to_dict()

    def rated(name: str) -> list[Any]:
        return [_marked(told[name].get(s.code), (s.code, name) in marked) for s in lines.board]

    return lines.heads() | {
        "danh_hieu": _titles(results, lines),
        "don_vi": rated("xep_loai_don_vi"),
        "dang": rated("xep_loai_tccsd"),
        "lech": [_step(steps, s.code, s.code in apart) if s.counted else None for s in lines.board],
        **{column: rated(column) for column in ORGANISATIONS},
        "so_dv": lines.values(members["members"], "NHAN_SU"),
        "ty_le": lines.values(members["best"] / members["members"].where(members["members"] > 0), "NHAN_SU"),
        "phat_hien": lines.found(CODES),
    }


def _marked(text: str | None, found: bool) -> Any:
    return Cell(f"✗ {text}", "mark_NOT_MET") if found else text


def _step(steps: Mapping[Any, float], unit: str, found: bool) -> Any:
    value = steps.get(unit)
    if value is None or value != value:
        return State.UNKNOWN.cell
    return _marked(f"{value:+g}" if value else "0", found)


def _titles(results: Results, lines: UnitLines) -> list[str | None]:
    """Titles for which each unit proposes itself, in short."""
    rows, awards = results.evidence.proposed, Awards(results)
    rows = rows[(rows["kind"] == "TT") & rows["is_title"]].drop_duplicates(["unit", "award"])
    found: dict[str, list[str]] = {}
    for unit, award in zip(plain(rows["unit"]), plain(rows["award"]), strict=True):
        found.setdefault(unit, []).append(awards.short(award))
    return ["; ".join(found.get(s.code, ())) or None for s in lines.board]


def _persons(low: Sequence[Finding]) -> dict[str, Sequence[Any]]:
    return {
        "stt": range(1, len(low) + 1),
        "ma": [unit_link(f.unit) for f in low],
        "ten": [f.params.get("ten") for f in low],
        "danh_hieu": [f.params.get("danh_hieu") for f in low],
        "xep_loai": [f.params.get("xep_loai") for f in low],
        "ma_dn": [Cell(f.subject, link=("nomination", f"{f.unit} {f.subject}")) for f in low],
    }
