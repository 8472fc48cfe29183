"""`tdkt rotation`: the rotation test on plain tables, for an office that has only an old list."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline import outputs
from pipeline.plain_csv import write_csv
from pipeline.raw_table import Fault, read_raw
from pipeline.refusals import CannotRun
from pipeline.rotation.judging import Judgement, Judgements, judge
from pipeline.rotation.levels import WORDS
from pipeline.rotation.listing import plainly, write_listing
from pipeline.rotation.plain_table import WrongTable, read_tables
from pipeline.rotation.series import Floats, Series
from pipeline.rotation.turn_votes import votes_follow_turn
from pipeline.rotation.wording import frequency
from pipeline.vietnamese import decimal

LISTING, FAULTS = "luan-phien.csv", "luan-phien-loi.csv"
FAULT_COLUMNS = ("tep", "dong", "cot", "mo_ta", "cach_sua", "khong_tinh", "trang_tinh", "gia_tri")
#: Faults that the terminal shows; the file has all.
_MOST_SHOWN = 15
_TURN = 0.05


@dataclass(frozen=True)
class TableReport:
    """What was found in tables, and what the command says at its end."""

    judgements: Judgements
    faults: tuple[Fault, ...]
    rows: int
    written: tuple[Path, ...]

    def lines(self) -> list[str]:
        """The closing summary; no person is named."""
        levels = Counter(judgement.level for judgement in self.judgements.of)
        left_out = sum(fault.left_out for fault in self.faults)
        said = [
            f"Đọc {decimal(self.rows)} dòng, không tính {decimal(left_out)}; {len(self.judgements.of)} dãy (đơn vị × "
            f"danh hiệu).",
            " · ".join(f"{words}: {levels[level]}" for level, words in WORDS.items()),
        ]
        said += [str(fault) for fault in self.faults[:_MOST_SHOWN]]
        if len(self.faults) > _MOST_SHOWN:
            said.append(f"… và {len(self.faults) - _MOST_SHOWN} điều khác trong {FAULTS}.")
        said.append("Dấu hiệu là câu hỏi cho đơn vị, không phải kết luận.")
        return [*said, *(f"Đã ghi: {path}" for path in self.written)]


def judge_tables(paths: Sequence[Path], output: Path) -> TableReport:
    """Read tables, judge them together, write `luan-phien.csv` and, if anything was wrong, `luan-phien-loi.csv`.

    Where no row can be read, only the latter is written.

    Raises:
        CannotRun: a table cannot be read at all or stands where a result would, or nothing can be written.
    """
    _keep_inputs(paths, output)
    try:
        tables = read_tables([read_raw(path) for path in paths])
    except WrongTable as wrong:
        raise CannotRun(str(wrong)) from None
    if not tables.faults and not tables.series:
        raise CannotRun("Bảng chỉ có dòng tên cột, không có dòng nào để đọc. Điền bảng rồi chạy lại.")
    outputs.prepare(output)
    if not tables.series:
        outputs.write_whole(output / FAULTS, lambda file: _write_faults(file, tables.faults))
        raise CannotRun(
            f"Không có dòng nào đọc được; mọi điều sai ghi ở {output / FAULTS}, {LISTING} không được ghi lại. "
            f"{tables.faults[0]}"
        )
    judged = judge(tables.series, workers=os.cpu_count() or 1)
    told = {(s.unit, s.title): (s, share) for s, share in zip(tables.series, tables.shares, strict=True)}

    def explain(judgement: Judgement) -> str:
        if judgement.prepared.lacking:
            return plainly(judgement)
        share = _shares_of(judgement.series, told)
        p = votes_follow_turn(share, judgement.prepared)
        if p is None or p > _TURN:
            return plainly(judgement)
        return f"{plainly(judgement)} Số phiếu cũng nghiêng về người chờ lâu (tình cờ như vậy: {frequency(p)})."

    written = [output / LISTING]
    with outputs.Staging() as stage:
        stage.write(written[0], lambda file: write_listing(file, judged, explain))
        if tables.faults:
            written.append(output / FAULTS)
            stage.write(written[1], lambda file: _write_faults(file, tables.faults))
        else:
            stage.remove(output / FAULTS)
        stage.publish()
    return TableReport(judged, tuple(tables.faults), tables.rows, tuple(written))


def _shares_of(read: Series, told: Mapping[tuple[str, str], tuple[Series, Floats]]) -> Floats:
    """(T, n) part of the votes beside a series as it was read: its latest years, or one team of a large unit."""
    unit = read.unit if (read.unit, read.title) in told else read.unit.rpartition("/")[0]
    whole, share = told[unit, read.title]
    start = read.years[0] - whole.years[0]
    place = {person: number for number, person in enumerate(whole.persons)}
    return share[start : start + len(read.years), [place[person] for person in read.persons]]


def _keep_inputs(paths: Sequence[Path], output: Path) -> None:
    """Refuse to write over what is to be read, under whatever name it is given.

    Raises:
        CannotRun: a table is the file that a result would replace.
    """
    for path in paths:
        for place in (output / LISTING, output / FAULTS):
            with contextlib.suppress(OSError):
                if path.samefile(place):
                    raise CannotRun(
                        f"{path.name} nằm đúng chỗ sẽ ghi kết quả {place.name} và sẽ bị ghi đè. "
                        "Chọn thư mục khác bằng -o, hoặc đổi tên bảng."
                    )


def _write_faults(file: BinaryIO, faults: Sequence[Fault]) -> None:
    write_csv(file, FAULT_COLUMNS, map(_fault_row, faults))


def _fault_row(fault: Fault) -> list[str]:
    row = str(fault.row or "")
    return [fault.file, row, fault.column, fault.what, fault.fix, "x" * bool(fault.left_out), fault.sheet, fault.value]
