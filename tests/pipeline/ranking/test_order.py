"""Official order by hand: percentages, ties and the chain, close groups, gates, bands, difficulty."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.settings import settings_of
from pipeline.ranking.wording import chain
from tests.casework import Case, D, form, staff, unit_row
from tests.pipeline.ranking.desk import TABLE, criterion, province, ranked, spread, target, targets

FULL = dict(TABLE)


def ranks(ranking: Any, column: str = "rank") -> dict[str, float | None]:
    found = ranking.units[column]
    return {unit: None if pd.isna(value) else value for unit, value in found.items()}


def test_competition_ranks_inside_each_block() -> None:
    units = {"A": spread(900), "B": spread(850), "C": spread(850), "D": spread(800), "E": spread(100)}
    ranking = ranked(units, blocks={"E": "Khối 2"})
    assert ranks(ranking) == {"A": 1, "B": 2, "C": 2, "D": 4, "E": 1}
    assert ranking.units["tied"].to_dict() == {"A": False, "B": True, "C": True, "D": False, "E": False}
    assert ranking.units["of"].tolist() == [4, 4, 4, 4, 1]
    assert ranking.units.loc[["A", "B", "C", "D"], "gap_below"].tolist()[:3] == pytest.approx([5, 0, 5])
    assert ranking.units.loc["B", "change"].count("đồng hạng với C") == 1
    assert ranking.units.loc["E", "change"] == "Chỉ có một đơn vị được xếp hạng trong khối."


def test_what_did_not_occur_leaves_the_full_points() -> None:
    full = spread(900)
    part = {**spread(900), "III.1": None}
    lacking = {code: points for code, points in spread(900).items() if code != "II.2"}
    ranking = ranked({"A": full, "B": part, "C": lacking})
    units = ranking.units
    assert units.loc["B", ["total", "possible", "percent"]].tolist() == pytest.approx([720, 800, 90])
    assert units.loc["C", ["total", "possible", "unknown"]].tolist() == pytest.approx([810, 1000, 100])
    assert units.loc["B", "status"] == "XEP_HANG"  # 20 % is not more than 20 %
    more = ranked({"A": full, "B": {**part, "II.2": None}}).units.loc["B"]
    assert more["status"] == "CO_DIEU_KIEN" and more["rank"] == 1 and "30 % điểm chuẩn" in more["reason"]


STEPS = ["CHUYEN_MON", "IT_DIEM_TRU", "DOT_PHA", "VUNG_KHO", "MINH_CHUNG"]


@pytest.mark.parametrize("step", [*STEPS, "TY_LE_NU"])
def test_each_step_of_the_chain_parts_equal_units(step: str) -> None:
    one, other = spread(900), spread(900)
    rows = {"A": targets(other), "B": targets(one)}
    more: dict[str, Any] = {}
    if step == "CHUYEN_MON":
        rows["B"] = targets(one | {"I.1": 290.0, "III.1": 160.0})
    elif step == "IT_DIEM_TRU":
        rows["A"] = targets(other | {"III.1": 190.0})
        more = {"DIEM_TRU": [{"don_vi": "A", "so_diem": 10.0, "thong_nhat": "CO"}]}
    elif step == "DOT_PHA":
        rows["A"].append(target(9, None, 5, 5, loai="DOT_PHA", minh_chung=None))
        rows["B"].append(target(9, None, 5, 5, loai="DOT_PHA"))
    elif step == "VUNG_KHO":
        more = {"difficulty": {"B": 1.0}}
    elif step == "MINH_CHUNG":
        rows["A"][4]["minh_chung"] = None
    else:
        more = {"settings": {"XH-04.thu_tu_ngang": ";".join([*STEPS, "TY_LE_NU"])}}
    case = province(rows, **more)
    if step == "TY_LE_NU":
        case._units["B"]["NHAN_SU"] = [staff("CC1", gioi_tinh="NU"), staff("CC2", gioi_tinh="NU")]  # type: ignore[index]
        case._units["A"]["NHAN_SU"] = [staff("CC3", gioi_tinh="NU"), staff("CC4")]  # type: ignore[index]
        case.data = case._dataset()
    ranking = ranking_of(case.evidence)
    assert ranks(ranking) == {"B": 1, "A": 2}
    assert ranking.units["parted_by"].to_dict()["A"] == step
    assert "chỉ kém ở bước" in ranking.units.loc["A", "change"]
    (pair,) = ranking.pairs.to_dict("records")
    assert pair["parted_by"] == step and pair["gap"] == 0 and pair["flip"] is None


def test_the_chain_is_the_provinces_and_is_printed() -> None:
    case = province(
        {"A": targets(spread(900)), "B": targets(spread(900) | {"I.1": 290.0, "III.1": 160.0})},
        settings={"XH-04.thu_tu_ngang": "MINH_CHUNG;LA_GI"},
    )
    assert ranks(ranking_of(case.evidence)) == {"A": 1, "B": 1}
    assert chain(settings_of(case.rules)).endswith(
        "(1) nhiều điểm có minh chứng hơn; hết các bước vẫn ngang thì đồng hạng."
    )


def test_close_groups_are_chains_of_neighbours() -> None:
    units = {"A": spread(950), "B": spread(947), "C": spread(943), "D": spread(930), "E": spread(900), "F": spread(896)}
    ranking = ranked(units)
    assert ranks(ranking, "close_group") == {"A": 1, "B": 1, "C": 1, "D": None, "E": 2, "F": 2}
    apart = ranked({"A": spread(950), "B": spread(945)})  # 0.5 is not under 0.5
    assert ranks(apart, "close_group") == {"A": None, "B": None}
    assert ranking.blocks.loc["Khối 1", "close_groups"] == 2


@pytest.mark.parametrize(
    ("forms", "noted", "status", "words"),
    [
        ({}, {"dieu_kien": "XEP_LOAI", "ket_luan": "KHONG_XET", "ly_do": "BB 3"}, "KHONG_XET", "BB 3: Hội đồng kết"),
        ({}, {"dieu_kien": "XEP_LOAI"}, "CHO_KET_LUAN", "Hội đồng chưa kết luận"),
        ({}, {"dieu_kien": "XEP_LOAI", "ket_luan": "XET"}, "XEP_HANG", ""),
        ({"xep_loai_don_vi": "KHTNV"}, None, "CHO_KET_LUAN", "đơn vị không hoàn thành nhiệm vụ"),
        ({"xep_loai_don_vi": "KHTNV"}, {"dieu_kien": "XEP_LOAI", "ket_luan": "XET"}, "XEP_HANG", ""),
        ({"so_bien_ban": None}, None, "CHO_KET_LUAN", "chưa ghi số, ngày biên bản"),
        ({"so_co_mat": 3.0}, None, "CHO_KET_LUAN", "cuộc họp chưa đủ số người"),
        ({"trien_khai_phong_trao": "KHONG"}, None, "CHO_KET_LUAN", "đơn vị tự khai"),
        ({"xep_loai_don_vi": "HTNV"}, None, "XEP_HANG", ""),
    ],
)  # fmt: skip
def test_gates(forms: dict[str, Any], noted: dict[str, Any] | None, status: str, words: str) -> None:
    units = {"A": spread(900), "B": spread(950), "C": spread(800)}
    ranking = ranked(units, forms={"B": forms}, DIEU_KIEN_LOAI=[{"don_vi": "B", **noted}] if noted else [])
    unit = ranking.units.loc["B"]
    assert unit["status"] == status
    if status == "XEP_HANG":
        assert ranks(ranking) == {"B": 1, "A": 2, "C": 3} and unit["reason"] is None
        return
    assert ranks(ranking) == {"A": 1, "C": 2, "B": None} and unit["shadow_rank"] == 1
    assert words in unit["reason"] and unit["total"] == pytest.approx(950)
    assert unit["change"].endswith("Nếu Hội đồng chỉ xét thêm riêng đơn vị này thì hạng 1/3.")
    assert ranks(ranking, "shadow_rank") == {"A": 2, "C": 3, "B": 1}


def test_discipline_is_a_gate_that_the_council_decides() -> None:
    case = province({"A": targets(spread(900)), "B": targets(spread(800))})
    case._units["A"]["BIEN_DONG"] = [  # type: ignore[index]
        {"ma_cc": "CC1", "loai": "KY_LUAT", "hinh_thuc_ky_luat": "CANH_CAO", "ngay_qd": D(2026, 5, 12)}
    ]
    case.data = case._dataset()
    ranking = ranking_of(case.evidence)
    assert ranking.units.loc["A", "status"] == "CHO_KET_LUAN" and "kỷ luật" in ranking.units.loc["A", "reason"]


def test_an_undecided_gate_may_stay_in_the_ranks_by_parameter() -> None:
    ranking = ranked(
        {"A": spread(900), "B": spread(950)}, forms={"B": {"xep_loai_don_vi": "KHTNV"}},
        settings={"XH-04.cho_ket_luan": "TRONG_HANG"},
    )  # fmt: skip
    assert ranks(ranking) == {"B": 1, "A": 2} and "chưa kết luận" in ranking.units.loc["B", "reason"]


def test_a_unit_that_sent_nothing_has_no_score_unless_all_was_appraised() -> None:
    units = {"A": spread(900), "B": None, "C": None}
    judged = [{"don_vi": "C", "ma_tieu_chi": code, "diem": points} for code, points in spread(950).items()]
    ranking = ranked(units, DIEM_THAM_DINH=[*judged, {"don_vi": "B", "ma_tieu_chi": "I.1", "diem": 300.0}])
    assert ranks(ranking) == {"A": 1, "C": None, "B": None}
    assert ranks(ranking, "shadow_rank") == {"A": 2, "C": 1, "B": None}
    assert ranking.units.loc["B", "reason"].startswith("Chưa nộp hồ sơ")


def test_bands_thresholds_and_ceiling() -> None:
    units = {
        "A": spread(950),
        "B": spread(901),
        "C": spread(899.4),
        "D": spread(700),
        "E": spread(600),
        "F": spread(100),
    }
    ranking = ranked(units)
    assert ranking.units["band"].to_dict() == {
        "A": "XUAT_SAC", "B": "XUAT_SAC", "C": "TOT", "D": "TOT", "E": "HOAN_THANH", "F": "CHUA",
    }  # fmt: skip
    near = ranking.units.loc[ranking.units["near_band"].notna(), ["near_band", "near_points"]]
    assert near.round(6).to_dict("index") == {
        "B": {"near_band": "XUAT_SAC", "near_points": 1.0},
        "C": {"near_band": "XUAT_SAC", "near_points": -0.6},
        "D": {"near_band": "TOT", "near_points": 0.0},
    }
    assert ranking.units["over_ceiling"].to_dict()["B"] and not ranking.units["over_ceiling"].to_dict()["A"]
    assert ranking.blocks.loc["Khối 1", ["top_places", "top"]].tolist() == [1, 2]


def test_difficulty_stands_beside_and_never_in_the_total() -> None:
    units = {"A": spread(900), "B": spread(885), "C": spread(870)}
    ranking = ranked(units, difficulty={"B": 3.0, "C": 1.0})
    assert ranks(ranking) == {"A": 1, "B": 2, "C": 3}
    assert ranking.units.loc[["A", "B", "C"], "priority_points"].tolist() == pytest.approx([0, 20, 10])  # 30 is capped
    assert ranks(ranking, "priority_rank") == {"A": 2, "B": 1, "C": 3}
    assert ranking.units["total"].tolist() == pytest.approx([900, 885, 870])
    off = ranked(units, difficulty={"B": 3.0}, settings={"XH-04.dung_muc_kho": "KHONG"})
    assert ranks(off, "priority_rank") == {"A": None, "B": None, "C": None} and "VUNG_KHO" not in off.settings.steps
    forms = {"B": {"tong_xa": 8.0, "xa_dbkk": 4.0}}
    communes = ranked(units, forms=forms, settings={"XH-04.nguon_muc_kho": "XA"}).units["difficulty"]
    assert communes["B"] == 0.5 and pd.isna(communes["A"])


def test_criteria_of_another_kind_of_unit_do_not_count() -> None:
    table = [criterion("I.1", 100), criterion("I.2", 900, loai_don_vi="KHU_VUC")]
    case = province({"A": [target(1, "I.1", 100, 90)]}, table=table)
    assert ranking_of(case.evidence).units.loc["A", ["possible", "percent"]].tolist() == [100, 90]


def test_lists_are_in_the_order_of_blocks_and_ranks() -> None:
    units = {"D": spread(700), "A": spread(900), "C": None, "B": spread(950), "E": spread(800)}
    ranking = ranked(units, blocks={"D": "Khối 2", "E": "Khối 2"}, forms={"B": {"xep_loai_don_vi": "KHTNV"}})
    assert list(ranking.units.index) == ["E", "D", "A", "B", "C"]
    assert list(ranking.blocks.index) == ["Khối 2", "Khối 1"]
    assert ranking.blocks["outside"].tolist() == [0, 2]


def test_if_considered_means_this_one_unit_besides() -> None:
    """Two units wait: each is told its place without the other, out of one more than are ranked."""
    units = {"A": spread(900), "B": spread(950), "C": spread(800), "D": spread(850), "E": spread(700)}
    low = {"xep_loai_don_vi": "KHTNV"}
    ranking = ranked(units, forms={"B": low, "D": low})
    assert ranks(ranking) == {"A": 1, "C": 2, "E": 3, "B": None, "D": None}
    assert ranks(ranking, "reference_rank") == {"A": 1, "C": 2, "E": 3, "B": 1, "D": 2}
    assert ranks(ranking, "reference_of") == {"A": 3, "C": 3, "E": 3, "B": 4, "D": 4}
    assert ranking.units.loc["D", "change"].endswith("thì hạng 2/4.")


def test_what_changes_a_rank_is_told_upwards_and_downwards() -> None:
    ranking = ranked({"A": spread(900), "B": spread(850), "C": spread(840)})
    up, down = ranking.units.loc["B", "change"].split("\n")
    assert up.startswith("▲ Lên hạng 1, trên A: thêm hơn 50 điểm (phải ở từ hai tiêu chí trở lên)")
    assert "hoặc A bớt hơn 50 điểm (riêng " in up
    assert down.startswith("▼ Xuống hạng 3, dưới C: bớt hơn 10 điểm (riêng ") and "hoặc C thêm hơn 10 điểm" in down


def test_the_rank_of_the_year_before_is_that_of_the_same_block() -> None:
    def past(unit: str, year: int, rank: int, block: str = "Khối 1") -> dict[str, Any]:
        return {"nam": float(year), "don_vi": unit, "khoi": block, "hang": float(rank)}

    units = {unit: {"DON_VI": [form(unit)], "CHI_TIEU": targets(spread(900))} for unit in "ABC"}
    given = {"DON_VI": [unit_row(unit, khoi="Khối 1") for unit in "ABC"],
             "BANG_DIEM": [criterion(code, most) for code, most in TABLE.items()]}  # fmt: skip
    rows = [past("A", 2025, 3), past("A", 2024, 1), past("B", 2025, 1, "Khối 2"), past("X", 2025, 2)]
    case = Case(configured=given, past={"HANG_NAM": rows}, **units)
    assert ranks(ranking_of(case.evidence), "previous_rank") == {"A": 3, "B": None, "C": None}
