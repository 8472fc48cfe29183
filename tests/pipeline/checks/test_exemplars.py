"""Exemplars (DH): for each rule a table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.checks.exemplars import exemplars_of, receivers_of, unit_counts
from schemas.rules import Severity
from tests.casework import Case, form, staff

D = dt.date
FOUND = D(2026, 9, 1)


def exemplar(code: str = "DH01", found: dt.date | None = FOUND, **more: Any) -> dict[str, Any]:
    return {
        "ma_dh": code, "loai": "DIEN_HINH", "ten": f"Tổ {code}", "don_vi_phat_hien": "P1", "ngay_phat_hien": found,
    } | more  # fmt: skip


FULL = {"ngay_boi_duong": D(2026, 9, 10), "ngay_tong_ket": D(2026, 10, 1), "ngay_nhan_rong": D(2026, 10, 20)}


def test_dh_01_unit_without_an_exemplar() -> None:
    case = Case(
        P1={"DON_VI": [form()]},
        P2={"DON_VI": [form("P2")], "DIEN_HINH": [exemplar(don_vi_phat_hien="P2")]},
        P3={"DON_VI": [form("P3")], "DIEN_HINH": [exemplar(found=D(2025, 3, 1))]},
        P4={"DON_VI": [form("P4")], "DIEN_HINH": [exemplar(found=None)]},
        P5={"DON_VI": [form("P5")]},
        P6={"DON_VI": [form("P6")], "DIEN_HINH": [exemplar(found=D(2025, 3, 1), ngay_boi_duong=D(2026, 1, 5))]},
        without={"P5": {"DIEN_HINH"}},
    )
    assert case.said("DH-01") == {
        ("P1", "DON_VI", "C6", "none"), ("P3", "DON_VI", "C6", "none_in_period"),
        ("P4", "DON_VI", "C6", "not_judged"), ("P5", "DON_VI", "C6", "not_judged"),
    }  # fmt: skip
    assert case.looked_at("DH-01") == 6
    assert {f.severity for f in case.findings("DH-01") if f.judged} == {Severity.WARNING}


def test_dh_02_counts_from_the_last_stage_to_the_letter() -> None:
    rows = [
        exemplar("DH01", D(2026, 2, 10)),  # 275 days
        exemplar("DH02", D(2026, 5, 16)),  # 180 days: not more
        exemplar("DH03", D(2026, 5, 15)),  # 181 days
        exemplar("DH04", D(2026, 1, 10), ngay_boi_duong=D(2026, 9, 1)),  # goes on
        exemplar("DH05", D(2026, 1, 10), ngay_boi_duong=D(2026, 2, 1), ngay_tong_ket=D(2026, 3, 1)),
        exemplar("DH06", D(2026, 1, 10), **{k: D(2026, 1, 20) for k in FULL}),
        exemplar("DH07", None),
    ]
    case = Case(P1={"DON_VI": [form(ngay_to_trinh=D(2026, 11, 12))], "DIEN_HINH": rows})
    assert case.said("DH-02") == {
        ("P1", "DIEN_HINH", "G5", "halted"), ("P1", "DIEN_HINH", "G7", "halted"), ("P1", "DIEN_HINH", "J9", "halted"),
    }  # fmt: skip
    assert case.looked_at("DH-02") == 6
    text = next(t for t in case.texts("DH-02") if "DH01" in t)
    assert "khâu phát hiện" in text and "275 ngày" in text and "10/02/2026" in text
    assert {f.severity for f in case.findings("DH-02")} == {Severity.INFORMATION}


def test_dh_02_without_a_letter_is_said_once() -> None:
    rows = [exemplar("DH01", D(2026, 1, 1)), exemplar("DH02", D(2026, 1, 1)), exemplar("DH03", D(2026, 1, 1), **FULL)]
    case = Case(P1={"DON_VI": [form(ngay_to_trinh=None)], "DIEN_HINH": rows})
    assert {(s[1], s[3]) for s in case.said("DH-02")} == {("DON_VI", "not_judged")}
    assert len(case.findings("DH-02")) == 1


def test_dh_03_a_stage_is_skipped() -> None:
    rows = [
        exemplar("DH01", ngay_nhan_rong=D(2026, 10, 20)),
        exemplar("DH02", ngay_tong_ket=D(2026, 10, 1)),
        exemplar("DH03", ngay_boi_duong=D(2026, 10, 1), ngay_nhan_rong=D(2026, 10, 20)),
        exemplar("DH04", **FULL),
        exemplar("DH05"),
        exemplar("DH06", None, **FULL),  # an empty first stage is V-02's
    ]
    case = Case(P1={"DON_VI": [form()], "DIEN_HINH": rows})
    assert case.said("DH-03") == {
        ("P1", "DIEN_HINH", "H5", "skipped"), ("P1", "DIEN_HINH", "H6", "skipped"),
        ("P1", "DIEN_HINH", "J7", "skipped"),
    }  # fmt: skip
    assert "bồi dưỡng và tổng kết" in next(t for t in case.texts("DH-03") if "DH01" in t)
    assert case.looked_at("DH-03") == 6


def two_sided(**third: Any) -> Case:
    """P1 says that it multiplied to P2, which agrees, to P3, to P4, which has not sent, and to itself."""
    told = exemplar("DH01", noi_nhan_rong="P1;P2;P3;P4", **FULL)
    own = exemplar("DH02", noi_nhan_rong="P1", **FULL)
    return Case(
        P1={"DON_VI": [form()], "DIEN_HINH": [told, own]},
        P2={"DON_VI": [form("P2")], "DIEN_HINH": [exemplar("DH09")]},
        P3={"DON_VI": [form("P3")]},
        P4=None,
        **third,
    )


def test_dh_04_the_receiver_confirms() -> None:
    case = two_sided()
    assert case.said("DH-04") == {
        ("P1", "DIEN_HINH", "L5", "unconfirmed"), ("P1", "DIEN_HINH", "L5", "not_judged"),
    }  # fmt: skip
    assert case.looked_at("DH-04") == 1
    texts = {f.variant: f.params["noi_nhan"] for f in case.findings("DH-04")}
    assert texts == {"unconfirmed": "Phòng P3", "not_judged": "Phòng P4"}
    pairs = receivers_of(case.evidence, exemplars_of(case.evidence))
    assert dict(zip(pairs["receiver"], pairs["confirmed"], strict=True))["P2"] is True


def test_dh_04_a_receiver_without_the_page_is_not_judged() -> None:
    case = two_sided(without={"P3": {"DIEN_HINH"}})
    assert {f.variant for f in case.findings("DH-04")} == {"not_judged"}


def test_counts_of_a_unit() -> None:
    author = {
        "hinh_thuc": "GIAI_PHAP",
        "ten": "Sổ",
        "cap_cong_nhan": "CO_SO",
        "so_qd": "1/QĐ",
        "ngay_qd": D(2026, 9, 1),
    }
    case = Case(
        P1={
            "DON_VI": [form()],
            "NHAN_SU": [staff(f"CC{n}") for n in range(4)],
            "DIEN_HINH": [exemplar("DH01", **FULL), exemplar("DH02", don_vi_phat_hien="P2")],
            "SANG_KIEN": [
                {"ma_sk": "SK01", "tac_gia": "CC1", **author},
                {"ma_sk": "SK01", "tac_gia": "CC2", **author},
                {"ma_sk": "SK02", "tac_gia": "CC2", **author, "cap_cong_nhan": "CHUA"},
            ],
        },
        P2=None,
    )
    table = unit_counts(case.evidence)
    found = table.loc["P1", ["exemplars", "own", "stage_1", "stage_2", "stage_4", "initiatives", "recognised"]]
    assert found.tolist() == [2, 1, 2, 1, 1, 2, 1]
    assert table.loc["P1", "per_ten"] == 5
    assert table.loc["P2", "exemplars"] == 0 and table["per_ten"].isna().loc["P2"]


@pytest.mark.parametrize("code", ["DH-01", "DH-02", "DH-03", "DH-04"])
def test_no_rows_at_all(code: str) -> None:
    assert Case(P1={}, without={"P1": {"DIEN_HINH"}}).said(code) == set()
    assert Case(P1=None).said(code) == set()
