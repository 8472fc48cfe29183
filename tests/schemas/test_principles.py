"""The five principles: every check is mapped to one, or declared to speak of something else; and the article map."""

from __future__ import annotations

import pytest

from pipeline.workbook import SHEETS
from schemas.article import MARKS, UNIT_PAGES, article
from schemas.principles import MAPPINGS, Principle, mapping_of, principle_of
from schemas.rules import register


@pytest.mark.parametrize("code", register())
def test_every_check_is_mapped(code: str) -> None:
    mapping = mapping_of(code)
    assert (mapping.principle is None) == bool(mapping.elsewhere)


def test_a_family_that_nobody_mapped_is_not_taken_for_another() -> None:
    with pytest.raises(KeyError):
        mapping_of("ZZ-01")


def test_no_record_is_without_a_check() -> None:
    for mapping in MAPPINGS:
        found = [c for c in register() if c == mapping.code or (mapping.code[-1] == "-" and c.startswith(mapping.code))]
        assert found, mapping.code
    assert len({mapping.code for mapping in MAPPINGS}) == len(MAPPINGS)


def test_where_else_to_read_is_a_sheet() -> None:
    names = {module.PLAN.name for module in SHEETS}
    for mapping in MAPPINGS:
        if mapping.elsewhere:
            places = mapping.elsewhere.partition(": xem ")[2].split(", ")
            assert places and set(places) <= names


def test_each_principle_has_its_own_checks() -> None:
    assert principle_of("V-07") is Principle.ACCURATE and principle_of("V-20") is Principle.TIMELY
    assert principle_of("QT-01") is Principle.DEMOCRATIC and principle_of("QT-06") is Principle.OPEN
    assert principle_of("LP-01") is Principle.FAIR and principle_of("PT-01") is None
    assert {principle_of(code) for code in register()} == {*Principle, None}


class TestArticle:
    def test_every_sentence_of_the_reference_is_there_once_in_order(self) -> None:
        numbers = [f"S{number:02d}" for number in range(1, 81)]
        numbers.insert(numbers.index("S48") + 1, "S48b")
        assert [sentence.id for sentence in article()] == numbers

    def test_every_sentence_leads_to_sheets_that_exist(self) -> None:
        names = {module.PLAN.name for module in SHEETS} | {UNIT_PAGES}
        for sentence in article():
            assert sentence.sheets and set(sentence.sheets) <= names, sentence.id

    def test_every_code_is_registered(self) -> None:
        assert {code for sentence in article() for code in sentence.codes} <= set(register())

    def test_what_cannot_be_checked_says_why(self) -> None:
        for sentence in article():
            assert sentence.mark in MARKS
            assert sentence.note or sentence.mark != "○", sentence.id
            assert sentence.codes or sentence.note or sentence.mark == "●", sentence.id
