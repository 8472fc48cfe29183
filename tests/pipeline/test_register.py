"""The register has no gap: every legal check is carried out, every record is implemented, tested, and complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.checks import CHECKS
from pipeline.rule_pages import rule_list, rule_page
from schemas.rules import editions, register

ROOT = Path(__file__).parents[2]
LEGAL_CHECKS = {f"R{n:02d}" for n in range(1, 69)}
FAMILIES = {
    "V": 20, "DK": 10, "HS": 5, "QT": 9, "HT": 9, "CC": 8, "ND": 4, "PT": 6, "DH": 4, "SK": 2, "DP": 6, "PH": 5,
    "KT": 3, "XL": 3, "LP": 12, "XH": 7,
}  # fmt: skip
TESTS = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.py"))
PIPELINE = {p: p.read_text(encoding="utf-8") for p in (ROOT / "pipeline").rglob("*.py")}
#: Families whose checks run cell by cell: while reading and parsing what units sent, while reading decisions back.
BY_CELL = ("V-", "KL-")


def test_every_check_of_the_legal_catalogue_is_carried_out() -> None:
    covered = {number for rule in register().values() for number in rule.covers}
    assert LEGAL_CHECKS - covered == set()
    assert covered - LEGAL_CHECKS == set()


def test_every_family_of_the_catalogue_is_there_without_a_gap() -> None:
    wanted = {f"{family}-{n:02d}" for family, most in FAMILIES.items() for n in range(1, most + 1)} | {"V-LAW"}
    assert wanted - set(register()) == set()


@pytest.mark.parametrize("code", list(register()))
def test_a_record_is_complete_implemented_and_tested(code: str) -> None:
    rule = register()[code]
    assert rule.title and rule.meaning and rule.source and rule.since
    assert all(target in register() for target in rule.read_by)
    implemented = {check.code for check in CHECKS}
    if rule.read_by:
        assert code not in implemented and not rule.variants
        return
    if code.startswith(BY_CELL):
        assert any(f'"{code}"' in text for text in PIPELINE.values()) or f'"{code}.' in _schema_text()
    else:
        assert code in implemented
        assert rule.method, "how it is computed is not told"
        assert rule.worked, "no worked example"
    assert f'"{code}' in TESTS or code.startswith("V-"), "no test names it"  # V: the sample's key, test_sample.py
    if code.startswith("KL-"):
        names = ("test_decisions.py", "test_year.py")
        tests = "".join((ROOT / "tests/pipeline" / name).read_text(encoding="utf-8") for name in names)
        assert [name for name in rule.variants if f'"{name}"' not in tests] == []
    if code in implemented and not code.startswith(("V-", "HS-02", "QT-03")):
        tests = "".join(
            p.read_text(encoding="utf-8") for p in (ROOT / "tests/pipeline/checks").glob("*.py")
        )  # fmt: skip
        missing = [name for name in rule.variants if f'"{name}"' not in tests]
        assert missing == [], f"{code}: no test shows {missing}"


def _schema_text() -> str:
    return (ROOT / "schemas/frames.py").read_text(encoding="utf-8")


def test_every_check_has_a_record_and_every_parameter_is_read() -> None:
    assert {check.code for check in CHECKS} <= set(register())
    source = "".join(PIPELINE.values())
    unread = [
        f"{code}.{name}"
        for code, rules in editions().items()
        for rule in rules
        for name in rule.parameters
        if f'"{name}"' not in source and not _built(name, source)
    ]
    assert unread == []


def _built(name: str, source: str) -> bool:
    """Whether a name is put together of a word and a code, as `don_vi_CSTDCS`."""
    parts = name.split("_")
    heads = ["_".join(parts[:n]) for n in range(1, len(parts))]
    return any(f'"{head}_{{' in source or f'"{head}"' in source for head in heads)


@pytest.mark.parametrize("code", list(register()))
def test_the_page_of_a_rule_tells_all_of_it(code: str) -> None:
    page = re.sub(r"\s+", " ", "\n".join(rule_page(code)))
    rule = register()[code]
    for text in (rule.title, rule.meaning, rule.source, rule.source_status, rule.method, rule.worked, rule.exclusions):
        assert re.sub(r"\s+", " ", text) in page
    assert "{" not in page and all(parameter in page for parameter in rule.parameters)
    assert max(map(len, rule_page(code))) <= 100


def test_the_list_of_rules_names_each_once() -> None:
    lines = list(rule_list())
    assert [line.split()[0] for line in lines if line][: len(register())] == sorted(register())
