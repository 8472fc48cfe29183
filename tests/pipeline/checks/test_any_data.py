"""Whatever is left out, doubled or strange in what was typed: no check fails, changes a row or says what it must not.

The rows are those of two units of the sample, with all sheets, past years and the configuration, and a third unit that
has sent nothing. Cells are replaced only by what validation lets through: within the limits of a number and the window
of a day; codes of a list may be unknown, as those of a province's own lists can be.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline import dataset
from pipeline.batches import read_all
from pipeline.checks import CHECKS, Check, Checked, Verdicts, run_checks
from pipeline.evidence import Evidence
from pipeline.evidence.paths import steps
from pipeline.findings import Finding, sentences
from pipeline.intake import collect
from pipeline.province import ProvinceFile, load_province
from pipeline.rulebook import open_rulebook
from pipeline.validation import AddressBook, Counts
from pipeline.versions import choose
from pipeline.workbook import write_workbook
from schemas.columns import Column, Kind, Sheet
from schemas.frames import windows_of
from schemas.province import CONFIGURATION, HISTORY
from schemas.rules import register
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import VOCABULARIES
from tests.casework import Case, D, award, form, proposal, staff, unit_row

SAMPLE = Path(__file__).parents[3] / "input_samples"
#: Units that sent, the unit that did not, and those of past years that the two took over.
SENT, SILENT = ("P3", "KV3"), "VP"
Rows = list[dict[str, Any]]
Tables = dict[str, Rows]
WINDOWS = windows_of(D(2025, 12, 1), D(2026, 11, 30), D(2027, 1, 31))
SHEETS = {
    **{("unit", s.code): s for s in UNIT_TEMPLATE.sheets},
    **{("configured", s.code): s for s in CONFIGURATION.sheets if s.code != "KY_XET"},
    **{("past", s.code): s for s in HISTORY.sheets},
}
#: Texts that people type, or that break what is put together carelessly.
TEXTS = (
    "XX9", "KV3", "CC0001", "a;;b", ";", "; ;", "CC0001; CC0002", "{x}", "{", "%s %d", "=1+1", "'", "<b>&\"", "-", "0",
    "1e9", "\\1", "x" * 300, "P3\nP4", "(", "[a-", "DN01", "NaN", "NGOAI: Lò Giả", "ĐỀ NGHỊ", "05/BB-P3",
)  # fmt: skip


@dataclasses.dataclass
class Given:
    """What a case is made of, before it is spoilt."""

    units: dict[str, Tables | None]
    configured: Tables
    past: Tables | None
    without: dict[str, set[str]] = dataclasses.field(default_factory=dict)

    def tables(self) -> Iterator[tuple[str, Tables]]:
        yield from (("unit", tables) for tables in self.units.values() if tables is not None)
        yield "configured", self.configured
        if self.past is not None:
            yield "past", self.past

    def case(self, *, backwards: bool = False, alone: bool = False) -> Case:
        units = dict(reversed(self.units.items())) if backwards else self.units
        return Case(configured=self.configured, past=self.past, without=self.without, alone=alone, **units)


def _rows(frame: pd.DataFrame, sheet: Sheet) -> Rows:
    plain = frame[[c.name for c in sheet]].astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


@cache
def _whole() -> Given:
    province = load_province(SAMPLE)
    items = [item for item in collect(SAMPLE / "hop-thu").items if item.path.split("/")[0] in SENT]
    reading = read_all(items, province)
    openings, data = reading.openings, reading.data
    choose(openings)
    frames = dataset.build(province, data, [o.record for o in openings], ()).frames
    units: dict[str, Tables | None] = {
        unit: {s.code: _rows(f[f["don_vi_nop"] == unit], s) for s in UNIT_TEMPLATE.sheets for f in [frames[s.code]]}
        for unit in SENT
    }
    assert all(len(rows) for tables in units.values() if tables for code, rows in tables.items() if code == "DE_NGHI")
    units[SILENT] = None
    known = {*SENT, SILENT, "H5", "H6"}
    ours = {row["ma_cc"] for tables in units.values() if tables for row in tables["NHAN_SU"]} | known
    configured = {s.code: _rows(province.configuration.frames[s.code], s) for s in CONFIGURATION.sheets}
    for code, name in (("DON_VI", "ma_don_vi"), ("DIEM_THAM_DINH", "don_vi"), ("DIEM_TRU", "don_vi")):
        configured[code] = [row for row in configured[code] if row[name] in known]
    assert province.history is not None
    past = {s.code: _rows(province.history.frames[s.code], s) for s in HISTORY.sheets}
    for code, name in (("KHEN_THUONG", "ma_doi_tuong"), ("NHAN_SU_NAM", "ma_cc"), ("UNG_CU", "ma_doi_tuong")):
        past[code] = [row for row in past[code] if row[name] in ours]
    return Given(units, configured, past)


def whole() -> Given:
    """A copy to spoil."""

    def copied(tables: Tables) -> Tables:
        return {code: [dict(row) for row in rows] for code, rows in tables.items()}

    kept = _whole()
    units = {unit: None if tables is None else copied(tables) for unit, tables in kept.units.items()}
    return Given(units, copied(kept.configured), None if kept.past is None else copied(kept.past))


# --- what can be wrong


def strange(column: Column, rng: random.Random) -> object:
    """A value that validation would let into this column."""
    if column.kind.numeric:
        low = -1e300 if column.low is None else column.low
        high = 1e300 if column.high is None else column.high
        value = rng.choice((low, high, max(low, min(high, 0.0)), max(low, min(high, 1.0)), (low + high) / 2))
        return float(round(value)) if column.kind is Kind.INTEGER else value
    if column.kind.temporal:
        first, last = WINDOWS[column.window] if column.window else (D.min, D.max)
        day = rng.choice((first, last, first + (last - first) / 2))
        return dt.datetime(day.year, day.month, day.day, 23, 59) if column.kind is Kind.MOMENT else day
    if column.vocabulary in VOCABULARIES and rng.random() < 0.7:
        return rng.choice(VOCABULARIES[column.vocabulary]).code
    return rng.choice(TEXTS)[: column.max_length]


def _picked(found: Given, rng: random.Random) -> tuple[str, Tables, Sheet]:
    place, tables = rng.choice(list(found.tables()))
    return place, tables, rng.choice([sheet for (at, _), sheet in SHEETS.items() if at == place])


def _key(place: str, sheet: Sheet, column: Column) -> bool:
    """Whether without this cell there is no run at all, or the row is left out when the folder is opened."""
    return place == "configured" and sheet.code == "DON_VI" and column.name == "ma_don_vi"


def blank_cells(found: Given, rng: random.Random) -> None:
    share = rng.choice((0.02, 0.2, 0.6))
    for place, tables in found.tables():
        for code, rows in tables.items():
            sheet = SHEETS.get((place, code))
            for column in sheet or ():
                for row in rows:
                    if rng.random() < share and sheet and not _key(place, sheet, column):
                        row[column.name] = None


def blank_columns(found: Given, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 12)):
        place, tables, sheet = _picked(found, rng)
        column = rng.choice(sheet.columns)
        for row in tables.get(sheet.code, ()):
            if not _key(place, sheet, column):
                row[column.name] = None


def odd_cells(found: Given, rng: random.Random) -> None:
    share = rng.choice((0.01, 0.1, 0.5))
    for place, tables in found.tables():
        for code, rows in tables.items():
            sheet = SHEETS.get((place, code))
            for column in sheet or ():
                for row in rows:
                    if rng.random() < share and sheet and not _key(place, sheet, column):
                        row[column.name] = strange(column, rng)


def odd_columns(found: Given, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 12)):
        place, tables, sheet = _picked(found, rng)
        column = rng.choice(sheet.columns)
        value = strange(column, rng)
        for row in tables.get(sheet.code, ()):
            if not _key(place, sheet, column):
                row[column.name] = value


def drop_rows(found: Given, rng: random.Random) -> None:
    for place, tables in found.tables():
        for code, rows in tables.items():
            if (place, code) in SHEETS and not (place == "configured" and code == "DON_VI"):
                share = rng.choice((0.0, 0.3, 0.9))
                rows[:] = [row for row in rows if rng.random() >= share]


def double_rows(found: Given, rng: random.Random) -> None:
    for place, tables in found.tables():
        for code, rows in tables.items():
            if (place, code) in SHEETS and rows and not (place == "configured" and code == "DON_VI"):
                rows += [dict(row) for row in rng.choices(rows, k=rng.randint(0, 5))]
                rng.shuffle(rows)


def empty_sheets(found: Given, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 6)):
        place, tables, sheet = _picked(found, rng)
        if not (place == "configured" and sheet.code in ("DON_VI", "DANH_HIEU")):
            tables[sheet.code] = []


def no_sheets(found: Given, rng: random.Random) -> None:
    for unit, tables in found.units.items():
        if tables is not None:
            found.without[unit] = set(rng.sample([s.code for s in UNIT_TEMPLATE.sheets], rng.randint(0, 6)))
            for code in found.without[unit]:
                tables[code] = []


def no_unit(found: Given, rng: random.Random) -> None:
    for unit in rng.sample(SENT, rng.randint(1, len(SENT))):
        found.units[unit] = None
        found.without.pop(unit, None)


def no_history(found: Given, rng: random.Random) -> None:
    found.past = None


def bare_configuration(found: Given, rng: random.Random) -> None:
    """Only the sheets without which nothing runs."""
    for code in found.configured:
        if code not in ("DON_VI", "DANH_HIEU", "KY_XET"):
            found.configured[code] = []


def same_keys(found: Given, rng: random.Random) -> None:
    """One unit's rows in the other's file too."""
    one, other = (found.units[unit] for unit in SENT)
    if one is None or other is None:
        return
    for sheet in UNIT_TEMPLATE.sheets:
        if not sheet.form and sheet.code not in found.without.get(SENT[1], ()):
            other[sheet.code] += [dict(row) for row in one[sheet.code] if rng.random() < 0.5]


def circle(found: Given, rng: random.Random) -> None:
    """Units that are one another's heirs."""
    codes = [row["ma_don_vi"] for row in found.configured["DON_VI"]]
    for row, heir in zip(found.configured["DON_VI"], codes[1:] + codes[:1], strict=True):
        row["ke_thua"] = heir


def odd_parameters(found: Given, rng: random.Random) -> None:
    """Values in THAM_SO that fit, that do not, and that no check can count up to; rules waived and confirmed."""
    values = ("-1", "0", "0,5", "70", "100", "1e400", "inf", "nan", "5000", "999999999999", "X; Y", ";", "31/12/2019")
    names = [(code, name) for code, rule in register().items() for name in (*rule.parameters, None)]
    for code, name in rng.choices(names, k=rng.randint(1, 60)):
        found.configured["THAM_SO"].append({"ma_quy_tac": code, "tham_so": name, "gia_tri": rng.choice(values)})
    for code in rng.choices(list(register()), k=rng.randint(0, 20)):
        found.configured["MIEN_AP_DUNG"].append({"ma_quy_tac": code, "don_vi": rng.choice(SENT)})


Spoil = Callable[[Given, random.Random], None]
SPOILS: tuple[Spoil, ...] = (
    blank_cells, blank_columns, odd_cells, odd_columns, drop_rows, double_rows, empty_sheets, no_sheets, no_unit,
    no_history, bare_configuration, same_keys, circle, odd_parameters,
)  # fmt: skip


def spoilt(spoils: Sequence[Spoil], seed: int) -> Given:
    found, rng = whole(), random.Random(seed)
    for spoil in spoils:
        spoil(found, rng)
    for unit, codes in found.without.items():
        for code in codes:  # a sheet that is not there has no rows
            if (tables := found.units[unit]) is not None:
                tables[code] = []
    return found


# --- what must hold all the same

#: Every example takes seconds; the seed of one that fails is told, a smaller one is not looked for.
FEW = {
    "deadline": None, "derandomize": True, "phases": [Phase.generate], "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}  # fmt: skip
SPOILT = {
    "spoils": st.lists(st.sampled_from(SPOILS), min_size=1, max_size=4, unique=True),
    "seed": st.integers(0, 2**32 - 1),
}


def kept(case: Case) -> dict[str, pd.DataFrame]:
    """Copies of every frame that checks can reach."""
    province = case.province
    frames = {f"sheet {code}": frame for code, frame in case.data.frames.items()}
    frames |= {f"configured {code}": frame for code, frame in province.configuration.frames.items()}
    if province.history is not None:
        frames |= {f"past {code}": frame for code, frame in province.history.frames.items()}
    return {name: frame.copy(deep=True) for name, frame in frames.items()} | {"units": province.units.copy(deep=True)}


def assert_unchanged(before: Mapping[str, pd.DataFrame], case: Case) -> None:
    after = kept(case)
    assert list(after) == list(before)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, after[name], obj=name)


def assert_told(verdicts: Verdicts) -> None:
    """Every finding is a whole sentence, and what is judged of a row was looked at."""
    for finding in verdicts.findings:
        words = sentences(finding)
        typed = "".join((finding.value, *finding.params.values()))
        assert words.what.strip() and words.fix.strip(), finding
        if not set("{}") & set(typed):
            assert not set("{}") & set(words.what + words.fix), (finding, words)
        if finding.judged and finding.about is not None:
            assert finding.about in verdicts.looked_at[finding.code], finding


def said(findings: Sequence[Finding]) -> Counter[tuple[Any, ...]]:
    """What was said, whatever the numbers of the rows."""
    return Counter(
        (f.code, f.variant, f.unit, f.subject, f.file, f.sheet, f.cell, f.value, f.person, f.severity, f.note,
         tuple(sorted(f.params.items())))
        for f in findings
    )  # fmt: skip


@settings(max_examples=3, **FEW)
@given(**SPOILT)
def test_checks_judge_any_data_alike_in_any_order_and_change_nothing(spoils: list[Spoil], seed: int) -> None:
    found = spoilt(spoils, seed)
    case = found.case()
    before = kept(case)
    verdicts = case.verdicts()
    assert_unchanged(before, case)
    assert_told(verdicts)
    assert said(verdicts.findings) == said(found.case(backwards=True).findings())


@settings(max_examples=1, **FEW)
@given(**SPOILT)
def test_a_workbook_is_made_of_any_data_and_is_the_same_each_time(spoils: list[Spoil], seed: int) -> None:
    case = spoilt(spoils, seed).case()
    before = kept(case)
    results = case.results()
    first, second = io.BytesIO(), io.BytesIO()
    write_workbook(first, results)
    write_workbook(second, dataclasses.replace(results))  # evidence is joined anew
    assert first.getvalue() == second.getvalue()
    assert_unchanged(before, case)


# --- what once failed


ASKED = {"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]}


def test_a_catalogue_in_which_no_title_has_a_code_is_replaced_by_the_shipped_one() -> None:
    case = Case(P1=ASKED, configured={"DANH_HIEU": [{"ten": "Lao động tiên tiến", "loai": "DANH_HIEU"}]})
    assert case.evidence.nominations["award_name"].tolist() == ["Lao động tiên tiến"]
    assert_told(case.verdicts())


def test_nothing_is_known_of_the_sheets_of_units_that_have_not_sent() -> None:
    case = Case(P1=None, P2=None)
    assert not case.evidence.sheet_at_hand(pd.Series(["P1", "P2", None]), "SANG_KIEN").any()
    assert_told(case.verdicts())


def test_exemplars_multiplied_nowhere_are_confirmed_by_nobody() -> None:
    exemplar = {"ma_dh": "DH01", "ten": "Tổ 1", "don_vi_phat_hien": "P1", "ngay_phat_hien": D(2026, 9, 1)}
    assert Case(P1=ASKED | {"DIEN_HINH": [exemplar]}).said("DH-04") == set()


def test_of_two_units_with_the_same_words_always_the_same_one_is_asked() -> None:
    rows = {"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "GK")]}
    for units in ({"P1": rows, "P2": rows}, {"P2": rows, "P1": rows}):
        assert {unit for unit, *_ in Case(**units).said("DK-07")} == {"P2"}


def test_no_more_past_awards_are_counted_than_there_are() -> None:
    row = {"ma_quy_tac": "DK-04", "tham_so": "so_lan_tq", "gia_tri": "100000", "tu_ngay": D(2026, 1, 1)}
    past = [award("CC1", 2022, "CSTD_NGANH"), award("CC1", 2025, "CSTD_NGANH")]
    tables = ASKED | {"DE_NGHI": [proposal("DN01", "CC1", "CSTD_TQ")]}
    case = Case(P1=tables, configured={"THAM_SO": [row]}, past={"KHEN_THUONG": past})
    found = steps(case.evidence, case.evidence.proposed, "CSTD_NGANH", 100_000)
    assert found[["times", "years", "widest"]].to_numpy().tolist() == [[2, "2022, 2025", 3.0]]


def test_a_province_whose_units_have_all_closed() -> None:
    closed = [unit_row("P1", den_ngay=D(2026, 1, 31))]
    movement = {"ma": "PT1", "ten": "Thi đua", "tu_ngay": D(2024, 1, 1), "den_ngay": D(2026, 6, 30)}
    assert_told(Case(P1=ASKED, configured={"DON_VI": closed, "PHONG_TRAO": [movement]}).verdicts())


def test_a_medal_is_counted_to_the_last_day_of_a_month_that_lacks_the_day() -> None:
    rows = [
        {"ma_quy_tac": "DK-15", "tham_so": name, "gia_tri": value, "tu_ngay": D(2026, 1, 1)}
        for name, value in (("thang", "2"), ("ngay", "31"))
    ]
    tables = ASKED | {
        "NHAN_SU": [staff("CC1", ngay_tuyen_dung=D(2020, 1, 1))],
        "DE_NGHI": [proposal("DN01", "CC1", "KNC")],
    }
    case = Case(P1=tables, configured={"THAM_SO": rows})
    assert any("28/02/2026" in text for text in case.texts("DK-15")), case.texts("DK-15")


# --- a file alone


def _never(check: Check) -> Check:
    def run(case: Evidence) -> Checked:
        raise AssertionError(f"{check.code} needs the province")

    return dataclasses.replace(check, run=run) if check.province else check


def without_folder(case: Case) -> Evidence:
    """The evidence of a file of which nothing but its own pages is known, as `tdkt check` has it."""
    nothing = ProvinceFile("", "", {}, AddressBook(), Counts())
    province = dataclasses.replace(case.province, configuration=nothing, history=None)
    return Evidence(dataclasses.replace(case.data, province=province), open_rulebook(province), alone=True)


@settings(max_examples=2, **FEW)
@given(bare=st.booleans(), **SPOILT)
def test_a_file_alone_is_judged_without_the_province(spoils: list[Spoil], seed: int, bare: bool) -> None:
    case = spoilt(spoils, seed).case(alone=True)
    assert_told(run_checks(without_folder(case) if bare else case.evidence, [_never(check) for check in CHECKS]))
