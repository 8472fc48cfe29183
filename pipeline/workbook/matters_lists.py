"""Matters about nominations: explanations, what is stopped, heads, exceptions, equal votes, turns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.checks import heads
from pipeline.checks.rotation import title_words
from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.rotation.levels import CLEAR, LOOK
from pipeline.rotation.told import UNITS
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.matters import Kind, Matter, Option, basis_of, listed
from pipeline.workbook.matters_quotas import QuotaMatters
from pipeline.workbook.matters_twice import TwiceMatters, doubled, only_doubled
from pipeline.workbook.nominated import LISTED, Nomination, Nominations, Part
from pipeline.workbook.rotation_order import Pair, by_level
from pipeline.workbook.unit_gates import AWAITS_UNIT
from pipeline.workbook.verdicts import Verdicts
from schemas.rules import Severity

#: Codes with matters of their own: an explanation that is only about them is decided there.
_OWN = ("ND-01", "ND-03", "DK-13")
#: Exceptions of one unit in one row from so many on.
_MOST_EXCEPTIONS = 3


class ListMatters:
    """What must be decided about the lists of nominations."""

    def __init__(self, results: Results, nominations: Nominations, verdicts: Verdicts, quotas: QuotaMatters) -> None:
        """Take what the sheets of nominations share."""
        self.results, self.case = results, results.evidence
        self.verdicts, self.quotas, self.awards = verdicts, quotas, Awards(results)
        groups, people = nominations.everything
        self.items: dict[str, list[Nomination]] = defaultdict(list)
        for item in (*groups, *people):
            self.items[item.unit].append(item)
        self._titles = Counter(i.title or i.form for i in (*groups, *people) if i.proposed)

    def all(self) -> Iterator[Matter]:
        """Every matter."""
        yield from TwiceMatters(self.results, self.items, self.quotas).all()
        yield from self._waiting()
        yield from self._heads()
        yield from self._exceptions()
        yield from self._equal_votes()
        yield from self._turns()

    def _name(self, unit: str) -> str:
        return str(self.case.units["name"].get(unit, unit))

    def _waiting(self) -> Iterator[Matter]:
        """Nominations that wait for an explanation or are stopped, one row a unit for each."""
        unit_wide: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.results.findings:
            if finding.judged and finding.severity is Severity.NEEDS_REASON and finding.code not in _OWN:
                unit_wide[finding.unit].append(finding)
        apart: dict[str, list[Finding]] = {}
        for unit in map(str, self.case.units.index):
            items = self.items.get(unit, [])
            explain = [i for i in items if i.part in LISTED and _codes(i, Severity.NEEDS_REASON) - set(_OWN)]
            told = {id(f) for i in items for f in i.findings}
            others = [f for f in unit_wide.get(unit, []) if id(f) not in told]
            if explain:
                yield self._explain(unit, explain, others)
            elif others:
                apart[unit] = others
            stopped = [i for i in items if i.part is Part.STOPPED and not only_doubled(i)]
            if stopped:
                yield self._stopped(unit, stopped)
        if apart:
            yield self._apart(apart)

    def _explain(self, unit: str, items: Sequence[Nomination], others: Sequence[Finding]) -> Matter:
        codes = sorted({c for i in items for c in _codes(i, Severity.NEEDS_REASON)} | {f.code for f in others})
        more = f" và {len(others)} phát hiện khác của đơn vị" if others else ""
        clear, after = self._free(unit)
        return Matter(
            Kind.EXPLAIN, unit, unit, f"{unit} · {self._name(unit)}: {_who(items)}",
            ("code", f"{unit} {codes[0]}"),
            f"{len(items)} đề nghị chờ giải trình{more} ({', '.join(codes)}).", basis_of(self.results, codes),
            Option(
                "Chấp nhận giải trình",
                f"Vào danh sách thêm: {self._by_title(items)} ({unit}: {clear}→{clear + len(items)}{after}).",
            ),
            Option(
                "Trả lại", f"Ngoài danh sách: {self._by_title(items)}. {self.quotas.effect(items, -1)}".strip(),
                tuple(items),
            ),
            float(len(items)), about=tuple(items),
        )  # fmt: skip

    def _apart(self, found: Mapping[str, Sequence[Finding]]) -> Matter:
        """Explanations that no nomination waits for, all units in one row."""
        codes = sorted({finding.code for findings in found.values() for finding in findings})
        told = [f"{unit} ({', '.join(sorted({f.code for f in findings}))})" for unit, findings in found.items()]
        number = sum(map(len, found.values()))
        single = next(iter(found)) if len(found) == 1 else ""
        return Matter(
            Kind.EXPLAIN, "so lieu", single, listed(told),
            next(("code", f"{unit} {min(f.code for f in findings)}") for unit, findings in found.items()),
            f"{number} phát hiện ở {len(found)} đơn vị chờ giải trình, không đề nghị nào dừng vì chúng (gộp một dòng).",
            basis_of(self.results, codes),
            Option("Chấp nhận giải trình", f"{number} phát hiện được giải toả; danh sách không đổi."),
            Option("Trả lại", f"{len(found)} đơn vị sửa, giải trình lại; danh sách không đổi."), -1,
        )  # fmt: skip

    def _stopped(self, unit: str, items: Sequence[Nomination]) -> Matter:
        stopping = (f for item in items for f in item.of(Severity.BLOCKING))
        codes = sorted({f.code for f in stopping if not doubled(f)})
        unknown = sum(item.proposed is None for item in items)
        why = ", ".join(codes) + (f"; {unknown} dòng chưa ghi kết quả xét" if unknown else "")
        clear, after = self._free(unit)
        titles, then = self._by_title(items), clear + len(items)
        return Matter(
            Kind.STOPPED, unit, unit, f"{unit} · {self._name(unit)}: {_who(items)}",
            ("code", f"{unit} {codes[0]}") if codes else ("severity", f"{unit} {Severity.BLOCKING.name}"),
            f"{len(items)} đề nghị còn vướng CHẶN ({why.lstrip('; ')}): trả lại hay chờ bản sửa?",
            basis_of(self.results, codes),
            Option(
                "Trả lại, để kỳ sau", f"Ngoài danh sách: {titles}. {self.quotas.effect(items, -1)}".strip(),
                tuple(items),
            ),
            Option("Chờ bản sửa", f"Sửa đủ thì {unit} từ {clear} lên {then} đề nghị: {titles}{after}."),
            float(len(items)), about=tuple(items),
        )  # fmt: skip

    def _free(self, unit: str) -> tuple[int, str]:
        """How many nominations of a unit nothing of their own holds back, and what all of them await besides."""
        items = self.items.get(unit, [])
        free = sum(i.part in (Part.CLEAR, Part.UNIT_GATE) and not i.explains for i in items)
        return free, f", đều {AWAITS_UNIT}" if any(i.gate for i in items) else ""

    def _by_title(self, items: Iterable[Nomination]) -> str:
        counts = Counter(i.title or i.form for i in items)
        return ", ".join(
            f"{number} {self.awards.short(code) if code else 'chưa ghi danh hiệu'}" for code, number in counts.items()
        )

    def _heads(self) -> Iterator[Matter]:
        if not self.results.rules.has("ND-01"):
            return
        table = (
            heads.ladder_table(self.case).join(heads.gate_table(self.case)).join(heads.heads(self.case)["head_name"])
        )
        proposed = set(heads.head_rows(self.case)["unit"])
        gated = table["reason"].notna() & (table["reason"] != heads.NO_LOG) & table.index.isin(proposed)
        lower = {f.unit for f in self.verdicts.of("ND-04") if f.judged}
        for row in table[(table["gap"] > 0) | gated].reset_index(names="unit").to_dict("records"):
            unit, gap = str(row["unit"]), row["gap"]
            above = gap == gap and gap > 0
            codes = (["ND-01"] if above else []) + (["ND-03"] if isinstance(row["reason"], str) else [])
            codes += ["ND-04"] if unit in lower else []
            content = [
                f"Đề nghị người đứng đầu «{row['awards']}»"
                if isinstance(row["awards"], str)
                else "Có đề nghị người đứng đầu"
            ]
            if above:
                group = row["collective"] if isinstance(row["collective"], str) else "không đề nghị tập thể"
                content.append(f"bậc {row['rung']:.0f}, tập thể: {group}, được xét tới bậc {row['allowed']:.0f}")
            content += ["đơn vị không triển khai đủ phong trào"] if isinstance(row["reason"], str) else []
            content += ["đơn vị ở nửa dưới của khối"] if unit in lower else []
            name = row["head_name"] if isinstance(row["head_name"], str) else "người đứng đầu"
            kept = f"Cao hơn mức được xét {gap:.0f} bậc" if above else "Vào danh sách như đơn vị đề nghị"
            yield Matter(
                Kind.HEAD, unit, unit, f"{unit} · {name}",
                ("unit", unit), "; ".join(content) + ".", basis_of(self.results, codes),
                self._lowered("Hạ mức", unit, float(row["allowed"])) if above else
                self._lowered("Không xét người đứng đầu", unit, 0),
                Option("Giữ đề nghị", f"{kept}; ghi lý do vào biên bản."),
                gap if above else 0.5, about=tuple(self._of_head(unit)),
            )  # fmt: skip

    def _of_head(self, unit: str) -> list[Nomination]:
        """What a unit proposes for its head."""
        own = heads.head_rows(self.case)
        codes = set(own.loc[own["unit"] == unit, "code"])
        return [i for i in self.items.get(unit, []) if i.proposed and i.code in codes]

    def _lowered(self, words: str, unit: str, rung: float) -> Option:
        """What the head keeps and loses; rung 0 takes everything."""
        mine = self._of_head(unit)
        lost, kept = [i for i in mine if i.rung > rung], [i for i in mine if i.rung <= rung]
        if not lost:
            return Option(words, "Người đứng đầu không có đề nghị nào vượt mức.")
        title = lost[0].title or lost[0].form or ""
        count = self._titles[title]
        then = count - sum((i.title or i.form) == title for i in lost)
        text = f"Bớt {self._by_title(lost)}; {self.awards.short(title)} toàn tỉnh {count}→{then}."
        rest = f"Còn {self._by_title(kept)}." if kept else "Không còn đề nghị nào."
        return Option(words, f"{text} {rest} {self.quotas.effect(lost, -1)}".strip(), tuple(lost))

    def _exceptions(self) -> Iterator[Matter]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.verdicts.of("DK-13"):
            if finding.judged:
                found[finding.unit].append(finding)
        for unit, mine in found.items():
            parts = [mine] if len(mine) >= _MOST_EXCEPTIONS else [[f] for f in mine]
            number = sum(bool(i.proposed) for i in self.items.get(unit, []))
            for part in parts:
                names = listed((f.params.get("ten") or f.subject for f in part), 3)
                yield Matter(
                    Kind.EXCEPTION, f"{unit} {part[0].subject}".strip(), unit, f"{unit} · {names}",
                    ("code", f"{unit} DK-13"),
                    f"{len(part)} trường hợp được pháp luật bảo vệ (nghỉ thai sản, cứu người, đào tạo, vi phạm đã "
                    "tính) không được đề nghị LĐTT.",
                    basis_of(self.results, ("DK-13",), (part[0].variant,)),
                    Option("Bổ sung", f"Thêm {len(part)} LĐTT; {unit} {number}→{number + len(part)} đề nghị."),
                    Option("Giữ như đơn vị", f"{unit} giữ {number} đề nghị; đơn vị giải trình lý do."),
                    float(len(part)),
                )  # fmt: skip

    def _equal_votes(self) -> Iterator[Matter]:
        found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in self.verdicts.of("QT-10"):
            if finding.judged:
                found[finding.unit, finding.params.get("danh_hieu", "")].append(finding)
        for (unit, title), mine in found.items():
            names, other = listed(f.params.get("ten", "") for f in mine), mine[0].params.get("nguoi_khac", "")
            yield Matter(
                Kind.VOTES, f"{unit} {title}", unit, f"{unit} · {names}", ("code", f"{unit} QT-10"),
                f"Cùng {mine[0].params.get('phieu', '')} phiếu cho «{title}» với người được đề nghị ({other}).",
                basis_of(self.results, ("QT-10",)),
                Option("Giữ như đơn vị", f"{other} được đề nghị, {names} không."),
                Option("Đề nghị thêm", f"Thêm {len(mine)} «{title}» ở {unit}."),
            )  # fmt: skip

    def _turns(self) -> Iterator[Matter]:
        pairs = by_level(self.results)
        for pair in pairs:
            if pair[1].level == CLEAR:
                yield self._turn(pair)
        look = [pair for pair in pairs if pair[1].level == LOOK]
        if look:
            units = listed(f"{t.unit or t.series.unit} ({title_words(self.case, t)})" for t, _ in look)
            yield Matter(
                Kind.ROTATION, "can xem", "", f"{len(look)} dãy cần xem xét", ("sheet", "LUAN_PHIEN"),
                f"Dấu hiệu chưa rõ, gộp một dòng: {units}.", basis_of(self.results, ("LP-01",)),
                Option("Hỏi đơn vị", f"{len(look)} dãy được hỏi; danh sách năm nay giữ nguyên."),
                Option("Ghi nhận", "Danh sách năm nay giữ nguyên; năm sau tính lại."), -1,
            )  # fmt: skip

    def _turn(self, pair: Pair) -> Matter:
        told, judgement = pair
        title = title_words(self.case, told)
        now = (
            [told.names[i] or told.series.persons[i] for i in np.flatnonzero(told.series.won[-1])]
            if told.present_year
            else []
        )
        chance = judgement.reading.p_turn if judgement.reading else float("nan")
        rare = (
            ""
            if pd.isna(chance)
            else f"; nếu chỉ theo thành tích thì {per_thousand(chance)} trong 1.000 lần có mức này"
        )
        held = (
            f"Để lại {len(now)} đề nghị năm nay: {listed(now)}." if now else "Năm nay không có đề nghị trong dãy này."
        )
        agreed = (
            f"{len(now)} đề nghị năm nay vào danh sách nếu không vướng điều khác."
            if now
            else "Danh sách năm nay không đổi."
        )
        place = told.series.unit if told.kind == UNITS else f"{told.unit} · {self._name(told.unit)}"
        return Matter(
            Kind.ROTATION, f"{told.series.unit} {told.series.title}", told.unit, f"{place}, {title}",
            ("rotation", told.unit or told.series.unit),
            f"{judgement.series.years[0]}–{judgement.series.years[-1]}: {int(judgement.series.won.sum())} lượt, "
            f"{int(judgement.series.won.any(axis=0).sum())} người khác nhau{rare}.",
            basis_of(self.results, ("LP-01",)), Option("Yêu cầu giải trình trước", held),
            Option("Công nhận như đề nghị", agreed),
            float(len(now)),
        )  # fmt: skip


def per_thousand(chance: float) -> str:
    """Times in a thousand, never 0."""
    return "dưới 1" if chance < 0.001 else decimal(round(1000 * chance))


def _codes(item: Nomination, severity: Severity) -> set[str]:
    return {finding.code for finding in item.of(severity)}


def _who(items: Sequence[Nomination]) -> str:
    return listed((item.name for item in items), 3)
