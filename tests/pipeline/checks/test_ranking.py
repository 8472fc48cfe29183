"""XH-01 to XH-07: for each one table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

from typing import Any

from schemas.rules import Severity
from tests.casework import Case
from tests.pipeline.ranking.desk import criterion, province, spread, target, targets

TABLE = [criterion("A", 100), criterion("B", 900)]
TOTAL = "C53"  #: the stated total on DON_VI
NO_TABLE = ("", "", "", "not_judged")


def one(*rows: dict[str, Any], **more: Any) -> Case:
    return province({"A": rows}, **{"table": TABLE} | more)


def test_xh_01_targets_without_self_score() -> None:
    case = one(target(1, "A", 90, 81, diem_tu_cham=90), target(2, "B", 90, 81))
    assert case.said("XH-01") == {("A", "CHI_TIEU", "M6", "missing")}
    assert "tiêu chí B (Tiêu chí B)" in case.texts("XH-01")[0]
    assert case.findings("XH-01")[0].severity is Severity.WARNING
    whole = one(target(1, "A", 90, 81), target(2, "B", 90, 81))
    assert whole.said("XH-01") == {("A", "DON_VI", TOTAL, "none")}
    part = one(target(1, "A", 90, 81, diem_tu_cham=90))
    assert part.said("XH-01") == {("A", "DON_VI", TOTAL, "no_target")}
    fine = one(
        target(1, "A", 90, 81, diem_tu_cham=90), target(2, "B", None, None, ly_do_khong_phat_sinh="Không có việc"),
        target(3, None, 5, 6), target(4, None, None, None, loai="DIEM_THUONG"),
    )  # fmt: skip
    assert fine.said("XH-01") == set()


def test_xh_without_a_score_table_or_without_targets() -> None:
    for code in (f"XH-0{n}" for n in (1, 3, 4, 5, 6, 7)):
        assert Case(P1={"CHI_TIEU": [target(1, "A", 90, 81)]}).said(code) == {NO_TABLE}, code
    empty = one()
    for code in ("XH-01", "XH-03", "XH-07"):
        assert ("A", "DON_VI", TOTAL, "not_judged") in empty.said(code)
    assert province({"A": None}).said("XH-04") == {NO_TABLE} == province({"A": None}).said("XH-06")
    kinds = province({"A": []}, table=[criterion("A", 100, loai_don_vi="KHU_VUC")])
    assert kinds.said("XH-05") == {("A", "", "", "not_judged")}


def test_xh_02_self_score_away_from_the_data() -> None:
    bonus = [criterion("A", 60, he_so_thuong=0.5, thuong_toi_da=10.0)]

    def said(own: float, result: float = 81.0) -> set[str]:
        return {v for *_, v in one(target(1, "A", 90, result, diem_tu_cham=own), table=bonus).said("XH-02")}

    assert said(56) == {"above"} and said(54.5) == set() and said(54.51) == {"above"}
    assert said(53.5) == set() and said(53) == {"below"}
    # 99 of 90: 60 points and a bonus of 3, which the unit may have counted or not.
    assert said(60, 99) == said(63, 99) == said(63.5, 99) == set() and said(64, 99) == {"above"}
    text = one(target(1, "A", 90, 99, diem_tu_cham=64), table=bonus).texts("XH-02")[0]
    assert "được 60 điểm cộng 3 điểm thưởng, cao hơn 1 điểm" in text
    case = one(target(1, "A", 90, 81, diem_tu_cham=80))
    assert case.said("XH-02") == {("A", "CHI_TIEU", "M5", "below")} and case.looked_at("XH-02") == 1


def test_xh_02_not_judged_without_numbers_and_parameter_changed() -> None:
    case = one(target(1, "A", 90, None, diem_tu_cham=50))
    assert case.said("XH-02") == {("A", "CHI_TIEU", "I5", "not_judged")}
    loose = one(target(1, "A", 90, 81, diem_tu_cham=80), settings={"XH-02.lech": "10"})
    assert loose.said("XH-02") == set()


def test_xh_03_points_without_evidence() -> None:
    table = [criterion("A", 300), criterion("B", 700)]

    def case(bare: float) -> Case:
        rows = [target(1, "A", 300, bare, minh_chung=None), target(2, "B", 700, 700)]
        return province({"A": rows}, table=table)

    assert case(300).said("XH-03") == set()  # 30 % is not more than 30 %
    more = province({"A": [target(1, "A", 300, 300, minh_chung=None), target(2, "B", 700, 600)]}, table=table)
    assert more.said("XH-03") == {("A", "DON_VI", TOTAL, "unproved")}
    assert "300 trên 900 điểm (33,33 %)" in more.texts("XH-03")[0] and "Tiêu chí: A" in more.texts("XH-03")[0]
    none = province({"A": [target(1, "A", 300, 0), target(2, "B", 700, 0)]}, table=table)
    assert none.said("XH-03") == {("A", "DON_VI", TOTAL, "not_judged")}


def test_xh_04_close_groups() -> None:
    units = {"A": spread(950), "B": spread(947), "C": spread(943), "D": spread(900)}
    case = province({unit: targets(points) for unit, points in units.items()})
    assert case.said("XH-04") == {("", "", "", "close")}
    assert "3 đơn vị sát nhau, hạng 1 đến 3: A, B, C; cả nhóm hơn kém nhau 0,7" in case.texts("XH-04")[0]
    assert case.findings("XH-04")[0].severity is Severity.INFORMATION
    assert case.looked_at("XH-04") == 1
    narrow = province({u: targets(p) for u, p in units.items()}, settings={"XH-04.sat_nhau": "0,2 %"})
    assert narrow.said("XH-04") == set()


def test_xh_05_near_a_threshold() -> None:
    units = {"A": spread(899.4), "B": spread(902), "C": spread(701)}
    case = province({unit: targets(points) for unit, points in units.items()})
    assert case.said("XH-05") == {("A", "", "", "near"), ("C", "", "", "near")}
    assert "899,4 điểm (89,94 %), cách ngưỡng «Xuất sắc» (90 %) 0,6 điểm" in case.texts("XH-05")[0]


def test_xh_06_rank_rests_on_one_group() -> None:
    """A leads by group I alone: without it the unit is last of four."""
    table = [criterion("I.1", 500), criterion("II.1", 500)]
    full = {"I.1": 500.0, "II.1": 500.0}
    points = {"A": (500, 300), "B": (380, 400), "C": (370, 390), "D": (360, 380)}
    rows = {u: targets({"I.1": float(a), "II.1": float(b)}, full) for u, (a, b) in points.items()}
    case = province(rows, table=table)
    assert case.said("XH-06") == {("A", "", "", "depends")}
    assert "hạng 1 trên 4" in case.texts("XH-06")[0] and "bỏ «Nhóm I» thì thành hạng 4" in case.texts("XH-06")[0]
    del rows["D"]
    assert province(rows, table=table).said("XH-06") == set()  # too few units


def test_xh_07_too_much_did_not_occur() -> None:
    reason = {"ly_do_khong_phat_sinh": "Không có việc"}
    table = [criterion("A", 200), criterion("B", 50), criterion("C", 750)]
    rows = [target(1, "C", 90, 81), target(2, "A", None, None, **reason), target(3, "B", None, None, **reason)]
    case = province({"A": rows}, table=table)
    assert case.said("XH-07") == {("A", "CHI_TIEU", "L6", "many")}
    assert "2 tiêu chí, 250 trên 1.000 điểm chuẩn (25 %)" in case.texts("XH-07")[0]
    fine = province({"A": [*rows[:2], target(3, "B", 90, 81)]}, table=table)
    assert fine.said("XH-07") == set()


def scores(*given: tuple[str, float, str | None]) -> dict[str, Any]:
    rows = [{"don_vi": "A", "ma_tieu_chi": code, "diem": points, "ly_do": why} for code, points, why in given]
    return {"DIEM_THAM_DINH": rows}


def test_xh_09_appraised_above_the_claim_with_and_without_a_reason() -> None:
    """Claimed 80 and computed 81 of 100: beyond 85 is above the claim."""

    def case(points: float, why: str | None) -> Case:
        return one(target(1, "A", 100, 81, diem_tu_cham=80), **scores(("A", points, why)))

    assert case(85, None).said("XH-09") == set() and case(85, None).looked_at("XH-09") == 1
    assert case(85.1, None).said("XH-09") == {("A", "DIEM_THAM_DINH", "D5", "above")}
    assert case(100, "Kiểm tra thực tế").said("XH-09") == {("A", "DIEM_THAM_DINH", "D5", "above_reasoned")}
    found = case(100, None).findings("XH-09")[0]
    assert (found.severity, found.file) == (Severity.WARNING, "cau-hinh.xlsx")
    text = case(100, "Kiểm tra thực tế").texts("XH-09")[0]
    assert "cao hơn 20 điểm so với đơn vị tự chấm (80; máy tính lại 81)" in text and "«Kiểm tra thực tế»" in text


def test_xh_09_appraised_far_from_the_data_either_way() -> None:
    def said(points: float, why: str | None = None, **more: Any) -> set[str]:
        rows = target(1, "A", 100, 81, **more)
        return {variant for *_, variant in one(rows, **scores(("A", points, why))).said("XH-09")}

    assert said(91) == set() == said(71)  # no self-score: only the figures are there to compare with
    assert said(91.5) == {"far"} == said(70) and said(70, "Kiểm tra") == {"far_reasoned"}
    assert said(70, "Kiểm tra", diem_tu_cham=81) == {"far_reasoned"}
    reasoned = one(target(1, "A", 100, 81), **scores(("A", 70, "Kiểm tra"))).findings("XH-09")[0]
    assert reasoned.severity is Severity.INFORMATION
    loose = one(target(1, "A", 100, 81), settings={"XH-09.xa_so_lieu": "0,2"}, **scores(("A", 70, None)))
    assert loose.said("XH-09") == set()
    claimed = one(target(1, "A", 100, 81, diem_tu_cham=70), settings={"XH-09.hon_tu_cham": "0,3"},
                  **scores(("A", 91, None)))  # fmt: skip
    assert claimed.said("XH-09") == set()


def test_xh_09_says_where_nothing_is_to_compare() -> None:
    case = province({"A": None}, table=TABLE, **scores(("A", 90, None), ("B", 800, None)))
    assert case.said("XH-09") == {("A", "", "", "not_judged")}
    assert "của A ở tiêu chí A, B" in case.texts("XH-09")[0]
