"""The order inside each title on small provinces counted by hand; XH-08 is read there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.checks.quotas import BLOCK, PROVINCE, UNIT
from pipeline.ranking.listing import COLUMNS, COMMON
from pipeline.ranking.nominee_listing import OWN, nominee_rows
from pipeline.ranking.nominee_wording import place_words, reason
from pipeline.ranking.nominees import NomineeOrder, order_of_nominees
from pipeline.ranking.quota_places import INSIDE, LAST, NEXT, OUTSIDE, TIED, states_of
from tests.casework import Case, D, Row, form, proposal, staff, tally, unit_row


def unit(people: dict[str, dict[str, Any]], title: str = "CSTDCS", **tables: list[Row]) -> dict[str, list[Row]]:
    """Everybody of a unit stands for one title; `order`, `votes` and `result` go into DE_NGHI and PHIEU."""
    own = ("order", "votes", "result", "basis")
    rows = [
        proposal(f"DN{n:02}", code, title, thu_tu=told.get("order"), ket_qua=told.get("result", "DE_NGHI"),
                 ma_can_cu=told.get("basis"))
        for n, (code, told) in enumerate(people.items(), 1)
    ]  # fmt: skip
    ballots = [tally(f"DN{n:02}", told["votes"]) for n, told in enumerate(people.values(), 1) if "votes" in told]
    known = [staff(code, **{k: v for k, v in told.items() if k not in own}) for code, told in people.items()]
    return {"DON_VI": [form()], "NHAN_SU": known, "DE_NGHI": rows, "PHIEU": ballots, "SANG_KIEN": []} | tables


def order_of(case: Case, unit_rank: pd.Series | None = None) -> NomineeOrder:
    """The order when no check said anything."""
    return order_of_nominees(case.evidence, [], {}, unit_rank)


def places(order: NomineeOrder, level: str = UNIT) -> dict[str, tuple[float, float, float]]:
    table = order.table
    names = [f"{name}_{level}" for name in ("rank", "best", "worst")]
    return {who: tuple(row) for who, row in zip(table["holder"], table[names].to_numpy().tolist(), strict=True)}


def why(order: NomineeOrder, who: str, level: str = UNIT) -> str:
    rows = dict(zip(order.table.index.tolist(), order.table.to_dict("records"), strict=True))
    return reason(rows, next(i for i, row in rows.items() if row["holder"] == who), level)


def test_the_worked_example_of_the_record() -> None:
    people = {
        "CC2": {"diem_danh_gia": 92.0, "votes": 8},
        "CC3": {"diem_danh_gia": 90.0, "votes": 7},
        "CC4": {"diem_danh_gia": 90.0, "votes": 7},
    }
    order = order_of(Case(P1=unit(people)))
    assert places(order) == {"CC2": (1, 1, 1), "CC3": (2, 2, 3), "CC4": (2, 2, 3)}
    assert place_words(order).tolist() == ["1", "2 (ngang)", "2 (ngang)"]
    assert why(order, "CC2") == "Trên 2 đề nghị ngang nhau ở thứ tự 2: điểm đánh giá 92 so với 90."
    assert why(order, "CC3") == "Ngang 1 đề nghị khác ở mọi bước. Dưới Lò Giả CC2: điểm đánh giá 90 so với 92."
    people["CC4"] = {"diem_danh_gia": None, "votes": 7}
    order = order_of(Case(P1=unit(people)))
    assert places(order) == {"CC2": (1, 1, 2), "CC3": (2, 2, 3), "CC4": (3, 1, 3)}
    assert why(order, "CC4") == "Dưới Lò Giả CC3: điểm đánh giá chưa có so với 90."


def test_each_step_parts_only_who_is_equal_in_those_before_it() -> None:
    made = {
        "ma_sk": "SK1", "ten": "Sổ", "tac_gia": "CC4", "ty_le": 60.0, "cap_cong_nhan": "CO_SO", "so_qd": "1/QĐ",
        "ngay_qd": D(2026, 10, 1),
    }  # fmt: skip
    rows = [made, made | {"ma_sk": "SK2", "tac_gia": "CC5", "ty_le": 10.0, "cap_cong_nhan": "NGANH"}]
    rows += [made | {"ma_sk": "SK3", "tac_gia": "CC3", "cap_cong_nhan": "CHUA", "so_qd": None}]
    rows += [made | {"ma_sk": "SK4", "tac_gia": "CC3", "ngay_qd": D(2024, 10, 1)}]
    target = {"ma_ct": "CT1", "chieu": "CAO", "loai": "THUONG_XUYEN", "chi_tieu": 90.0, "thuc_hien": 91.0}
    targets = [target, target | {"ma_ct": "CT2", "thuc_hien": 80.0}]
    people = {
        "CC2": {"xep_loai_cc": "HTXSNV", "diem_danh_gia": 70.0},
        "CC3": {"basis": "CT1; CT2"},
        "CC4": {},
        "CC5": {},
        "CC6": {"basis": "CT1", "order": 2},
        "CC7": {"basis": "CT1", "order": 1},
        "CC8": {"xep_loai_cc": "CHUA_XL"},
    }
    order = order_of(Case(P1=unit(people, SANG_KIEN=rows, CHI_TIEU=targets)))
    ranks = {who: rank for who, (rank, _, _) in places(order).items()}
    # Rating; then the sector's initiative before the base's; then 1/1 before 1/2 targets; then the unit's own order.
    assert ranks == {"CC2": 1, "CC5": 2, "CC4": 3, "CC7": 4, "CC6": 5, "CC3": 6, "CC8": 7}
    assert why(order, "CC4") == "Dưới Lò Giả CC5: sáng kiến cơ sở 0,6 so với ngành 0,1."
    assert why(order, "CC3") == "Dưới Lò Giả CC6: chỉ tiêu đạt 1/2 so với 1/1."
    assert why(order, "CC6") == "Dưới Lò Giả CC7: thứ tự của đơn vị 2 so với 1."
    assert places(order, PROVINCE)["CC6"] == (4, 4, 6)  # level with CC7: a unit's own order parts nobody elsewhere


def test_a_file_without_the_sheet_of_initiatives_leaves_them_unknown() -> None:
    people = {"CC2": {}, "CC3": {}}
    tables = unit(people)
    tables.pop("SANG_KIEN")
    order = order_of(Case(P1=tables, without={"P1": {"SANG_KIEN"}}))
    assert order.table["base"].isna().all()
    assert order_of(Case(P1=unit(people))).table["base"].tolist() == [0.0, 0.0]


PREFER = {
    "ma_quy_tac": "XH-08", "gia_tri": "CO", "tu_ngay": D(2026, 1, 1), "van_ban": "1/HD", "nguoi_chot": "Lò Giả An",
    "ngay_chot": D(2026, 1, 6),
}  # fmt: skip


@pytest.mark.parametrize(
    ("switch", "told", "wanted"),
    [
        ("uu_tien_nu", {"gioi_tinh": "NU"}, "ưu tiên nữ có so với không"),
        ("uu_tien_truc_tiep", {}, "người trực tiếp công tác có so với không"),
    ],
)
def test_preferences_part_equals_only_when_they_are_switched_on(switch: str, told: dict[str, Any], wanted: str) -> None:
    people = {"CC2": {"nhom_doi_tuong": "LANH_DAO_DON_VI"}, "CC3": told, "CC4": {"diem_danh_gia": 86.0} | told}
    people["CC4"] |= {"gioi_tinh": "NAM", "nhom_doi_tuong": "LANH_DAO_DON_VI"}
    off = order_of(Case(P1=unit(people)))
    assert [rank for rank, _, _ in places(off).values()] == [2, 2, 1]
    on = order_of(Case(P1=unit(people), configured={"THAM_SO": [PREFER | {"tham_so": switch}]}))
    assert [rank for rank, _, _ in places(on).values()] == [3, 2, 1]  # merit still comes first
    assert on.chains["CN"].steps[-1].words in wanted
    assert why(on, "CC2").startswith("Dưới Lò Giả CC3: ") and on.chains["CN"].steps[-1].words in why(on, "CC2")


def test_the_province_may_reorder_the_chain_and_a_word_nobody_knows_is_said() -> None:
    people = {"CC2": {"order": 2, "diem_danh_gia": 99.0}, "CC3": {"order": 1, "diem_danh_gia": 80.0}}
    changed = PREFER | {"tham_so": "thu_tu_ca_nhan", "gia_tri": "THU_TU; DIEM; CHIEU_CAO"}
    order = order_of(Case(P1=unit(people), configured={"THAM_SO": [changed]}))
    assert [rank for rank, _, _ in places(order).values()] == [2, 1]
    assert order.chains["CN"].unknown == ("CHIEU_CAO",)


class TestEligibility:
    def results(self, **more: Any) -> tuple[NomineeOrder, Case]:
        people = {
            "CC2": {"diem_danh_gia": 99.0, "xep_loai_cc": "KHTNV"},  # not met
            "CC3": {"diem_danh_gia": 98.0, "ngay_tuyen_dung": None},  # cannot be judged
            "CC4": {"diem_danh_gia": 80.0},
            "CC5": {"diem_danh_gia": 70.0, "result": "KHONG_DE_NGHI"},
            "CC6": {"diem_danh_gia": 97.0, "result": None},
        }
        case = Case(P1=unit(people, "LDTT"), **more)
        return case.results().nominees, case

    def test_met_open_and_not_met_are_kept_apart(self) -> None:
        order, _ = self.results()
        table = order.table.set_index("holder")
        assert table["tier"].to_dict() == {"CC2": 0, "CC3": 1, "CC4": 2, "CC6": 1}
        assert places(order)["CC4"] == (1, 1, 3) and places(order)["CC3"] == (2, 1, 3)
        assert pd.isna(places(order)["CC2"][0]) and "CC5" not in table.index
        assert table["standing"]["CC2"].startswith("Không đủ: DK-01")
        assert table["standing"]["CC3"].startswith("Chưa xét được: DK-02")
        assert table["standing"]["CC4"] == "Đủ" and "chưa ghi kết quả xét" in table["standing"]["CC6"]
        assert why(order, "CC2").startswith("Không xếp. Không đủ: DK-01")
        assert "người đã đủ điều kiện xếp trước" in why(order, "CC3")

    def test_a_condition_that_a_whole_unit_cannot_show_leaves_its_nominees_open(self) -> None:
        one = {"NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]}
        other = {
            "NHAN_SU": [staff("CC4")],
            "DE_NGHI": [proposal("A", "CC4", "LDTT"), proposal("B", "CC4", "GK", thanh_tich="12 bài.")],
        }
        case = Case(P1=one, P2=other, without={"P2": {"BIEN_DONG"}})
        table = case.results().nominees.table.set_index(["unit", "award"])
        assert table["tier"].to_dict() == {("P1", "LDTT"): 2, ("P2", "LDTT"): 1, ("P2", "GK"): 2}
        assert "DK-02" in table["standing"]["P2", "LDTT"]

    def test_an_error_that_can_be_mended_is_not_a_condition_that_is_not_met(self) -> None:
        wrong = tally("DN01", 8.0, phieu_thu=12.0)  # more came back than were given out
        case = Case(P1=unit({"CC2": {}}, "LDTT") | {"PHIEU": [wrong]})
        (said,) = case.results().nominees.table["standing"]
        assert said == "Còn lỗi phải sửa: QT-03"


def test_collectives_stand_in_their_block_by_the_units_rank_and_by_what_is_declared() -> None:
    def sent(code: str, rating: str) -> dict[str, list[Row]]:
        own = form(code, xep_loai_don_vi=rating, tong_diem_tu_cham=900.0)
        return {"DON_VI": [own], "NHAN_SU": [staff(f"CC{code}")], "DE_NGHI": [proposal("T1", code, "TTLDTT")]}

    units = [unit_row("P1"), unit_row("P2"), unit_row("P3"), unit_row("K1", khoi="Khối khu vực")]
    case = Case(
        configured={"DON_VI": units}, P1=sent("P1", "HTTNV"), P2=sent("P2", "HTXSNV"), P3=sent("P3", "HTTNV"),
        K1=sent("K1", "HTNV"),
    )  # fmt: skip
    declared = order_of(case)
    assert {k: r for k, (r, _, _) in places(declared, BLOCK).items()} == {"P1": 2, "P2": 1, "P3": 2, "K1": 1}
    assert declared.table[f"rank_{UNIT}"].isna().all()
    ranked = order_of(case, pd.Series({"P1": 2.0, "P2": 3.0, "P3": 1.0, "K1": 1.0}))
    assert {k: r for k, (r, _, _) in places(ranked, BLOCK).items()} == {"P1": 2, "P2": 3, "P3": 1, "K1": 1}
    assert why(ranked, "P2", BLOCK) == "Dưới Lò Giả P1: hạng của đơn vị trong khối 3 so với 2."
    # Over the province a rank inside a block says nothing: the unit's rating decides.
    assert {k: r for k, (r, _, _) in places(ranked, PROVINCE).items()} == {"P1": 2, "P2": 1, "P3": 2, "K1": 4}


def test_states_around_the_line_by_hand() -> None:
    rank = pd.Series([1, 2, 2, 4, 5, None], dtype="float64")
    ties, size = pd.Series([1, 2, 2, 1, 1, None], dtype="float64"), pd.Series([5.0] * 6)

    def states(seats: float) -> list[Any]:
        return states_of(rank, ties, size, pd.Series([seats] * 6)).tolist()

    assert states(0)[:5] == [NEXT, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE]
    assert states(1)[:5] == [LAST, NEXT, NEXT, OUTSIDE, OUTSIDE]
    assert states(2)[:5] == [INSIDE, TIED, TIED, OUTSIDE, OUTSIDE]
    assert states(3)[:5] == [INSIDE, LAST, LAST, NEXT, OUTSIDE]
    assert states(5)[:5] == [INSIDE] * 5  # nobody is left outside, so nobody has the last place
    assert pd.isna(states(2)[5])


def quota_case() -> Case:
    """Two units of 10 and 5 people; 15 % is 1.5 and 0.75: 1 + 0 rounded down, 2 + 1 to the nearest, 2 pooled."""

    def sent(code: str, size: int, scores: list[float]) -> dict[str, list[Row]]:
        people = [staff(f"CC{code}{n}", diem_danh_gia=s) for n, s in enumerate(scores)]
        people += [staff(f"CC{code}{n}") for n in range(len(scores), size)]
        base = [proposal(f"L{n}", f"CC{code}{n}", "LDTT") for n in range(size)]
        top = [proposal(f"C{n}", f"CC{code}{n}", "CSTDCS") for n in range(len(scores))]
        return {"DON_VI": [form(code)], "NHAN_SU": people, "DE_NGHI": [*base, *top], "SANG_KIEN": []}

    return Case(P1=sent("P1", 10, [95, 90]), P2=sent("P2", 5, [93]))


def test_places_in_the_quota_under_every_rounding() -> None:
    order = order_of(quota_case())
    rows = order.quotas.assign(who=order.quotas["row"].map(order.table["holder"]))
    state = {(r.who, r.scope, r.way): r.state for r in rows.itertuples()}
    assert [state["CCP10", UNIT, way] for way in ("XUONG", "GAN_NHAT", "SO_DU")] == [LAST, INSIDE, LAST]
    assert [state["CCP11", UNIT, way] for way in ("XUONG", "GAN_NHAT", "SO_DU")] == [NEXT, INSIDE, NEXT]
    assert [state["CCP20", UNIT, way] for way in ("XUONG", "GAN_NHAT", "SO_DU")] == [NEXT, INSIDE, INSIDE]
    assert [state["CCP11", PROVINCE, w] for w in ("XUONG", "GAN_NHAT", "CONG_XUONG", "CONG_GAN_NHAT")] == [
        NEXT, NEXT, OUTSIDE, INSIDE,
    ]  # fmt: skip
    assert state["CCP20", PROVINCE, "XUONG"] == LAST
    lawful = rows[rows["lawful"]]
    assert set(zip(lawful["scope"], lawful["way"], strict=True)) == {(PROVINCE, "XUONG")}
    assert lawful["sure"].all()
    assert why(order, "CCP11", PROVINCE) == "Dưới Lò Giả CCP20: điểm đánh giá 90 so với 93."


def test_forms_that_are_not_compared_have_no_order() -> None:
    rows = [
        proposal("DN01", "CC1", "GK", loai_hinh="DOT_XUAT"), proposal("DN02", "CC1", "KNC"),
        proposal("DN03", "CC1", "GK"), proposal("DN04", "CC1", "GK"), proposal("DN05", "P1", "GK"),
    ]  # fmt: skip
    order = order_of(Case(P1={"NHAN_SU": [staff("CC1")], "DE_NGHI": rows}))
    assert order.table["code"].tolist() == ["DN03", "DN05"]  # one place for one person; collectives apart
    assert order.table["title"].tolist() == ["GK CN", "GK TT"]


def test_the_listing_names_nobody_and_keeps_the_agreed_columns_first() -> None:
    order = order_of(quota_case())
    rows = nominee_rows(order)
    assert tuple(rows[0]) == (*COMMON, *OWN) and set(rows[0]) <= set(COLUMNS)
    top = {row["doi_tuong"]: row for row in rows if row["danh_hieu"] == "CSTDCS"}
    names = ("hang", "hang_tot_nhat", "hang_xau_nhat", "diem", "cach_biet")
    assert [top["CCP10"][name] for name in names] == ["1", "1", "1", "95", "5"]
    assert [top["CCP11"][name] for name in names] == ["2", "2", "2", "90", ""]
    assert (top["CCP10"]["tach_boi"], top["CCP11"]["tach_boi"]) == ("DIEM", "")
    assert (top["CCP11"]["hang_gop_tinh"], top["CCP20"]["hang_gop_tinh"]) == ("3", "2")
    assert top["CCP20"]["hang"] == "1" and top["CCP20"]["pham_vi"] == UNIT
    assert "Lò Giả" not in str(rows)


def test_what_people_are_called_and_in_which_order_they_stand_changes_nothing() -> None:
    told = [{"diem_danh_gia": 91.0}, {"diem_danh_gia": 91.0}, {"diem_danh_gia": None}, {"xep_loai_cc": "HTXSNV"}]
    one = order_of(Case(P1=unit({f"CC{n}": t for n, t in enumerate(told, 2)})))
    other = order_of(Case(P1=unit({f"CC{9 - n}": t for n, t in enumerate(told, 2)})))
    back = order_of(Case(P1=unit({f"CC{n}": t for n, t in reversed(list(enumerate(told, 2)))})))
    assert list(places(one).values()) == list(places(other).values())
    assert places(one) == places(back)


def test_hardly_any_data() -> None:
    assert order_of(Case(P1={}, past=None)).table.empty
    bare = Case(P1={"DE_NGHI": [{}, {"danh_hieu": "CSTDCS"}, {"hinh_thuc": "BK", "doi_tuong": "TT"}]}, P2=None)
    order = order_of(bare)
    assert order.table["rank_TINH"].tolist() == [1, 1]
    assert len(nominee_rows(order)) == 2
