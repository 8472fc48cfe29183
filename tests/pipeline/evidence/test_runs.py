"""Years of chains, clean years after discipline, what past years say of a person."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipeline.evidence.initiatives import initiative_counts
from pipeline.evidence.nominations import cited_bases
from pipeline.evidence.people import ratings_of
from pipeline.evidence.runs import award_year, clean_since, held_in
from tests.casework import Case, award, proposal

D = dt.date
CC1 = pd.Series(["CC1", "CC2"])


def test_award_year_begins_after_the_last_day_of_the_one_before() -> None:
    case = Case(P1={}).evidence
    days = pd.Series(pd.to_datetime(["2025-11-30", "2025-12-01", "2026-03-01"]))
    assert award_year(case, days).tolist() == [2025, 2026, 2026]


def test_known_years_are_the_provinces_own() -> None:
    told = {"LICH_SU": [{k: v for k, v in award("CC1", 1999, "LDTT").items() if k != "doi_tuong"}]}
    case = Case(P1=told, past={"KHEN_THUONG": [award("CC1", 2024, "LDTT")]})
    assert case.evidence.awards.known_years == {2024}
    assert Case(P1=told, past=None).evidence.awards.known_years == {1999}


def test_held_in_leaves_side_channels_and_withdrawn_awards_out() -> None:
    rows = [award("CC1", 2023, "CSTDCS", loai_hinh="DOT_XUAT"), award("CC1", 2024, "CSTDCS", tinh_trang="THU_HOI"),
            award("CC1", 2025, "CSTDCS")]  # fmt: skip
    case = Case(P1={}, past={"KHEN_THUONG": rows}).evidence
    assert held_in(case, "CSTDCS", CC1, (2023, 2024, 2025)).loc[0].tolist() == [False, False, True]
    loose = held_in(case, "CSTDCS", CC1, (2023, 2024, 2025), side=True, withdrawn=True)
    assert loose.loc[0].tolist() == [True] * 3 and not loose.loc[1].any()


def test_clean_since() -> None:
    event = {"ma_cc": "CC1", "loai": "KY_LUAT", "tu_ngay": D(2024, 3, 1), "het_hieu_luc": D(2025, 3, 1)}
    past = {"NHAN_SU_NAM": [{"nam": 2023.0, "ma_cc": "CC2", "ky_luat": "KHIEN_TRACH"}]}
    case = Case(P1={"BIEN_DONG": [event]}, past=past).evidence
    assert clean_since(case, CC1, end_year_counts=False)["year"].tolist() == [2026, 2024]
    assert clean_since(case, CC1, end_year_counts=True)["year"].tolist() == [2025, 2024]
    nothing = clean_since(Case(P1={}).evidence, CC1, end_year_counts=False)
    assert nothing["year"].isna().all() and not nothing["open"].any()


def test_what_past_years_say() -> None:
    roster = [{"nam": 2025.0, "ma_cc": "CC1", "don_vi": "P1", "xep_loai": "HTXSNV", "so_sang_kien": 2.0},
              {"nam": 2024.0, "ma_cc": "CC1", "don_vi": "P1", "xep_loai": "CHUA_XL"}]  # fmt: skip
    made = {"ma_sk": "SK01", "tac_gia": "CC1", "cap_cong_nhan": "CO_SO", "so_qd": "1", "ngay_qd": D(2026, 5, 1)}
    case = Case(P1={"SANG_KIEN": [made]}, past={"NHAN_SU_NAM": roster}).evidence
    rated = ratings_of(case, CC1, (2024, 2025))
    assert rated.loc[0, 2025] == "HTXSNV" and rated.isna().sum().sum() == 3
    counts = initiative_counts(case, CC1, (2024, 2025, 2026))
    assert counts.loc[0, [2025, 2026]].tolist() == [2.0, 1.0] and pd.isna(counts.loc[0, 2024])
    assert counts.loc[1, 2026] == 0.0 and pd.isna(counts.loc[1, 2025])


def test_cited_bases() -> None:
    case = Case(
        P1={"DE_NGHI": [proposal("DN01", "CC1", "CSTDCS", ma_can_cu="SK01; CT02 ;"), proposal("D2", "CC1", "GK")]}
    )
    assert cited_bases(case.evidence.nominations)["cited"].tolist() == ["SK01", "CT02"]
