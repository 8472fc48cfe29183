"""Matters about people whom two units propose for one title: one decision, whatever is kept (DK-08)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.dataset import UNIT
from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.workbook.awards import Awards
from pipeline.workbook.matters import Kind, Matter, Option, basis_of, listed
from pipeline.workbook.matters_quotas import QuotaMatters
from pipeline.workbook.nominated import Nomination, Part, sentence
from schemas.rules import Severity

CODE = "DK-08"
_VARIANT = "two_units_title"
_BASE_TITLE = "LDTT"


def doubled(finding: Finding) -> bool:
    """Whether a finding says that another unit proposes the same person for the same title."""
    return finding.judged and (finding.code, finding.variant) == (CODE, _VARIANT)


def only_doubled(item: Nomination) -> bool:
    """Whether nothing else stops a nomination: its decision is the one about both units."""
    stopping = item.of(Severity.BLOCKING)
    return item.proposed is not None and bool(stopping) and all(map(doubled, stopping))


class TwiceMatters:
    """One matter a person and title."""

    def __init__(self, results: Results, items: Mapping[str, Sequence[Nomination]], quotas: QuotaMatters) -> None:
        """Take the nominations of each unit, and what they do to quotas."""
        self.results, self.items, self.quotas, self.awards = results, items, quotas, Awards(results)
        self._staff = Counter(results.dataset.frames["NHAN_SU"][UNIT])
        self._titles = Counter(i.title for mine in items.values() for i in mine if i.proposed)

    def all(self) -> Iterator[Matter]:
        """Every matter, units in the order of the configuration."""
        found: dict[tuple[str, str], list[Nomination]] = defaultdict(list)
        for item in (i for mine in self.items.values() for i in mine):
            if item.person and item.title and any(map(doubled, item.findings)):
                found[item.person, item.title].append(item)
        for (person, title), rows in found.items():
            first = {item.unit: item for item in reversed(rows)}
            both = [first[unit] for unit in dict.fromkeys(item.unit for item in rows)]
            if len(both) > 1:
                yield self._matter(person, title, both)

    def _matter(self, person: str, title: str, both: Sequence[Nomination]) -> Matter:
        units, short, one = [i.unit for i in both], self.awards.short(title), both[0]
        others = [tuple(o for o in both if o is not i) for i in both]
        options = [Option(f"Giữ ở {i.unit}", self._kept(i, o), o) for i, o in zip(both, others, strict=True)]
        nowhere = Option("Không giữ ở đơn vị nào", self._nowhere(both), tuple(both))
        if len(options) == 2:  # as nearly always
            first, second, third = options[0], options[1], nowhere
        else:
            rest = " ".join(f"{option.words}: {option.result}" for option in (*options[2:], nowhere))
            first, second, third = options[0], options[1], Option("Giữ ở đơn vị khác, hoặc không ở đâu", rest)
        return Matter(
            Kind.TWICE, f"{person} {title}", one.unit, f"{one.name} · {' và '.join(units)}",
            ("nomination", f"{one.unit} {one.code}"),
            f"{' và '.join(units)} cùng đề nghị «{short}» cho một người ({one.name}): giữ ở đơn vị nào? Chỉ một nơi "
            f"được giữ; đơn vị kia gửi lại tệp không còn dòng ấy thì hết CHẶN.",
            basis_of(self.results, (CODE,), (_VARIANT,)), first, second, third=third, about=tuple(both),
        )  # fmt: skip

    def _kept(self, kept: Nomination, dropped: Sequence[Nomination]) -> str:
        """What follows when one unit keeps the nomination and the others withdraw it."""
        free = (i for i in self.items.get(kept.unit, ()) if i.part in (Part.CLEAR, Part.UNIT_GATE))
        clear = sum(not i.explains for i in free)
        other = sorted({f.code for f in kept.of(Severity.BLOCKING) if not doubled(f)})
        waits = sorted({f.code for f in kept.of(Severity.NEEDS_REASON)})
        gated = f" {sentence(kept.gate.words)}." if kept.gate else ""
        if other:
            inside = f"{kept.unit}: đề nghị còn vướng CHẶN khác ({', '.join(other)}), sửa xong mới vào danh sách."
        elif waits:
            inside = f"{kept.unit}: đề nghị sang phần chờ giải trình ({', '.join(waits)})."
        else:
            inside = f"{kept.unit}: vào danh sách, {clear}→{clear + 1} đề nghị không vướng."
        return " ".join([inside + gated, *map(self._dropped, dropped), self._sums(kept.title, dropped)]).strip()

    def _nowhere(self, both: Sequence[Nomination]) -> str:
        return " ".join([*map(self._dropped, both), self._sums(both[0].title, both)]).strip()

    def _dropped(self, item: Nomination) -> str:
        """What a unit has left once it withdraws the nomination."""
        mine = [i for i in self.items.get(item.unit, ()) if i.proposed]
        text = f"{item.unit}: rút, {len(mine)}→{len(mine) - 1} đề nghị"
        if item.title == _BASE_TITLE and self._staff[item.unit]:
            base, staff = sum(i.title == _BASE_TITLE for i in mine), self._staff[item.unit]
            text += f", LĐTT {base}→{base - 1} trên {staff} người"
        left = [i for i in mine if i.person == item.person and i is not item and i.title != item.title]
        names = listed(self.awards.short(i.title or i.form or "") for i in left)
        return f"{text}; người này còn {names} ở {item.unit}." if left else f"{text}."

    def _sums(self, title: str | None, dropped: Sequence[Nomination]) -> str:
        """Counts of the province, and quotas that change."""
        count = self._titles[title]
        text = f"{self.awards.short(title or '')} toàn tỉnh {count}→{count - len(dropped)}."
        return f"{text} {self.quotas.effect(dropped, -1)}".strip()
