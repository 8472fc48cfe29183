"""SO_SANH_LAN_CHAY: points, ranks and findings against the last run, and what the council wrote that no longer fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.last_run import Before
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.carried import Carried, Held
from pipeline.workbook.finding_keys import finding_keys
from pipeline.workbook.nominated import Nominations, Part
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.rank_changes import write_ranks
from pipeline.workbook.table import Cell, Field

PLAN = SheetPlan(
    "SO_SANH_LAN_CHAY",
    Group.TECHNICAL,
    "So với lần chạy trước",
    "từ lần chạy trước điểm, hạng nào đổi, điều gì mới, đã hết, ý kiến nào của Hội đồng không còn khớp?",
    late=True,
)
NEW, STILL, NOTHING_BEFORE = "mới", "còn", "–"
_NO_BEFORE = "Chưa có lần chạy trước trong thư mục kết quả này nên chưa so sánh được phát hiện."
_NOTE = "So phát hiện theo nội dung, người và cột, không theo số dòng: đơn vị gửi lại tệp đã xếp lại thì vẫn là «còn»."
_UNIT_FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 9, "link_centre"),
    Field("ten", "Đơn vị", 34),
    Field("truoc", "Dòng phát hiện lần trước", 16, "count"),
    Field("nay", "Dòng phát hiện nay", 22, "count"),
    Field("moi", "Mới", 14, "count_strong"),
    Field("het", "Đã hết", 40, "count_strong"),
)
_GONE_FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma_don_vi", "Mã ĐV", 9, "centre"),
    Field("mo_ta", "Đã hết", 34),
    Field("muc", "Mức", 16),
    Field("doi_tuong", "Đối tượng", 22),
    Field("ma", "Mã", 14, "centre"),
)
_OPINION_FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("dong", "Dòng cũ", 9, "index"),
    Field("ve", "Về", 34),
    Field("trang", "Trang", 16),
    Field("noi_dung", "Hội đồng đã ghi", 22),
    Field("o", "Ô", 14, "centre"),
    Field("vi_sao", "Vì sao phải xem lại", 40),
)
_WIDTHS = [item.width for item in _UNIT_FIELDS]


def marks_of(keys: Sequence[str], before: Before | None) -> list[str]:
    """`mới` or `còn` for each line of findings; a dash where no run came before."""
    if before is None:
        return [NOTHING_BEFORE] * len(keys)
    return [STILL if key in before.lines else NEW for key in keys]


def write(page: Page, results: Results) -> None:
    """Write units, findings that are gone, and opinions that need another look."""
    before, carried = page.book.before, page.book.carried
    page.head(_WIDTHS, _NOTE if before else _NO_BEFORE, _carried_note(carried), mixed=True)
    write_ranks(page, results, before.ranks if before else None)
    if before is not None:
        _findings(page, results, before)
    _opinions(page, results, carried)


def _carried_note(carried: Carried) -> str:
    if not carried.sha256:
        return "Lần chạy này không chuyển ý kiến từ bản đã ghi nào sang."
    left = sum(1 for _ in carried.left())
    return f"Đã chuyển ý kiến của {len(carried.used)} dòng từ {carried.name}; {left} dòng không còn chỗ, xem dưới."


def _findings(page: Page, results: Results, before: Before) -> None:
    groups = results.groups
    keys = finding_keys(groups, page.book.shared(Nominations).rows)
    known = set(keys)
    gone = [line for key, line in before.lines.items() if key not in known]
    units = [str(code) for code in results.dataset.province.expected().index]
    names = results.dataset.province.units["ten_don_vi"].to_dict()
    now, new = Counter(g.first.unit for g in groups), Counter(
        g.first.unit for g, mark in zip(groups, marks_of(keys, before), strict=True) if mark == NEW
    )  # fmt: skip
    then, ended = Counter(line.unit for line in before.lines.values()), Counter(line.unit for line in gone)
    rest = sorted({*now, *then} - set(units))
    every = [*units, *rest]
    page.part(f"II. Phát hiện theo đơn vị: {decimal(sum(new.values()))} dòng mới, {decimal(len(gone))} dòng đã hết")
    page.table(
        _UNIT_FIELDS,
        {
            "stt": range(1, len(every) + 1),
            "ma": [Cell(u, link=("unit", u)) if u in names else u or "–" for u in every],
            "ten": [names.get(u, "(toàn tỉnh, chưa rõ đơn vị)") for u in every],
            "truoc": [then[u] for u in every],
            "nay": [now[u] for u in every],
            "moi": [new[u] for u in every],
            "het": [ended[u] for u in every],
        },
    )
    shown = gone[:LONG_LIST]
    cut = f", chỉ hiện {decimal(len(shown))}" if len(shown) < len(gone) else ""
    page.part(f"III. Phát hiện đã hết: {decimal(len(gone))}{cut}")
    page.table(
        _GONE_FIELDS,
        {
            "stt": range(1, len(shown) + 1),
            "ma_don_vi": [line.unit or "–" for line in shown],
            "mo_ta": [line.what for line in shown],
            "muc": [line.severity for line in shown],
            "doi_tuong": [line.subject or None for line in shown],
            "ma": [Cell(line.code, link=("rule", line.code)) for line in shown],
        },
    )


def _opinions(page: Page, results: Results, carried: Carried) -> None:
    items = [item for both in page.book.shared(Nominations).everything for item in both]
    facts = NominationKeys(page.book.shared(Nominations)).facts(items)
    left = [(held, _why_gone(held, facts, Awards(results))) for held in carried.left() if held.cells]
    doubtful = [(held, why) for held, new in carried.placed if held.cells and (why := _changed(held.facts, new))]
    page.part(f"IV. Ý kiến không còn chỗ: {len(left)}")
    page.table(_OPINION_FIELDS, _opinion_columns(left))
    page.part(f"V. Ý kiến đã chuyển nhưng dòng đã khác: {len(doubtful)}")
    page.table(_OPINION_FIELDS, _opinion_columns(doubtful))
    page.part(f"VI. Chỗ không đọc được hoặc bị sửa ở bản đã ghi: {len(carried.told)}")
    page.table(
        _OPINION_FIELDS,
        {
            "stt": range(1, len(carried.told) + 1),
            "trang": [sheet for _, sheet, _, _ in carried.told],
            "o": [cell for _, _, cell, _ in carried.told],
            "ve": [Cell(code, "centre", ("rule", code)) for code, *_ in carried.told],
            "vi_sao": [words for *_, words in carried.told],
        },
    )


def _opinion_columns(rows: Sequence[tuple[Held, str]]) -> dict[str, Sequence[Any]]:
    return {
        "stt": range(1, len(rows) + 1),
        "trang": [held.sheet for held, _ in rows],
        "dong": [held.row for held, _ in rows],
        "ve": [held.words for held, _ in rows],
        "noi_dung": ["; ".join(_said(value) for value in held.cells.values()) for held, _ in rows],
        "vi_sao": [why for _, why in rows],
    }


def _said(value: object) -> str:
    return (
        decimal(value)
        if isinstance(value, int | float)
        else f"{value:%d/%m/%Y}"
        if hasattr(value, "year")
        else str(value)
    )


def _why_gone(held: Held, facts: Sequence[Mapping[str, Any]], awards: Awards) -> str:
    """Why a row has no place: another award for the same one, or nothing of it is left."""
    old = held.facts
    if not old.get("loai"):
        return "Dòng này không còn ở lần chạy nay. Ghi lại ở dòng khác nếu vẫn cần."
    same = [new for new in facts if all(new[name] == old[name] for name in ("loai", "don_vi", "ma"))]
    if same:
        now = "; ".join(dict.fromkeys(awards.full(new["danh_hieu"], new["hinh_thuc"]) for new in same))
        was = awards.full(old["danh_hieu"], old["hinh_thuc"])
        return f"Không còn đề nghị «{was}»; nay đơn vị ghi: {now}. Kết luận lại ở dòng mới."
    return "Đề nghị này không còn trong tệp được tính của đơn vị. Hỏi đơn vị nếu không rút."


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What else is told of a row than when the council wrote; empty where nothing that matters is."""
    said = []
    if old.get("phan") and new.get("phan") and old["phan"] != new["phan"]:
        said.append(f"trước: {Part[old['phan']].short}; nay: {Part[new['phan']].short}")
    if old.get("ten") and new.get("ten") and old["ten"] != new["ten"]:
        said.append(f"tên trước: {old['ten']}; nay: {new['ten']}")
    if "tong" in old and (old["tong"], old.get("nguong")) != (new.get("tong"), new.get("nguong")):
        said.append("tổng số thành viên hoặc ngưỡng phiếu đã đổi")
    return f"{'. '.join(said)}. Xem lại kết luận." if said else ""
