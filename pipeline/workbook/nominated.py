"""What the two lists of nominations share: who is in which part, with which votes, awards and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from pipeline.dataset import PERSON, UNIT
from pipeline.findings import Finding, address_key, place_of
from pipeline.results import Results
from pipeline.vietnamese import match_key, name_sort_key
from pipeline.workbook.awards import LEVELS, Awards
from pipeline.workbook.rows import Rows, finding_anchor
from pipeline.workbook.series import frame_rows, plain
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.unit_gates import UnitGate, unit_gates
from pipeline.workbook.verdicts import Verdicts
from schemas.rules import Severity, register

DECISIONS = ("Đồng ý", "Không đồng ý", "Hạ mức", "Trả lại", "Để lại kỳ sau")
#: Last columns of both lists: what was achieved, what stands in the way, what the council concludes.
VERDICT_FIELDS = (
    Field("thanh_tich", "Tóm tắt thành tích", 24),
    Field("dieu_kien", "Điều kiện đã xét", 10),
    Field("vao_danh_sach", "Vướng mắc", 18),
    Field("phat_hien", "Số phát hiện", 6, "count"),
    Field("ket_luan", "Kết luận", 11, "council", council=True, choices=DECISIONS),
    Field("ly_do", "Lý do", 10, "council", council=True),
)
#: How many past years stand beside a nomination.
PAST_YEARS = 5
_MOST_REASONS = 3


class Part(Enum):
    """The parts of a list, in order, with their headings."""

    CLEAR = "I. Đề nghị, không vướng CHẶN, GIẢI TRÌNH"
    UNIT_GATE = "II. Đề nghị, chờ Hội đồng kết luận về đơn vị (điều kiện loại trừ)"
    EXPLAIN = "III. Đề nghị, chờ giải trình"
    STOPPED = "IV. Đề nghị, chưa được vào danh sách (còn vướng CHẶN)"
    NOT_PROPOSED = "V. Đã xét, không đề nghị"

    @property
    def numeral(self) -> str:
        """`IV`."""
        return self.value.partition(".")[0]

    @property
    def short(self) -> str:
        """Heading of a column that counts the part."""
        return _SHORT_PARTS[self.name]


_SHORT_PARTS = {
    "CLEAR": "Không vướng",
    "UNIT_GATE": "Chờ kết luận về đơn vị",
    "EXPLAIN": "Chờ giải trình",
    "STOPPED": "Chưa được vào danh sách",
    "NOT_PROPOSED": "Đã xét, không đề nghị",
}
#: The parts that hold nominations.
PROPOSED = (Part.CLEAR, Part.UNIT_GATE, Part.EXPLAIN, Part.STOPPED)
#: The parts that may be recognised or submitted once the council agrees: what is printed.
LISTED = (Part.CLEAR, Part.UNIT_GATE, Part.EXPLAIN)
CLEAR_TEXT, NOT_PROPOSED_TEXT = "● Không vướng CHẶN, GIẢI TRÌNH", "– Không đề nghị"


@dataclass(slots=True)
class Nomination:
    """One row of DE_NGHI as the lists show it."""

    row_id: int
    unit: str
    code: str
    name: str  #: of a person as NHAN_SU has it, with what DE_NGHI says when that differs
    person: str | None
    subject: str  #: what makes two nominations those of one person or collective, with the unit
    title: str | None  #: code of the title
    form: str | None  #: code of the form of commendation
    rung: int
    proposed: bool | None
    achievement: str | None
    votes: float | None = None
    voters: float | None = None  #: all who may vote in the unit
    level: str | None = None  #: code of CAP_QUYET_DINH; None: the catalogue does not say
    findings: list[Finding] = field(default_factory=list)
    gate: UnitGate | None = None  #: of the unit, where it is not lifted

    @property
    def part(self) -> Part:
        """Part of the list in which it stands; nothing is left out."""
        if self.proposed is False:
            return Part.NOT_PROPOSED
        if self.proposed is None or self.of(Severity.BLOCKING):
            return Part.STOPPED
        if self.gate:
            return Part.UNIT_GATE
        return Part.EXPLAIN if self.explains else Part.CLEAR

    @property
    def explains(self) -> bool:
        """Whether a written reason is awaited."""
        return bool(self.of(Severity.NEEDS_REASON))

    def of(self, severity: Severity) -> list[Finding]:
        """Judged findings of one severity."""
        return [f for f in self.findings if f.judged and f.severity is severity]

    @property
    def verdict(self) -> Cell:
        """What stands in the way, in words with the place."""
        part = self.part
        if part is Part.NOT_PROPOSED:
            return Cell(NOT_PROPOSED_TEXT, "text")
        if part is Part.STOPPED:
            blocking = self.of(Severity.BLOCKING)
            reasons = _reasons(blocking) if blocking else "chưa rõ kết quả xét"
            return Cell(f"■ CHẶN: {reasons}", "severity_BLOCKING")
        explain = f"hờ giải trình: {_reasons(self.of(Severity.NEEDS_REASON))}" if self.explains else ""
        if self.gate and part is Part.UNIT_GATE:
            words = f"▲ {sentence(self.gate.words)}" + (f"; c{explain}" if explain else "")
            return Cell(words, "severity_NEEDS_REASON", self.gate.link)
        if part is Part.EXPLAIN:
            return Cell(f"▲ C{explain}", "severity_NEEDS_REASON")
        return Cell(CLEAR_TEXT, "status_ACCEPTED")

    @property
    def verdict_with_warnings(self) -> Cell:
        """The same, and which warnings the council should read before it agrees."""
        verdict, warned = self.verdict, self.of(Severity.WARNING)
        if not warned:
            return verdict
        codes = ", ".join(sorted({f.code for f in warned}))
        return Cell(f"{verdict.value}\n△ Hội đồng xem CẢNH BÁO: {codes}", verdict.role, verdict.link)

    @property
    def finding_count(self) -> Cell:
        """Number of findings, leading to the gravest."""
        if not self.findings:
            return Cell(0)
        first = min(self.findings, key=lambda f: f.severity.rank if f.judged else len(Severity))
        return Cell(len(self.findings), "link_count", finding_anchor(first.file, first.sheet, first.cell, first.code))

    @property
    def share(self) -> float | None:
        """Votes for, of all who may vote (0 to 1)."""
        return self.votes / self.voters if self.votes is not None and self.voters else None


def _reasons(findings: Iterable[Finding]) -> str:
    words = list(dict.fromkeys(_reason(f) for f in sorted(findings, key=_by_place)))
    more = len(words) - _MOST_REASONS
    return "; ".join(words[:_MOST_REASONS]) + (f" và {more} chỗ nữa" if more > 0 else "")


def _reason(finding: Finding) -> str:
    """One finding in few words: `V-04: giá trị ngoài danh sách («Xếp loại đảng viên»), trang NHAN_SU ô O9`."""
    title = register()[finding.code].title
    heading = finding.params.get("cot")
    what = f"{finding.code}: {title[:1].lower()}{title[1:]}" + (f" («{heading}»)" if heading else "")
    return ", ".join(part for part in (what, place_of(finding).replace(", ô", " ô")) if part)


def _by_place(finding: Finding) -> tuple[Any, ...]:
    return finding.code, finding.sheet, address_key(finding.cell)


class Nominations:
    """Both lists of one run. Order: units as configured, highest rung first, then names as in Vietnamese."""

    def __init__(self, results: Results) -> None:
        """Gather nothing yet."""
        self.results = results

    @cached_property
    def rows(self) -> Rows:
        """Findings by row."""
        return Rows(self.results)

    @cached_property
    def _rungs(self) -> dict[str, int]:
        titles = self.results.dataset.province.configuration.frames["DANH_HIEU"]
        return {
            code: int(rung)
            for code, rung in zip(plain(titles["ma"]), plain(titles["bac"]), strict=True)
            if code and rung
        }

    @cached_property
    def _levels(self) -> dict[str, str]:
        levels = self.results.evidence.titles["level"].dropna()
        return {str(code): str(level) for code, level in levels.items()}

    @cached_property
    def everything(self) -> tuple[list[Nomination], list[Nomination]]:
        """Return (collectives, persons); a row that does not say which counts as a person's."""
        frame = self.results.dataset.frames["DE_NGHI"]
        names = (
            "ma_dn",
            "ten_doi_tuong",
            PERSON,
            "ma_doi_tuong",
            "danh_hieu",
            "hinh_thuc",
            "ket_qua",
            "thanh_tich",
            "doi_tuong",
        )
        columns = [plain(frame[name]) for name in names]
        staff, votes, voters = self._staff_rows(), self._votes(), self._voters()
        ballots, levels, gates = self._ballots(), self._levels, unit_gates(self.results)
        lists: tuple[list[Nomination], list[Nomination]] = ([], [])
        for row_id, unit, code, name, person, subject, title, form, result, text, kind in zip(
            frame.index, frame[UNIT], *columns, strict=True
        ):
            rung, level = self._rungs.get(title or form or "", 0), levels.get(title or form or "")
            proposed = None if result is None else result == "DE_NGHI"
            at, known = staff.get((unit, person), (None, None))
            item = Nomination(
                int(row_id),
                unit,
                code or "",
                _named(name, known),
                person,
                person or subject or name or f"dòng {row_id}",
                title,
                form,
                rung,
                proposed,
                text,
            )
            item.votes, item.voters = votes.get((unit, item.code)), voters.get(unit)
            related = [item.row_id, *([] if at is None else [at]), *ballots.get((unit, item.code), ())]
            item.findings = self._findings(item, related)
            item.level, item.gate = level, gates.get(unit)
            lists[0 if kind == "TT" else 1].append(item)
        for entries in lists:
            entries.sort(key=self._order)
        return lists

    @cached_property
    def listed(self) -> tuple[list[Nomination], list[Nomination]]:
        """Collectives in the order of units, persons by tên then họ đệm, that nothing stops; the highest rung first."""
        collectives, persons = ([i for i in items if i.part in LISTED] for items in self.everything)
        return (
            sorted(collectives, key=by_award_order),
            sorted(persons, key=lambda item: (*by_award_order(item), name_sort_key(item.name))),
        )

    @cached_property
    def stopped(self) -> tuple[int, int]:
        """How many collectives and persons are not printed because something stops them."""
        groups, people = (sum(i.part is Part.STOPPED for i in items) for items in self.everything)
        return groups, people

    def _order(self, item: Nomination) -> tuple[Any, ...]:
        return (
            self._unit_order.get(item.unit, len(self._unit_order)),
            -item.rung,
            item.title or item.form or "",
            name_sort_key(item.name),
            item.row_id,
        )

    @cached_property
    def _unit_order(self) -> dict[str, int]:
        return {str(code): number for number, code in enumerate(self.results.dataset.province.units.index)}

    @cached_property
    def stopped_by(self) -> dict[int, list[Nomination]]:
        """Nominations that a blocking finding stops, by the `id` of the finding."""
        found: dict[int, list[Nomination]] = defaultdict(list)
        for item in (item for items in self.everything for item in items if item.part is Part.STOPPED):
            for finding in item.of(Severity.BLOCKING):
                found[id(finding)].append(item)
        return found

    def _staff_rows(self) -> dict[tuple[str, str | None], tuple[int, str | None]]:
        """Row and name in NHAN_SU, by unit and person."""
        staff = self.results.dataset.frames["NHAN_SU"]
        rows = zip(staff.index, staff[UNIT], plain(staff[PERSON]), plain(staff["ho_ten"]), strict=True)
        return {(unit, person): (int(row_id), name) for row_id, unit, person, name in rows if person}

    def _votes(self) -> dict[tuple[str, str], float | None]:
        """Votes for, in the last round in the unit, by unit and nomination."""
        ballots = self.results.dataset.frames["PHIEU"]
        own = ballots[(ballots["cap_hop"] == "DON_VI") & ballots["ma_dn"].notna()].sort_values("vong", kind="stable")
        return {(unit, code): votes for unit, code, votes in frame_rows(own, UNIT, "ma_dn", "dong_y")}

    def _ballots(self) -> dict[tuple[str, str], list[int]]:
        """Rows of every round and meeting, by unit and nomination."""
        ballots, found = self.results.dataset.frames["PHIEU"], defaultdict(list)
        for row_id, unit, code in zip(ballots.index, ballots[UNIT], plain(ballots["ma_dn"]), strict=True):
            if code:
                found[unit, code].append(int(row_id))
        return found

    def _voters(self) -> dict[str, float | None]:
        form = self.results.dataset.frames["DON_VI"]
        return dict(zip(form[UNIT], plain(form["tong_thanh_vien"]), strict=True))

    def _findings(self, item: Nomination, rows: Sequence[int]) -> list[Finding]:
        found = [f for row_id in rows for f in self.rows.of_row(row_id)]
        subjects = dict.fromkeys(s for s in (item.code, item.person) if s)
        found += [f for subject in subjects for f in self.rows.of_subject(item.unit, subject)]
        mine = {item.row_id, *rows, None}
        return list({id(f): f for f in found if f.about in mine}.values())


def by_award_order(item: Nomination) -> tuple[int, str]:
    """The order of titles and forms: the highest rung first."""
    return -item.rung, item.title or item.form or ""


def _named(said: str | None, known: str | None) -> str:
    """Name in NHAN_SU, and what the nomination says where that is another name."""
    if known and said and match_key(known) != match_key(said):
        return f"{known} (khai là «{said}»)"
    return known or said or "(chưa ghi tên)"


def different(items: Iterable[Nomination]) -> int:
    """How many different persons or collectives these are; whom two units propose under one code is one person."""
    return len({item.person or (item.unit, item.subject) for item in items})


def past_awards(results: Results, kind: str) -> Mapping[str, str]:
    """Awards of the five years before, as `LĐTT 2021–2025`; of persons (`CN`) or collectives (`TT`)."""
    province = results.dataset.province
    if province.history is None:
        return {}
    awards = province.history.frames["KHEN_THUONG"]
    first, names = province.period.year - PAST_YEARS, Awards(results)
    chosen = awards[(awards["doi_tuong"] == kind) & awards["nam"].between(first, province.period.year - 1)]
    what = chosen["danh_hieu"].where(chosen["danh_hieu"].notna(), chosen["hinh_thuc"])
    rows = zip(plain(chosen["ma_doi_tuong"]), chosen["nam"], plain(what), plain(chosen["tinh_trang"]), strict=True)
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for subject, year, code, state in rows:
        if subject and code:
            found[subject][names.short(code) + (" (thu hồi)" if state == "THU_HOI" else "")].add(int(year))
    return {
        subject: "; ".join(f"{word} {_years(years)}" for word, years in sorted(awards.items()))
        for subject, awards in found.items()
    }


def _years(years: Iterable[int]) -> str:
    """Write years that follow one another as a span: `2021–2023, 2025`."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}–{b}" if b > a + 1 else f"{a}, {b}" for a, b in spans)


def counts_text(parts: Mapping[Part, Sequence[Nomination]]) -> str:
    """How many stand in each part, for the title block."""
    words = (f"{part.value.partition('.')[0]} {_lower(part.short)}: {len(items)}" for part, items in parts.items())
    return "; ".join(words) + "."


def sentence(text: str) -> str:
    """A clause as a sentence's beginning."""
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def labels_of(results: Results, name: str) -> Mapping[str, str]:
    """Labels of a drop-down list by code."""
    return results.dataset.province.lists.labels[name]


def shared_columns(results: Results, verdicts: Verdicts, items: Sequence[Nomination]) -> dict[str, Sequence[Any]]:
    """Columns that both lists have."""
    awards = Awards(results)
    names = results.dataset.province.units["ten_don_vi"].to_dict()
    return {
        "stt": range(1, len(items) + 1),
        "ma_don_vi": [Cell(i.unit, link=("unit", i.unit)) for i in items],
        "don_vi": [names.get(i.unit) for i in items],
        "danh_hieu": [awards.full(i.title, i.form) for i in items],
        "cap": [LEVELS.get(i.level or "", i.level) for i in items],
        "dong_y": [i.votes for i in items],
        "tong": [i.voters for i in items],
        "ty_le": [i.share for i in items],
        "thanh_tich": [i.achievement for i in items],
        "dieu_kien": [verdicts.conditions(i.row_id) for i in items],
        "vao_danh_sach": [i.verdict for i in items],
        "phat_hien": [i.finding_count for i in items],
    }
