"""No unit sees what another sent: marks planted in each unit's cells are looked for in every part of every reply."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.findings import Finding
from pipeline.replies.audience import AUDIENCE, entry_of
from pipeline.template import Contents
from schemas.columns import Kind
from schemas.rules import Severity, register
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD, nomination, person
from tests.pipeline.replies.post import (
    answer,
    letter,
    new_province,
    of_unit,
    parts,
    receive,
    reply_path,
    slip_text,
    unit_bytes,
)

NAMES = {"P1": "Phòng 1", "P2": "Phòng 2"}
SAME_TEXT = (
    "Trực tiếp giải quyết án hình sự được phân công đúng thời hạn, không để xảy ra oan, sai, lọt tội phạm; "
    "kiểm sát chặt chẽ việc tiếp nhận tin báo, ban hành kiến nghị được chấp nhận toàn bộ."
)
#: Findings on two units at once: each reaches both (HS-03 the one with the later day), none holds the other's data.
SHARED = {"P1": ("V-05", "DK-08", "HT-01", "SK-04"), "P2": ("V-05", "DK-08", "HT-01", "SK-04", "HS-03")}


def mark(unit: str, *rest: str) -> str:
    return "".join(("DAU", unit, "X", *rest))


def marked(unit: str) -> Contents:
    """A unit's file with its mark in every cell of free text, and what it shares with the other unit."""
    day = {"P1": dt.date(2024, 1, 5), "P2": dt.date(2024, 1, 6)}[unit]
    shared: dict[str, Any] = {"ma_cc": "CC0777", "ho_ten": "Chung Thử Người"}
    born = dt.date(1980, 1, 7)
    own = of_unit(unit, NAMES[unit])
    contents = {
        **own,
        "NHAN_SU": [
            *own["NHAN_SU"],
            person(code=shared["ma_cc"], name=shared["ho_ten"]),
            person(f"CC{unit}99", "Trùng Tên Sinh", ngay_sinh=born),
        ],
        "DE_NGHI": [
            *own["DE_NGHI"],
            nomination("DN07", shared["ma_cc"], shared["ho_ten"]),
            nomination("DN08", f"CC{unit}99", "Trùng Tên Sinh", thanh_tich=SAME_TEXT),
        ],
        "LICH_SU": [{
            "doi_tuong": "Cá nhân", "ma_doi_tuong": "CC0001", "ten_doi_tuong": "Lò Giả An", "nam": 2023,
            "danh_hieu": "Lao động tiên tiến", "so_qd": "77/QĐ-VKS", "ngay_qd": day, "co_quan_qd": "VKSND tỉnh",
        }],
    }  # fmt: skip
    return {
        code: [_with_marks(unit, code, number, row) for number, row in enumerate(rows)]
        for code, rows in contents.items()
    }


def _with_marks(unit: str, code: str, number: int, row: Any) -> dict[str, Any]:
    sheet = UNIT_TEMPLATE.by_code[code]
    taken = {"ten", "thanh_tich", "ho_ten", "ten_doi_tuong", "so_qd", "co_quan_qd"}
    cells = dict(row)
    for column in sheet:
        free = column.kind is Kind.TEXT and not column.locked and not column.refers_to and not column.subject_kind
        if free and column.name not in taken and not column.name.startswith("ma_") and column.max_length >= 40:
            cells[column.name] = mark(unit, code, str(number), column.name.replace("_", ""))
    if code == "DE_NGHI" and number == 0:
        cells["thanh_tich"] = f"{mark(unit, 'thanhtich')} giải quyết 42/42 vụ án."
    if code == "HOAT_DONG" or (code == "DE_NGHI" and number == 1):
        cells["ket_qua"] = mark(unit, "sai")  # not in its list
    return cells


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = new_province(tmp_path_factory.mktemp("tinh"))
    for unit in NAMES:
        receive(folder, f"chung-{unit}/TDKT_{unit}.xlsx", unit_bytes(folder, unit, marked(unit)))
    receive(
        folder, f"{mark('P1', 'thumuc')}/cu/TDKT_P1_cu.xlsx", unit_bytes(folder, "P1", GOOD), dt.datetime(2026, 11, 1)
    )
    target = tmp_path_factory.mktemp("ra")
    _found.extend(answer(folder, target)[0].findings)
    return target


_found: list[Finding] = []


def everything(output: Path, unit: str) -> dict[str, str]:
    """Every part of what a unit gets, as text: of the workbook, and of the mail with the workbook inside it."""
    found = parts(reply_path(output, unit).read_bytes())
    message = letter(output, f"{unit}/{unit}.eml")
    found["headers"] = "\n".join(f"{name}: {value}" for name, value in message.items())
    for number, part in enumerate(message.walk()):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            inside = parts(content) if content[:2] == b"PK" else {"": content.decode()}
            found |= {f"mail {number} {name}": text for name, text in inside.items()}
    return found


@pytest.mark.parametrize("unit", NAMES)
def test_a_unit_gets_its_own_marks_and_none_of_the_others(output: Path, unit: str) -> None:
    other = next(code for code in NAMES if code != unit)
    found = everything(output, unit)
    assert any(mark(unit) in text for text in found.values())
    assert [name for name, text in found.items() if mark(other) in text] == []
    assert [name for name, text in found.items() if mark(unit, "thumuc") in text] == []  # nor the office's folders


@pytest.mark.parametrize("unit", NAMES)
def test_what_concerns_two_units_is_told_to_both_without_the_other(output: Path, unit: str) -> None:
    findings = [f for f in _found if f.unit == unit]
    assert set(SHARED[unit]) <= {f.code for f in findings}
    text = slip_text(reply_path(output, unit))
    other = next(code for code in NAMES if code != unit)
    assert all(code in text for code in SHARED[unit])
    assert other not in text and NAMES[other] not in text
    comments = [t for name, t in parts(reply_path(output, unit).read_bytes()).items() if "comments" in name]
    assert comments and not any(other in t or NAMES[other] in t for t in comments)


def test_the_office_sees_the_other_unit_on_the_same_findings(output: Path) -> None:
    """Otherwise the test above would show nothing."""
    params = [dict(f.params) for f in _found if f.code in SHARED["P1"] and f.unit == "P1"]
    assert "P2" in json.dumps(params, ensure_ascii=False)


def test_every_rule_has_a_line_that_decides_who_is_told() -> None:
    for code, rule in register().items():
        for variant in rule.variants:
            assert entry_of(code, variant).reason
    assert all(any(code.startswith(e.begins) or e.begins.startswith(code) for code in register()) for e in AUDIENCE)


#: Of the province or its office, never of a unit: nobody's status waits for them.
OF_THE_PROVINCE = {"HM-01", "HM-04", "KL", "V-14.mbox"}


def test_what_makes_a_unit_mend_is_always_told_to_it() -> None:
    grave = (Severity.BLOCKING, Severity.NEEDS_REASON)
    hidden = {
        f"{code}.{variant}"
        for code, rule in register().items()
        for variant, words in rule.variants.items()
        if (words.severity in grave or words.confirmed in grave) and not entry_of(code, variant).told
    }
    assert {name for name in hidden if not name.startswith(tuple(OF_THE_PROVINCE))} == set()


#: Fields of a sentence that hold what another unit sent.
QUOTING = ("noi_khac}", "don_vi_khac}")


def test_a_sentence_that_quotes_another_unit_has_words_for_the_unit() -> None:
    for code, rule in register().items():
        for variant, words in rule.variants.items():
            quotes = entry_of(code, variant).told and any(field in words.why + words.fix for field in QUOTING)
            if quotes and (code, variant) != ("DK-08", "twice"):  # that is within one unit
                assert words.unit_why, f"{code}.{variant}"
            assert not any(field in words.unit_why + words.unit_fix for field in QUOTING)
