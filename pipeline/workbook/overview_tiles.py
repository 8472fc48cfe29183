"""The eight tiles of TONG_QUAN: one number each, what it counts, and what to know beside it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.checks import breakthrough
from pipeline.dataset import PERSON, UNIT
from pipeline.evidence.movements import FINAL, LAUNCH, MIDTERM, steps_of
from pipeline.results import Results
from pipeline.rotation.levels import CLEAR, LOOK, UNKNOWN
from pipeline.rotation.of_province import rotation_of
from pipeline.submissions import Status
from pipeline.vietnamese import decimal
from pipeline.workbook import collectives, persons, submission_board
from pipeline.workbook.book import Book
from pipeline.workbook.nominated import PROPOSED, Nomination, Nominations, Part, different
from pipeline.workbook.series import frame_rows
from pipeline.workbook.table import Cell

DIRECT = "TRUC_TIEP"
#: The four stages of an exemplar, as DIEN_HINH dates them.
STAGES = ("ngay_phat_hien", "ngay_boi_duong", "ngay_tong_ket", "ngay_nhan_rong")
NOT_KNOWN = "–"


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the overview, what it counts, and what to know beside it."""

    value: Cell
    label: str
    note: str


def tiles_of(book: Book, results: Results) -> list[Tile]:
    """The tiles, from left to right and from top to bottom."""
    groups, people = book.shared(Nominations).everything
    return [
        _on_time(book, results),
        _at_once(results),
        _nominations(book, groups, people),
        _direct(results, people),
        _turns(results),
        _movements(results),
        _exemplars(results),
        _breakthroughs(results),
    ]


def _on_time(book: Book, results: Results) -> Tile:
    board, placed = results.board, book.tables[submission_board.PLAN.name][0]
    on_time = sum(submission_board.punctuality(s) == submission_board.ON_TIME for s in board)
    late = sum(bool(s.delay) for s in board)
    away = ", ".join(s.code for s in board if s.counted is None)
    return Tile(
        Cell(on_time, formula=f'=COUNTIF({placed.range("thoi_han")},"{submission_board.ON_TIME}")'),
        "đơn vị nộp đúng hạn",
        f"trên {len(board)} phải nộp; {late} muộn" + (f"; chưa có: {_short(away)}" if away else ""),
    )


def _short(names: str, most: int = 24) -> str:
    return names if len(names) <= most else names[: most - 1].rsplit(",", 1)[0] + ", …"


def _at_once(results: Results) -> Tile:
    """Units whose only file needs nothing mended."""
    sent = [state for state in results.board if state.files]
    good = sum(state.status is Status.ACCEPTED and state.files == 1 for state in sent)
    again = sum(state.files > 1 for state in sent)
    note = f"trên {len(sent)} đơn vị đã gửi; {again} đơn vị gửi hơn một tệp"
    return Tile(Cell(good), "hồ sơ đủ ngay lần đầu", note)


def _nominations(book: Book, groups: list[Nomination], people: list[Nomination]) -> Tile:
    """All nominations, counted on both lists, and of how many persons and collectives they are."""
    tables = [t for sheet in (collectives, persons) for t in book.tables[sheet.PLAN.name][: len(PROPOSED)]]
    proposed = [[item for item in items if item.part in PROPOSED] for items in (groups, people)]
    open_ = sum(item.part is not Part.CLEAR for items in proposed for item in items)
    note = f"cho {different(proposed[0])} tập thể, {different(proposed[1])} người; {open_} còn vướng"
    formula = "=" + "+".join(f"COUNT({table.range('stt')})" for table in tables)
    return Tile(Cell(sum(map(len, proposed)), formula=formula), "đề nghị", note)


def _direct(results: Results, items: list[Nomination]) -> Tile:
    """Share of direct workers, counted by person: among those nominated and among all staff."""
    staff = {(u, p): g for u, p, g in frame_rows(results.dataset.frames["NHAN_SU"], UNIT, PERSON, "nhom_doi_tuong")}
    chosen = {(i.unit, i.person) for i in items if i.proposed and (i.unit, i.person) in staff}
    direct = sum(staff[key] == DIRECT for key in chosen)
    among_all = sum(group == DIRECT for group in staff.values()) / len(staff) if staff else 0
    note = f"{direct}/{len(chosen)} người; trong mọi người đã khai: {decimal(100 * among_all, 1)} %"
    value = Cell(direct / len(chosen), "tile_percent") if chosen else Cell(NOT_KNOWN)
    return Tile(value, "người được đề nghị là trực tiếp công tác", note)


def _turns(results: Results) -> Tile:
    levels: dict[str, set[str]] = {}
    for told, judgement in rotation_of(results.evidence):
        levels.setdefault(judgement.level, set()).add(told.unit or told.series.unit)
    clear, look = levels.get(CLEAR, set()), levels.get(LOOK, set()) - levels.get(CLEAR, set())
    unknown = len(levels.get(UNKNOWN, set()))
    note = f"{len(clear)} rõ, {len(look)} cần xem; {unknown} có dãy chưa đủ dữ liệu"
    return Tile(Cell(len(clear | look), "", ("sheet", "LUAN_PHIEN")), "nơi có dấu hiệu luân phiên", note)


def _movements(results: Results) -> Tile:
    steps = steps_of(results.evidence)
    launched = steps[steps[LAUNCH].notna()]
    done = launched[MIDTERM].notna() | launched[FINAL].notna()
    final = int(launched[FINAL].notna().sum())
    return _share(
        int(done.sum()), len(launched), "phong trào đã sơ kết, tổng kết",
        f"đơn vị × phong trào đã phát động; {final} đã tổng kết", "PHONG_TRAO",
    )  # fmt: skip


def _exemplars(results: Results) -> Tile:
    rows = results.evidence.frame("DIEN_HINH")
    dated = rows[list(STAGES)].notna()
    note = f"điển hình; {int(dated[STAGES[-1]].sum())} đã nhân rộng"
    return _share(int(dated.all(axis=1).sum()), len(rows), "điển hình đủ bốn khâu", note, "DIEN_HINH_SK")


def _breakthroughs(results: Results) -> Tile:
    rows = breakthrough.targets_of(results.evidence)
    rows = rows[(rows["loai"] == "DOT_PHA") & rows["happened"]]
    known = rows["reached"].notna()
    note = f"khâu đột phá; {int((~known).sum())} chưa rõ kết quả"
    return _share(int(rows["reached"].eq(True).sum()), len(rows), "khâu đột phá đạt", note, "DOT_PHA")


def _share(part: int, whole: int, label: str, note: str, sheet: str) -> Tile:
    """A number out of so many; a dash where there is nothing to count."""
    value = Cell(part, "", ("sheet", sheet)) if whole else Cell(NOT_KNOWN)
    return Tile(value, label, f"trên {whole} {note}")
