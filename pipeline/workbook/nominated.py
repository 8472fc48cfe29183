"""What the two lists of nominations share: who is in which part, with which votes, awards and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from pipeline.dataset import PERSON, UNIT
from pipeline.findings import Finding, address_key
from pipeline.results import Results
from pipeline.vietnamese import name_sort_key
from pipeline.workbook.finding_list import finding_anchor
from pipeline.workbook.rows import Rows
from pipeline.workbook.series import plain
from pipeline.workbook.table import Cell
from schemas.rules import Severity

DECISIONS = ("Đồng ý", "Không đồng ý", "Hạ mức", "Trả lại", "Để lại kỳ sau")
#: How many past years stand beside a nomination.
PAST_YEARS = 5
_MOST_REASONS = 6


class Part(Enum):
    """The parts of a list, in order, with their headings."""

    LISTED = "I. Đề nghị, được vào danh sách"
    STOPPED = "II. Chưa được vào danh sách (còn lỗi CHẶN, phải sửa)"
    NOT_PROPOSED = "III. Đã xét, không đề nghị"


@dataclass(slots=True)
class Nomination:
    """One row of DE_NGHI as the lists show it."""

    row_id: int
    unit: str
    code: str
    name: str
    person: str | None
    title: str | None  #: code of the title
    form: str | None  #: code of the form of commendation
    rung: int
    proposed: bool | None
    achievement: str | None
    votes: float | None = None
    voters: float | None = None  #: all who may vote in the unit
    findings: list[Finding] = field(default_factory=list)

    @property
    def part(self) -> Part:
        """Part of the list in which it stands; nothing is left out."""
        if self.proposed is False:
            return Part.NOT_PROPOSED
        return Part.STOPPED if self.proposed is None or self._of(Severity.BLOCKING) else Part.LISTED

    def _of(self, severity: Severity) -> list[Finding]:
        return [f for f in self.findings if f.judged and f.severity is severity]

    @property
    def verdict(self) -> Cell:
        """Whether it enters the list, and what stands in the way: codes, cells."""
        blocking, reasons = self._of(Severity.BLOCKING), self._of(Severity.NEEDS_REASON)
        if blocking:
            return Cell(f"■ CHẶN: {_places(blocking)}", "severity_BLOCKING")
        if self.proposed is None:
            return Cell("■ CHẶN: chưa rõ kết quả xét", "severity_BLOCKING")
        if reasons:
            return Cell(f"▲ Cần giải trình: {_places(reasons)}", "severity_NEEDS_REASON")
        return Cell("● Được" if self.proposed else "– Không đề nghị", "status_ACCEPTED" if self.proposed else "text")

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


def _places(findings: Iterable[Finding]) -> str:
    words = [f"{f.code} ô {f.sheet}!{f.cell}" if f.cell else f.code for f in sorted(findings, key=_by_place)]
    words = list(dict.fromkeys(words))
    more = len(words) - _MOST_REASONS
    return "; ".join(words[:_MOST_REASONS]) + (f" và {more} chỗ nữa" if more > 0 else "")


def _by_place(finding: Finding) -> tuple[Any, ...]:
    return finding.code, finding.sheet, address_key(finding.cell)


class Nominations:
    """Both lists of one run. Order: units as configured, highest rung first, then names as in Vietnamese."""

    def __init__(self, results: Results) -> None:
        """Gather nothing yet."""
        self.results = results

    @cached_property
    def _rows(self) -> Rows:
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
    def everything(self) -> tuple[list[Nomination], list[Nomination]]:
        """Return (collectives, persons); a row that does not say which counts as a person's."""
        frame = self.results.dataset.frames["DE_NGHI"]
        names = (
            "ma_dn",
            "ten_doi_tuong",
            PERSON,
            "danh_hieu",
            "hinh_thuc",
            "ket_qua",
            "thanh_tich",
            "doi_tuong",
        )
        columns = [plain(frame[name]) for name in names]
        staff, votes, voters = self._staff_rows(), self._votes(), self._voters()
        lists: tuple[list[Nomination], list[Nomination]] = ([], [])
        for row_id, unit, code, name, person, title, form, result, text, kind in zip(
            frame.index, frame[UNIT], *columns, strict=True
        ):
            rung = self._rungs.get(title or form or "", 0)
            proposed = None if result is None else result == "DE_NGHI"
            item = Nomination(
                int(row_id),
                unit,
                code or "",
                name or "(chưa ghi tên)",
                person,
                title,
                form,
                rung,
                proposed,
                text,
            )
            ballots = votes.get((unit, item.code))
            item.votes, item.voters = (ballots[1] if ballots else None), voters.get(unit)
            related = [item.row_id, staff.get((unit, person)), ballots[0] if ballots else None]
            item.findings = self._findings(item, [row for row in related if row is not None])
            lists[0 if kind == "TT" else 1].append(item)
        for entries in lists:
            entries.sort(key=self._order)
        return lists

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

    def _staff_rows(self) -> dict[tuple[str, str | None], int]:
        staff = self.results.dataset.frames["NHAN_SU"]
        return {(u, p): int(i) for i, u, p in zip(staff.index, staff[UNIT], plain(staff[PERSON]), strict=True) if p}

    def _votes(self) -> dict[tuple[str, str], tuple[int, float | None]]:
        """Row and votes for, of the last round in the unit, by unit and nomination."""
        ballots = self.results.dataset.frames["PHIEU"]
        own = ballots[(ballots["cap_hop"] == "DON_VI") & ballots["ma_dn"].notna()].sort_values("vong", kind="stable")
        rows = zip(own.index, own[UNIT], plain(own["ma_dn"]), plain(own["dong_y"]), strict=True)
        return {(unit, code): (int(row_id), votes) for row_id, unit, code, votes in rows}

    def _voters(self) -> dict[str, float | None]:
        form = self.results.dataset.frames["DON_VI"]
        return dict(zip(form[UNIT], plain(form["tong_thanh_vien"]), strict=True))

    def _findings(self, item: Nomination, rows: Sequence[int]) -> list[Finding]:
        found = [f for row_id in rows for f in self._rows.of_row(row_id)]
        subjects = dict.fromkeys(s for s in (item.code, item.person) if s)
        found += [f for subject in subjects for f in self._rows.of_subject(item.unit, subject)]
        return list({id(f): f for f in found}.values())


def past_awards(results: Results, kind: str) -> Mapping[str, str]:
    """Awards of the five years before, as `LDTT 2021–2025`; of persons (`CN`) or collectives (`TT`)."""
    province = results.dataset.province
    if province.history is None:
        return {}
    awards = province.history.frames["KHEN_THUONG"]
    first = province.period.year - PAST_YEARS
    chosen = awards[(awards["doi_tuong"] == kind) & awards["nam"].between(first, province.period.year - 1)]
    what = chosen["danh_hieu"].where(chosen["danh_hieu"].notna(), chosen["hinh_thuc"])
    rows = zip(plain(chosen["ma_doi_tuong"]), chosen["nam"], plain(what), plain(chosen["tinh_trang"]), strict=True)
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for subject, year, code, state in rows:
        if subject and code:
            found[subject][f"{code} (thu hồi)" if state == "THU_HOI" else code].add(int(year))
    return {
        subject: "; ".join(f"{code} {_years(years)}" for code, years in sorted(awards.items()))
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
    return "; ".join(f"phần {part.value.split('.')[0]}: {len(items)}" for part, items in parts.items()) + "."


def labels_of(results: Results, name: str) -> Mapping[str, str]:
    """Labels of a drop-down list by code."""
    return results.dataset.province.lists.labels[name]


def shared_columns(results: Results, items: Sequence[Nomination]) -> dict[str, Sequence[Any]]:
    """Columns that both lists have."""
    titles, forms = labels_of(results, "DANH_HIEU"), labels_of(results, "HINH_THUC")
    names = results.dataset.province.units["ten_don_vi"].to_dict()
    return {
        "stt": range(1, len(items) + 1),
        "ma_don_vi": [Cell(i.unit, link=("unit", i.unit)) for i in items],
        "don_vi": [names.get(i.unit) for i in items],
        "danh_hieu": [titles.get(i.title, i.title) if i.title else None for i in items],
        "hinh_thuc": [forms.get(i.form, i.form) if i.form else None for i in items],
        "dong_y": [i.votes for i in items],
        "tong": [i.voters for i in items],
        "ty_le": [i.share for i in items],
        "thanh_tich": [i.achievement for i in items],
        "vao_danh_sach": [i.verdict for i in items],
        "phat_hien": [i.finding_count for i in items],
    }
