"""V-LAW: cited documents on the day of the letter, titles in use, rule sets of the period."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.checks.law import citation_key
from schemas.rules import Severity
from schemas.rules.sets import DOCUMENTS
from tests.casework import Case, form, proposal

D = dt.date
SENT = D(2026, 11, 12)
CITED, LETTER = "can_cu_phap_ly", "ngay_to_trinh"


def cells() -> tuple[str, str]:
    """Cells of the citation and of the letter's day on DON_VI."""
    case = Case(P1={"DON_VI": [form(**{CITED: None, LETTER: None})]})
    found = {f.column: f.cell for f in case.findings("V-LAW")}
    return found[CITED], found[LETTER]


def said(cited: str | None, letter: dt.date | None = SENT) -> list[tuple[str, str]]:
    case = Case(P1={"DON_VI": [form(**{CITED: cited, LETTER: letter})]})
    return sorted((f.variant, f.params.get("van_ban", "")) for f in case.findings("V-LAW"))


def test_what_is_missing_is_named() -> None:
    assert said(None) == [("not_judged", "")]
    assert said("Luật TĐKT 2022", None) == [("not_judged", "")]
    assert len(set(cells())) == 2


@pytest.mark.parametrize(
    ("cited", "letter", "expected"),
    [
        ("Luật TĐKT 2022; TT 02/2024/TT-VKSTC; NĐ 152/2025/NĐ-CP", D(2026, 11, 12), []),
        ("Nghị định số 98/2023/NĐ-CP", D(2026, 11, 12), [("expired", "NĐ 98/2023/NĐ-CP")]),
        ("NĐ 98 / 2023 / NĐ – CP", D(2026, 11, 12), [("expired", "NĐ 98/2023/NĐ-CP")]),
        ("NĐ 98/2023/NĐ-CP", D(2025, 6, 30), []),  # its last day
        ("NĐ 98/2023/NĐ-CP", D(2025, 7, 1), [("expired", "NĐ 98/2023/NĐ-CP")]),
        ("NĐ 152/2025/NĐ-CP", D(2025, 6, 30), [("not_yet", "NĐ 152/2025/NĐ-CP")]),
        ("QĐ 98/2023/QĐ-VKSTC; KH 198/2023", D(2026, 11, 12), []),
        ("Luật Thi đua, khen thưởng năm 2003", D(2026, 11, 12), [("expired", "Luật Thi đua, khen thưởng 2003")]),
        ("Luật TĐKT 2022; Luật khác 2003", D(2026, 11, 12), []),
        ("TT 01/2019/TT-VKSTC", D(2024, 10, 1), [("expired", "TT 01/2019/TT-VKSTC")]),
        ("TT 02/2024/TT-VKSNDTC", D(2024, 9, 30), [("not_yet", "TT 02/2024/TT-VKSTC")]),
        ("Quy chế của đơn vị", D(2026, 11, 12), []),
    ],
)
def test_citations(cited: str, letter: dt.date, expected: list[tuple[str, str]]) -> None:
    assert said(cited, letter) == expected


def test_the_successor_is_the_text_of_that_day() -> None:
    def successor(letter: dt.date) -> str:
        case = Case(P1={"DON_VI": [form(**{CITED: "NĐ 91/2017/NĐ-CP", LETTER: letter})]})
        return case.findings("V-LAW")[0].params["thay_the"]

    assert successor(D(2024, 11, 12)) == "NĐ 98/2023/NĐ-CP"
    assert successor(D(2026, 11, 12)) == "NĐ 152/2025/NĐ-CP"


def test_citation_key_keeps_what_the_patterns_need() -> None:
    assert citation_key("Luật  TĐKT\nsố 06/2022/QH15 ;NĐ 98 / 2023 / NĐ‑CP") == (
        "luat tdkt;so 06/2022/qh15 ;nd 98/2023/nd-cp"
    )
    for document in DOCUMENTS:  # each document is found by its own name
        assert document.cited_in(citation_key(document.name)), document.name
        assert [d.name for d in DOCUMENTS if d.cited_in(citation_key(document.name))] == [document.name]


def catalogue(**more: object) -> list[dict[str, object]]:
    row = {
        "ma": "LDTT", "ten": "Lao động tiên tiến", "loai": "DANH_HIEU", "doi_tuong": "CN", "bac": 1.0,
        "cap_quyet_dinh": "TINH", "tu_ngay": D(2019, 1, 1), "can_cu": "x", "trang_thai": "CAN_XAC_MINH",
    }  # fmt: skip
    return [row | more, row | more | {"ma": "GK", "ten": "Giấy khen", "loai": "HINH_THUC"}]


@pytest.mark.parametrize(
    ("dates", "fires"),
    [
        ({"den_ngay": D(2026, 11, 29)}, True),
        ({"den_ngay": D(2026, 11, 30)}, False),
        ({"tu_ngay": D(2026, 12, 1)}, True),
        ({"tu_ngay": D(2026, 11, 30)}, False),
    ],
)
def test_titles_in_use_on_the_last_day(dates: dict[str, dt.date], fires: bool) -> None:
    rows = [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "GK")]
    rows.append(proposal("DN03", "CC2", "LDTT", ket_qua="KHONG_DE_NGHI"))
    case = Case(P1={"DE_NGHI": rows}, configured={"DANH_HIEU": catalogue(**dates)})
    expected = {("P1", "DE_NGHI", cell, "title_not_in_use") for cell in ("F5", "G6")}
    assert case.said("V-LAW") == (expected if fires else set())
    assert all(f.severity is Severity.NEEDS_REASON for f in case.findings("V-LAW"))


def period(first: dt.date, last: dt.date, **more: object) -> list[tuple[str, dict[str, str]]]:
    case = Case(P1={}, period=(first, last), **more)  # type: ignore[arg-type]
    return [(f.variant, dict(f.params)) for f in case.findings("V-LAW") if f.unit == ""]


def test_a_period_across_a_change_of_law_is_said_once_for_the_province() -> None:
    assert period(D(2025, 12, 1), D(2026, 11, 30)) == []
    ((variant, words),) = period(D(2024, 12, 1), D(2025, 11, 30))
    assert (variant, words["ngay"], words["bo"]) == ("straddles", "01/07/2025", "RS-2025")
    chosen = {
        "ma_quy_tac": "V-LAW", "tham_so": "ngay_chon", "gia_tri": "30/6/2025", "tu_ngay": D(2025, 1, 1),
        "van_ban": "12/HD", "nguoi_chot": "Lò Giả An", "ngay_chot": D(2025, 1, 6),
    }  # fmt: skip
    ((variant, words),) = period(D(2024, 12, 1), D(2025, 11, 30), configured={"THAM_SO": [chosen]})
    assert (variant, words["bo"]) == ("straddles", "RS-2024b")


def test_no_rule_set_before_the_first() -> None:
    ((variant, _),) = period(D(2017, 12, 1), D(2018, 11, 30))
    assert variant == "no_rule_set"


def test_nothing_at_all() -> None:
    assert Case(P1={}, P2=None).said("V-LAW") == set()
