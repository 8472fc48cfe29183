"""From findings to sentences, groups and order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.findings import (
    Finding,
    address_key,
    column_letters,
    column_number,
    frame,
    from_frame,
    grouped,
    ranges_text,
    sentences,
    sort_key,
)
from schemas.rules import NOT_JUDGED, RecordError, Severity, read_record, register

#: Words of programmers that no official should meet.
JARGON = re.compile(r"\b(null|none|nan|dtype|schema|dataframe|index|string|float|int|exception|error|invalid)\b", re.I)


@pytest.mark.parametrize("code", list(register()))
def test_every_sentence_formats_and_is_plain_vietnamese(code: str) -> None:
    rule = register()[code]
    for variant, words in rule.variants.items():
        text = sentences(Finding(code, variant))
        for part in (text.what, text.fix, rule.title, rule.meaning):
            assert part and "{" not in part
            assert not JARGON.search(part), part
        assert words.fix.endswith((".", "…"))


def test_every_variant_is_used_by_the_program() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in Path("pipeline").rglob("*.py"))
    unused = [
        f"{code}.{variant}"
        for code, rule in register().items()
        for variant in rule.variants
        if f'"{variant}"' not in source and f".{variant}" not in Path("schemas/frames.py").read_text(encoding="utf-8")
    ]
    assert unused == []


def test_a_rule_that_is_not_verified_may_not_block() -> None:
    record = {
        "title": "t", "meaning": "m", "severity": "CHẶN", "source": "s", "source_status": "cần xác minh (thực tiễn)",
        "since": "0", "variants": {"a": {"why": "w", "fix": "f"}},
    }  # fmt: skip
    with pytest.raises(RecordError, match="CHẶN"):
        read_record("X-01", record)
    read_record("X-01", {**record, "severity": "GIẢI TRÌNH"})
    with pytest.raises(RecordError, match="thiếu"):
        read_record("X-01", {"title": "t"})


def test_a_missing_field_never_breaks_a_report() -> None:
    assert "…" in sentences(Finding("V-07", "count", sheet="DON_VI", cell="C16", value="4")).what


def test_not_judged_is_its_own_severity() -> None:
    finding = Finding("V-07", "not_judged", params={"trang_goc": "NHAN_SU"})
    assert sentences(finding).severity == NOT_JUDGED
    assert sort_key(finding) > sort_key(Finding("V-10", "spaces"))


def test_equal_findings_are_one_line_with_their_cells() -> None:
    cells = [Finding("V-04", "unknown", "P1", sheet="S", cell=f"E{n}", value="x") for n in (12, 14, 13, 25)]
    other = Finding("V-04", "unknown", "P1", sheet="S", cell="E9", value="y")
    groups = grouped([*cells, other])
    assert {(g.first.value, g.cells) for g in groups} == {("x", ("E12", "E13", "E14", "E25")), ("y", ("E9",))}
    assert sum(g.size for g in groups) == 5


def test_ranges_text() -> None:
    assert ranges_text(["E20", "E12", "E13", "AA1", "B7:B9"]) == "E12–E13, E20, AA1, B7:B9"
    assert ranges_text([f"A{n}" for n in range(1, 60, 2)], most=3) == "A1, A3, A5 và 27 chỗ nữa"


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", 16384)])
def test_columns(letters: str, number: int) -> None:
    assert column_number(letters) == number and column_letters(number) == letters


def test_addresses_sort_as_excel_reads() -> None:
    assert sorted(["B10", "A2", "AA1", ""], key=address_key) == ["", "AA1", "A2", "B10"]


def test_frame_and_back() -> None:
    findings = [Finding("V-02", "required", "P1", cell="A1", params={"cot": "x"}, row_id=3), Finding("V-20", "nothing")]
    assert from_frame(frame(findings)) == findings
    assert from_frame(frame([])) == []


def test_severities_are_ordered() -> None:
    assert [s.rank for s in Severity] == [0, 1, 2, 3]
