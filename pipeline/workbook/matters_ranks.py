"""Matters about ranks: who is considered, who has not sent or sent late, lines, disputed points, unsure order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.ranking.appraised import odd_scores, percent_without, raised_or_unexplained
from pipeline.ranking.gates import Decision, gates_of
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.order import TOP, top_places
from pipeline.ranking.tables import Status as RankStatus
from pipeline.ranking.what_if import Blocks, Change
from pipeline.ranking.wording import odd_words
from pipeline.results import Results, UnitState
from pipeline.submissions import Status
from pipeline.vietnamese import decimal
from pipeline.workbook.marks import no_file
from pipeline.workbook.matters import Basis, Kind, Matter, Option, basis_of, listed
from pipeline.workbook.nominated import Nomination
from schemas.rules import PRACTICE, UNVERIFIED

#: Units that have not sent, each in a row of its own up to so many; beyond, one row for all.
_MOST_AWAY = 5
_TOP_BAND = "nhóm xuất sắc"
_GATE_BASIS = Basis(
    "Điều kiện loại trừ trước khi xếp hạng, Thường trực ghi ở trang DIEU_KIEN_LOAI của cau-hinh.xlsx",
    f"{UNVERIFIED} ({PRACTICE})",
)


class RankMatters:
    """What must be decided about the ranks of a province."""

    def __init__(self, results: Results, items: Mapping[str, Sequence[Nomination]]) -> None:
        """Read the ranking of the run; `items` are the nominations of each unit."""
        self.results, self._items = results, items
        self.ranking = ranking_of(results.evidence)
        self.units = self.ranking.units
        self.blocks = Blocks(self.ranking)
        self.states = {state.code: state for state in results.board}

    def all(self) -> Iterator[Matter]:
        """Every matter."""
        yield from self._gates()
        yield from self._not_sent()
        yield from self._ceilings()
        if self.results.rules.has("XH-09"):
            yield from self._appraised()
        yield from self._late()
        yield from self._disputed()
        yield from self._order()

    @cached_property
    def _basis(self) -> Basis:
        return basis_of(self.results, ("XH-04",))

    def _gates(self) -> Iterator[Matter]:
        gates = gates_of(self.results.evidence)
        waiting = gates[(gates["decision"] == Decision.OPEN.value) & self.results.evidence.units["counted"]]
        for unit, reason in zip(waiting.index, waiting["reason"], strict=True):
            ranked = bool(self.units.at[unit, "ranked"])
            block = self._block(unit)
            now = self.blocks.now(block)
            if ranked:
                out, inside = (
                    self._told(self.blocks.without(block, {unit})),
                    f"Như hiện nay: hạng {now.ranks[unit]}/{now.of}.",
                )
            else:
                change = self.blocks.with_unit(unit)
                inside = "Chưa có điểm nên chưa xếp được hạng." if change is None else self._entered(unit, change)
                out = f"Như hiện nay: {unit} ngoài bảng xếp hạng; {block or 'khối'} có {now.of} đơn vị xếp hạng."
            yield Matter(
                Kind.GATE, unit, unit, f"{unit} · {self._name(unit)}", ("unit", unit),
                f"Có xét {unit} trong kỳ này không? {reason}.", _GATE_BASIS,
                Option("Không xét", f"{out} {self._nominations(unit)}", tuple(self._items.get(unit, ()))),
                Option("Vẫn xét", inside),
                float(self.states[unit].nominations),
            )  # fmt: skip

    def _entered(self, unit: str, change: Change) -> str:
        after = change.after
        return f"{unit} hạng {after.ranks[unit]}/{after.of}. {self._told(change, unit)}{self._together(unit)}"

    def _together(self, unit: str) -> str:
        """Ranks if all units of the block that wait were considered; empty where no other waits."""
        rows = self.units[(self.units["block"] == self._block(unit)) & (self.units["status"] == RankStatus.UNDECIDED)]
        waiting = [str(code) for code in rows.index[rows["percent"].notna()]]
        both = self.blocks.with_units(waiting) if len(waiting) > 1 else None
        if both is None:
            return ""
        told = listed(f"{code} {both.after.ranks[code]}/{both.after.of}" for code in waiting)
        return f" Nếu xét cả {len(waiting)} đơn vị đang chờ: {told}."

    def _told(self, change: Change, entered: str = "") -> str:
        """Who moves, and who enters or leaves the top band."""
        moved = change.moved
        words = listed((f"{unit} {old}→{new}" for unit, (old, new) in moved.items()), 4)
        text = f"Đổi hạng {len(moved)} đơn vị: {words}." if moved else "Không đơn vị nào khác đổi hạng."
        before, after = change.before, change.after
        places = f" Trần {_TOP_BAND} {before.ceiling}" + (
            f"→{after.ceiling}" if after.ceiling != before.ceiling else ""
        )
        entering = [unit for unit in change.entering if unit != entered]
        parts = [f"{entered} vào"] if entered and entered in change.entering else []
        parts += [f"{listed(entering)} vào"] if entering else []
        gone = [unit for unit in change.leaving if unit in after.ranks]
        parts += [f"{listed(gone)} ra"] if gone else []
        return f"{text}{places} đơn vị: {', '.join(parts) if parts else 'không ai vào, ra'}."

    def _nominations(self, unit: str) -> str:
        number = self.states[unit].nominations
        return f"{number} đề nghị của đơn vị chờ kết luận này." if number else ""

    def _not_sent(self) -> Iterator[Matter]:
        away = [state for state in self.results.board if state.counted is None]
        if len(away) > _MOST_AWAY:
            by_block: dict[str, list[UnitState]] = {}
            for state in away:
                by_block.setdefault(state.block, []).append(state)
            for block, states in by_block.items():
                subject = f"{len(states)} đơn vị: {listed(s.code for s in states)}"
                yield self._away(block, "", subject, ("sheet", "TINH_TRANG_NOP"), states)
            return
        for state in away:
            subject = f"{state.code} · {state.name}"
            yield self._away(state.block, state.code, subject, ("unit", state.code), [state])

    def _away(self, block: str, unit: str, subject: str, link: Any, states: list[UnitState]) -> Matter:
        now, number = self.blocks.now(block), len(states)
        ceiling = top_places(now.of + number, self.ranking.settings)
        why = no_file(states[0]) if number == 1 else "chưa có hồ sơ được tính"
        staff = self._posts(states)
        return Matter(
            Kind.NOT_SENT, unit or f"khoi {block}", unit, subject, link,
            f"{'Đơn vị' if number == 1 else f'{number} đơn vị'} {why}: chờ hay không xét kỳ này?",
            basis_of(self.results, ("V-20",)),
            Option(
                "Gia hạn, chờ hồ sơ",
                f"Bảng xếp hạng {block or 'khối'} từ {now.of} lên {now.of + number} đơn vị, trần {_TOP_BAND} "
                f"{now.ceiling}→{ceiling}; hạn mức tính lại{staff}.",
            ),
            Option("Không xét kỳ này", f"Giữ {now.of} đơn vị xếp hạng, trần {_TOP_BAND} {now.ceiling}; 0 đề nghị."),
            1.0 if states[0].status is Status.MISSING else 0.0,
        )  # fmt: skip

    def _posts(self, states: list[UnitState]) -> str:
        posts = self.results.dataset.province.expected()
        if "bien_che" not in posts:
            return ""
        known = posts["bien_che"].reindex([state.code for state in states]).dropna()
        return f" (biên chế {decimal(int(known.sum()))} người)" if len(known) else ""

    def _ceilings(self) -> Iterator[Matter]:
        """Blocks in which more units reach the top band than it may hold; a close pair at the line is told there."""
        columns = zip(self.units.index, self.units["block"], self.units["over_ceiling"], strict=True)
        over: dict[str, list[str]] = {}
        for unit, block, beyond in columns:
            if beyond:
                over.setdefault(block, []).append(str(unit))
        for block, outside in over.items():
            now = self.blocks.now(block)
            yield Matter(
                Kind.QUOTA, f"tran {block}", "", f"Khối: {block}" if block else "Các đơn vị chưa ghi khối",
                ("unit", outside[0]),
                f"{len(outside) + len(now.top)} đơn vị đạt ngưỡng {_TOP_BAND}, trần của khối là {now.ceiling} đơn vị.",
                basis_of(self.results, ("XH-05",)),
                Option("Giữ trần", f"{_TOP_BAND.capitalize()}: {listed(now.top)}. Ngoài trần: {listed(outside)}."),
                Option("Cho vượt trần", f"Thêm {len(outside)} đơn vị: {listed(outside)}; vượt {len(outside)}."),
                float(len(outside)),
            )  # fmt: skip
        yield from self._lines()

    def _lines(self) -> Iterator[Matter]:
        bands = self.units["band"]
        for pair in self.ranking.pairs.to_dict("records"):
            above, below = pair["above"], pair["below"]
            ceiling = self.blocks.now(pair["block"]).ceiling
            at_line = pair["rank_above"] <= ceiling < pair["rank_below"] or (
                pair["rank_above"]
                == pair["rank_below"]
                <= ceiling
                < self._last_place(pair["block"], pair["rank_above"])
            )
            if at_line and bands.get(below) == TOP and (self._close(above, below) or pair["discuss"]):
                yield self._line(pair, ceiling)

    def _last_place(self, block: str, rank: float) -> int:
        """Place of the last unit that shares a rank."""
        ranks = self.blocks.now(block).ranks.values()
        return int(rank) + sum(other == rank for other in ranks) - 1

    def _close(self, above: str, below: str) -> bool:
        groups = self.units["close_group"]
        return bool(groups[above] == groups[below]) or bool(
            self.units.at[below, "rank"] == self.units.at[above, "rank"]
        )

    def _line(self, pair: dict[Any, Any], ceiling: int) -> Matter:
        above, below = pair["above"], pair["below"]
        tied = pair["rank_above"] == pair["rank_below"]
        gap = (
            "bằng điểm"
            if tied
            else f"cách {decimal(round(pair['gap'], 2))} điểm phần trăm ({decimal(round(pair['gain'], 2))} điểm)"
        )
        sure = (
            ""
            if pd.isna(pair["certainty"])
            else f"; giữ thứ tự trong {decimal(round(100 * pair['certainty']))} % lần lay trọng số"
        )
        return Matter(
            Kind.LINE, f"{above} {below}", below, f"{above} và {below}", ("unit", below),
            f"Vạch {ceiling} đơn vị {_TOP_BAND} của {pair['block'] or 'khối'} đi giữa {above} và {below}: {gap}{sure}.",
            basis_of(self.results, ("XH-04",)),
            Option(
                f"Giữ {above}",
                f"{above} hạng {pair['rank_above']:.0f} trong trần, {below} hạng {pair['rank_below']:.0f} ngoài trần.",
            ),
            Option(
                f"Chọn {below}",
                f"{below} vào, {above} ra khỏi {_TOP_BAND}"
                + ("." if tied else f"; theo điểm thì {below} phải thêm {decimal(round(pair['gain'], 2))} điểm."),
            ),
        )  # fmt: skip

    def _appraised(self) -> Iterator[Matter]:
        """Units with appraised scores that stand out: their rank with them, and without."""
        odd = raised_or_unexplained(odd_scores(self.ranking.criteria, self.ranking.settings))
        without = percent_without(self.ranking, odd)
        words = odd_words(odd)
        for unit, rows in odd.groupby("unit", sort=False):
            code, share = str(unit), float(without.get(unit, float("nan")))
            yield Matter(
                Kind.APPRAISED, code, code, f"{code} · {self._name(code)}", ("score", code),
                f"{words[code][:1].upper()}{words[code][1:]}: có giữ không?", basis_of(self.results, ("XH-09",)),
                Option("Giữ điểm thẩm định", f"Như hiện nay: {self._standing(code)}."),
                Option("Bỏ điểm thẩm định ấy", self._unappraised(code, share)),
                float(rows["away"].abs().max()),
            )  # fmt: skip

    def _standing(self, unit: str) -> str:
        row = self.units.loc[unit]
        place = f"hạng {row['rank']:.0f}/{row['of']:.0f}" if row["ranked"] else "ngoài hạng"
        return place + ("" if pd.isna(row["percent"]) else f", {decimal(round(row['percent'], 2))} %")

    def _unappraised(self, unit: str, share: float) -> str:
        """What follows when the computed (else the claimed) score counts instead."""
        if pd.isna(share):
            return f"{unit} không còn điểm để xếp hạng."
        instead = f"Lấy điểm máy tính, không có thì điểm tự chấm: {unit} {decimal(round(share, 2))} %"
        if not self.units.at[unit, "ranked"]:
            return f"{instead}; vẫn ngoài hạng."
        change = self.blocks.with_percent(unit, share)
        old, new = change.before.ranks[unit], change.after.ranks[unit]
        return f"{instead}, hạng {old}→{new} trên {change.after.of}. {self._told(change)}"

    def _late(self) -> Iterator[Matter]:
        late = [state for state in self.results.board if state.delay]
        if not late:
            return
        by_block: dict[str, set[str]] = {}
        for state in late:
            by_block.setdefault(state.block, set()).add(state.code)
        changes = [self.blocks.without(block, units) for block, units in by_block.items()]
        out = sum(change.before.of - change.after.of for change in changes)
        told = " ".join(self._told(change) for change in changes)
        number = sum(state.nominations for state in late)
        yield Matter(
            Kind.LATE, "muon", late[0].code if len(late) == 1 else "",
            listed((f"{s.code} ({s.delay})" for s in late), 4), ("nop", late[0].code),
            f"{len(late)} đơn vị nộp muộn: có nhận hồ sơ không?", basis_of(self.results, ("V-18",)),
            Option("Nhận", f"Như hiện nay: {number} đề nghị, {out} đơn vị trong bảng xếp hạng."),
            Option("Không nhận", f"Bớt {number} đề nghị, {out} đơn vị xếp hạng. {told}"),
        )  # fmt: skip

    def _disputed(self) -> Iterator[Matter]:
        rows = self.units[(self.units["disputed"] > 0) & self.units["ranked"].astype(bool)]
        for unit, percent, possible, disputed in zip(
            rows.index, rows["percent"], rows["possible"], rows["disputed"], strict=True
        ):
            change = self.blocks.with_percent(unit, percent + 100 * disputed / possible)
            old, new = change.before.ranks[unit], change.after.ranks[unit]
            yield Matter(
                Kind.POINTS, unit, unit, f"{unit} · {self._name(unit)}", ("unit", unit),
                f"Đơn vị chưa thống nhất {decimal(round(disputed, 2))} điểm trừ.", self._basis,
                Option("Giữ điểm trừ", f"Như hiện nay: hạng {old}/{change.before.of}, {decimal(round(percent, 2))} %."),
                Option("Bỏ phần chưa thống nhất", f"{unit} hạng {old}→{new}. {self._told(change)}"), float(disputed),
            )  # fmt: skip

    def _order(self) -> Iterator[Matter]:
        """Pairs whose order is not sure, one row a block; those at a line are told there."""
        pairs = self.ranking.pairs
        pairs = pairs[pairs["discuss"].astype(bool)]
        for block, rows in pairs.groupby("block", sort=False):
            columns = zip(rows["above"], rows["below"], rows["certainty"], rows["gap"], strict=True)
            told = [
                f"{a} trên {b} ({decimal(round(100 * c))} %, cách {decimal(round(g, 2))})" for a, b, c, g in columns
            ]
            now = [f"{a} trên {b}" for a, b in zip(rows["above"], rows["below"], strict=True)]
            gains = [f"{b} thêm {decimal(round(n, 2))} điểm" for b, n in zip(rows["below"], rows["gain"], strict=True)]
            yield Matter(
                Kind.ORDER, str(block), "", f"{block or 'Khối'}: {len(rows)} cặp", ("sheet", "XEP_HANG"),
                f"Đổi ít trọng số là đổi thứ tự: {listed(told, 3)}.", basis_of(self.results, ("XH-06",)),
                Option("Giữ thứ tự theo điểm", f"Như hiện nay: {listed(now, 3)}."),
                Option("Thẩm định lại điểm", f"Đổi hạng khi {listed(gains, 3)}."),
                float(len(rows)),
            )  # fmt: skip

    def _block(self, unit: str) -> str:
        return str(self.units.at[unit, "block"])

    def _name(self, unit: str) -> str:
        return str(self.units.at[unit, "name"])
