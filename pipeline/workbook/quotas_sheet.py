"""HAN_MUC: every quota with its base, every way of rounding, what is allowed and what is proposed.

What a pocket calculator would do stands as live formulas, so that the council can follow each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.checks import quotas
from pipeline.evidence import Evidence
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.marks import severity_role, severity_text
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field, council_field
from schemas.rules import register

PLAN = SheetPlan(
    "HAN_MUC",
    Group.TOPICS,
    "Hạn mức và các cách làm tròn",
    "mỗi hạn mức tính trên nền nào, làm tròn thế nào, được bao nhiêu, đã đề nghị bao nhiêu?",
    wide=True,
)

FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("pham_vi", "Phạm vi", 11),
    Field("noi", "Khối, đơn vị, nhóm", 28),
    Field("nen", "Nền", 8, "count"),
    Field("tinh", "Tỷ lệ × nền", 10, "number"),
    Field("xuong", "Làm tròn xuống", 9, "count"),
    Field("gan_nhat", "Làm tròn gần nhất", 9, "count"),
    Field("cong_xuong", "Cộng các dòng dưới, mỗi dòng làm tròn xuống", 13, "count"),
    Field("cong_gan", "Cộng các dòng dưới, mỗi dòng làm tròn gần nhất", 13, "count"),
    Field("so_du", "Chia suất theo số dư lớn nhất", 11, "count"),
    Field("cho_phep", "Được phép", 9, "count_strong"),
    Field("de_nghi", "Đã có", 8, "count_strong"),
    Field("con", "Còn (+), vượt (−)", 9, "integer"),
    Field("ket_luan", "Kết luận", 34),
    council_field(18),
)
SCOPES = {quotas.PROVINCE: "Toàn tỉnh", quotas.BLOCK: "Khối", quotas.UNIT: "Đơn vị"}
NOT_SENT = "Chưa có hồ sơ được tính"


def write(page: Page, results: Results) -> None:
    """Write one part a quota."""
    case = results.evidence
    away = quotas.missing_units(case)
    missing = f"Chưa có hồ sơ: {', '.join(away[:12])}{'…' if len(away) > 12 else ''}." if away else ""
    page.head(
        [item.width for item in FIELDS],
        "Hạn mức nói về cả danh sách, không tự dừng đề nghị nào.",
        "«Chia suất theo số dư lớn nhất»: gộp nền của cấp trên, làm tròn xuống, rồi chia cho các dòng có phần lẻ lớn "
        f"nhất. Đếm đề nghị như đơn vị gửi, kể cả dòng còn vướng lỗi khác. {missing}".strip(),
        mixed=True,
    )
    table = quotas.quota_table(case)
    for quota in quotas.QUOTAS:
        if _part(page, results, quota.code):
            _shares(page, results, table[table["code"] == quota.code])
    if _part(page, results, "HM-03"):
        _ratings(page, results)
    if _part(page, results, "HM-04"):
        _flags(page, results)


def _part(page: Page, results: Results, code: str) -> bool:
    """Head of one quota: its number, source and how sure that is; false when it is not in force."""
    rule = results.rules.rules.get(code)
    if rule is None:
        page.part(f"{code} {register()[code].title}: không xét ở kỳ này, chưa thấy quy định có hiệu lực")
        return False
    share = rule.parameters.get("ty_le")
    most = f"tối đa {quotas.percent(share.value)}; " if share and isinstance(share.value, float) else ""
    words = rule.sentence("over")
    page.part(f"{code} {rule.title}: {most}{words.source} – {words.source_status}")
    return True


def _calculated(page: Page, share: float, exact: Sequence[float]) -> dict[str, list[Cell]]:
    """Share × base and both roundings as formulas on the cells to their left."""
    first = page.row + 2  # the header stands at page.row, rows are counted from 1
    number = repr(share)
    return {
        "tinh": [Cell(x, formula=f"=ROUND(D{r}*{number},9)") for r, x in enumerate(exact, first)],
        "xuong": [Cell(int(x), formula=f"=ROUNDDOWN(E{r},0)") for r, x in enumerate(exact, first)],
        "gan_nhat": [Cell(int(x + 0.5), formula=f"=ROUND(E{r},0)") for r, x in enumerate(exact, first)],
    }


def _difference(page: Page, allowed: Sequence[float], used: Sequence[float]) -> list[Cell]:
    first = page.row + 2
    return [Cell(a - u, formula=f"=K{r}-L{r}") for r, (a, u) in enumerate(zip(allowed, used, strict=True), first)]


def _allowed(page: Page, values: Sequence[float], column: str, least: float) -> list[Cell]:
    return [Cell(v, formula=f"=MAX({column}{r},{least:g})") for r, v in enumerate(values, page.row + 2)]


def _shares(page: Page, results: Results, table: pd.DataFrame) -> None:
    if table.empty:
        page.table(FIELDS, {})
        return
    rules, code = results.rules, str(table["code"].iloc[0])
    way = rules.word(code, "cach_lam_tron")
    column = {quotas.NEAREST: "G", quotas.LARGEST: "J"}.get(way, "F")
    rows = table.to_dict("records")
    counted = results.evidence.units["counted"]
    columns: dict[str, Sequence[Any]] = {
        "stt": range(1, len(rows) + 1),
        "pham_vi": [SCOPES[r["scope"]] for r in rows],
        "noi": [_place(r) for r in rows],
        "nen": [r["base"] for r in rows],
        "cong_xuong": [r["sum_floor"] for r in rows],
        "cong_gan": [r["sum_round"] for r in rows],
        "so_du": [r["largest"] for r in rows],
        "cho_phep": _allowed(page, [r["allowed"] for r in rows], column, rules.number(code, "it_nhat")),
        "de_nghi": [r["used"] for r in rows],
        "con": _difference(page, [r["allowed"] for r in rows], [r["used"] for r in rows]),
        "ket_luan": [_verdict(results, code, r, counted) for r in rows],
    }
    share = rules.number(code, "ty_le")
    columns |= _calculated(page, share, [r["exact"] for r in rows])
    page.table(FIELDS, columns)


def _place(row: dict[Any, Any]) -> str | Cell | None:
    if row["scope"] == quotas.UNIT:
        return Cell(str(row["key"]), "link", ("unit", str(row["key"])))
    return (row["key"] or "(chưa ghi khối)") if row["scope"] == quotas.BLOCK else None


def _verdict(results: Results, code: str, row: dict[Any, Any], counted: pd.Series) -> str | Cell:
    over = row["used"] - row["allowed"]
    if row["state"] == quotas.OVER:
        return _over(results, code, over)
    if row["state"] == quotas.UNSURE:
        return Cell(f"? Chưa kết luận: chờ {row['missing']} đơn vị chưa có hồ sơ", "severity_NOT_JUDGED")
    waiting = f", tính đến nay; còn {row['missing']} đơn vị chưa có hồ sơ" if row["missing"] else ""
    if row["state"] == quotas.WITHIN:
        return f"✓ Trong mức{waiting}"
    if row["scope"] == quotas.UNIT and not counted[row["key"]]:
        return NOT_SENT
    beyond = f": nhiều hơn {decimal(over)} nếu tính riêng ở đây" if over > 0 else ""
    return f"Để tham khảo{beyond}"


def _over(results: Results, code: str, over: float) -> Cell:
    severity = results.rules.rules[code].sentence("over").severity
    return Cell(f"{severity_text(severity)}: vượt {decimal(over)}", severity_role(severity))


def _ratings(page: Page, results: Results) -> None:
    """Every expected unit, and those of its groups that are over."""
    case = results.evidence
    table = quotas.rating_table(case)
    table = table[(table["group"] == "") | (table["used"] > table["allowed"])]
    silent = case.units.index[~case.units.index.isin(table["unit"])]
    order = {unit: number for number, unit in enumerate(case.units.index)}
    table = pd.concat([table, pd.DataFrame({"unit": silent, "group": ""})], ignore_index=True)
    table = table.assign(at=table["unit"].map(order)).sort_values(["at", "group"])
    numbers = ["used", "base", "unknown", "exact", "allowed", "most"]
    rules = results.rules
    table["allowed"] = table["allowed"].fillna(rules.number("HM-03", "it_nhat"))
    rows = table.assign(**table[numbers].fillna(0)).to_dict("records")
    columns: dict[str, Sequence[Any]] = {
        "stt": range(1, len(rows) + 1),
        "pham_vi": ["Nhóm" if r["group"] else "Đơn vị" for r in rows],
        "noi": [_group(case, r) for r in rows],
        "nen": [r["base"] for r in rows],
        "cho_phep": _allowed(page, [r["allowed"] for r in rows], "F", rules.number("HM-03", "it_nhat")),
        "de_nghi": [r["used"] for r in rows],
        "con": _difference(page, [r["allowed"] for r in rows], [r["used"] for r in rows]),
        "ket_luan": [_rated(results, r, bool(case.units["counted"].get(r["unit"], False))) for r in rows],
    }
    share = rules.number("HM-03", "ty_le")
    page.table(FIELDS, columns | _calculated(page, share, [r["exact"] for r in rows]))


def _group(case: Evidence, row: dict[Any, Any]) -> Cell:
    name = f"{row['unit']}: {case.label('NHOM_DOI_TUONG', row['group'])}" if row["group"] else str(row["unit"])
    return Cell(name, "link", ("unit", str(row["unit"])))


def _rated(results: Results, row: dict[Any, Any], counted: bool) -> str | Cell:
    if not counted:
        return NOT_SENT
    if row["used"] <= row["allowed"]:
        return "✓ Trong mức"
    if row["used"] > row["most"]:
        return _over(results, "HM-03", row["used"] - row["allowed"])
    return Cell(f"? Chưa kết luận: {row['unknown']:.0f} người chưa xếp loại", "severity_NOT_JUDGED")


def _flags(page: Page, results: Results) -> None:
    """Every block, with each flag that somebody of it is proposed for; without flags one row says so."""
    case = results.evidence
    table = quotas.flag_table(case)
    none = [block for block in case.units["block"].dropna().unique() if block not in set(table["block"])]
    rows = table.to_dict("records") + [{"block": b, "award": "", "used": 0, "allowed": None, "units": ""} for b in none]
    columns: dict[str, Sequence[Any]] = {
        "stt": range(1, len(rows) + 1),
        "pham_vi": ["Khối" for _ in rows],
        "noi": [
            f"{r['block'] or '(chưa ghi khối)'}: {case.titles['name'].get(r['award'], 'chưa có Cờ')}" for r in rows
        ],
        "cho_phep": [r["allowed"] for r in rows],
        "de_nghi": [r["used"] for r in rows],
        "con": [None if r["allowed"] is None else r["allowed"] - r["used"] for r in rows],
        "ket_luan": [_flagged(results, r) for r in rows],
    }
    page.table(FIELDS, columns)


def _flagged(results: Results, row: dict[Any, Any]) -> str | Cell:
    if not row["award"]:
        return "✓ Không đề nghị Cờ nào"
    if not row["block"]:
        return Cell(f"? {row['units']} chưa ghi khối", "severity_NOT_JUDGED")
    over = row["used"] - row["allowed"]
    if over <= 0:
        return f"✓ Trong mức ({row['units']})"
    cell = _over(results, "HM-04", over)
    return Cell(f"{cell.value} ({row['units']})", cell.role)
