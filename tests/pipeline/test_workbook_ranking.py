"""XEP_HANG, DIEM_CHI_TIET, DO_VUNG_HANG: values are those of the ranking, formulas repeat them and follow a change."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.tables import Basis, Ranking
from pipeline.ranking.wording import BANDS, chain
from pipeline.results import Results
from pipeline.workbook import write_workbook
from pipeline.workbook.firmness_sheet import _bins
from pipeline.workbook.keys import KEY_HEADING, joined, split_key
from pipeline.workbook.ranking_sheet import AFTER_CHANGE, close_letter
from pipeline.workbook.score_cells import SCORE_HEADING, SHEET, of_score_key, score_key
from tests.casework import Case, form, proposal, unit_row
from tests.pipeline.formula_calculator import Calculator
from tests.pipeline.ranking.desk import criterion, target, targets

TABLE = [
    criterion("I.1", 300, he_so_thuong=0.5, thuong_toi_da=30),
    criterion("I.2", 200),
    criterion("II.1", 200),
    criterion("II.2", 100, he_so_thuong=0.5, thuong_toi_da=40),
    criterion("III.1", 200),
]
GOOD = {"I.1": 290, "I.2": 195, "II.1": 190, "II.2": 95, "III.1": 185}


def less(**lost: float) -> list[dict[str, Any]]:
    """Targets that earn the good points less some; `I_1=10` loses ten of I.1."""
    points = {code: got - lost.get(code.replace(".", "_"), 0) for code, got in GOOD.items()}
    return targets(points)


APPRAISED: dict[tuple[str, str], float] = {("P1", "II.1"): 150.5, ("P8", "III.1"): 170.0}
WHY = "Số liệu thống kê thấp hơn"


def case(appraised: Mapping[tuple[str, str], float]) -> Case:
    """P1 wins a bonus beyond its cap; P2, P3 are level and parted by the chain; P4, P5 tied; P6 did not send; P7 shut.

    A criterion of P8 did not occur; P2 proposes itself.
    """
    beyond = [target(1, "I.1", 100, 120), target(2, "I.2", 200, 200), target(3, "II.1", 200, 190),
              target(4, "II.2", 100, 150), target(5, "III.1", 200, 180, minh_chung=None)]  # fmt: skip
    absent = targets({"I.1": 280, "I.2": 190, "II.1": 180, "II.2": None, "III.1": 180})
    rows: dict[str, list[dict[str, Any]] | None] = {
        "P1": beyond, "P2": less(II_1=5), "P3": less(I_1=5), "P4": less(I_1=60), "P5": less(I_1=60), "P6": None,
        "P7": less(), "P8": absent, "Q1": less(), "Q2": less(I_1=3),
    }  # fmt: skip
    tables: dict[str, Any] = {
        unit: found if found is None else {"DON_VI": [form(unit)], "CHI_TIEU": found} for unit, found in rows.items()
    }
    tables["P2"]["DE_NGHI"] = [proposal("DN01", "P2", "TTLDXS")]
    lost = {"noi_dung": "Chậm", "so_diem": 5.0, "van_ban": "1/TB", "thong_nhat": "CO"}
    configured: dict[str, Any] = {
        "DON_VI": [
            unit_row(unit, khoi="Khối 2" if unit[0] == "Q" else "Khối 1", muc_kho=3.0 if unit == "P8" else 0.0)
            for unit in rows
        ],
        "BANG_DIEM": TABLE,
        "THAM_SO": [{"ma_quy_tac": "XH-05", "tham_so": "tran_thuong", "gia_tri": "45"}],
        "DIEM_THAM_DINH": [
            {"don_vi": unit, "ma_tieu_chi": code, "diem": points, "ly_do": WHY if unit == "P1" else None}
            for (unit, code), points in appraised.items()
        ],
        "DIEM_TRU": [{"don_vi": unit} | lost for unit in ("P4", "P5")],
        "DIEU_KIEN_LOAI": [{"don_vi": "P7", "dieu_kien": "KY_LUAT", "ket_luan": "KHONG_XET", "ly_do": "QĐ 1"}],
    }
    return Case(configured=configured, **tables)


@cache
def results() -> Results:
    return case(APPRAISED).results()


@cache
def ranking() -> Ranking:
    return ranking_of(results().evidence)


@cache
def data() -> bytes:
    stream = io.BytesIO()
    write_workbook(stream, results())
    return stream.getvalue()


@cache
def book(values: bool = True) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not know; nothing is saved here
        return openpyxl.load_workbook(io.BytesIO(data()), data_only=values)


Row = dict[str, Any]


def tables(page: Worksheet) -> list[list[Row]]:
    """Rows of each table from the top, by heading; `row` is their row in the sheet."""
    found = []
    for table in sorted(page.tables.values(), key=lambda t: range_boundaries(t.ref)[1]):
        left, top, right, bottom = range_boundaries(table.ref)
        heads = [page.cell(top, column).value for column in range(left, right + 1)]
        found.append([
            {"row": row} | {h: page.cell(row, left + n).value for n, h in enumerate(heads)}
            for row in range(top + 1, bottom + 1)
        ])  # fmt: skip
    return found


def by_unit(name: str, heading: str, values: bool = True) -> dict[str, Row]:
    """The rows of all tables of a sheet with this heading, by unit."""
    rows = [row for table in tables(book(values)[name]) for row in table if heading in row]
    return {str(row["Mã ĐV"]): row for row in rows}


def near(value: float | None) -> Any:
    return pytest.approx(value, abs=1e-6) if value == value else None


class TestRanks:
    def test_the_case_holds_what_the_tests_speak_of(self) -> None:
        units = ranking().units
        assert units["rank"].dropna().to_dict() == {
            "P1": 1, "P2": 2, "P3": 3, "P8": 4, "P4": 5, "P5": 5, "Q1": 1, "Q2": 2
        }  # fmt: skip
        assert units.loc["P2", "percent"] == pytest.approx(units.loc["P3", "percent"])
        assert units.loc["P3", "parted_by"] == "CHUYEN_MON" and units.loc["P4", "tied"]
        assert units.loc["P1", "bonus"] == 45 < units.loc["P1", "bonus_uncapped"]

    def test_values_are_those_of_the_ranking(self) -> None:
        rows, units = by_unit("XEP_HANG", "Khoảng hạng"), ranking().units
        assert list(rows) == [u for u in units.index if units.loc[u, "ranked"]]
        for unit, row in rows.items():
            told = units.loc[unit]
            assert (row["Hạng"], row["Đơn vị"]) == (told["rank"], told["name"])
            for heading, name in {
                "Điểm thưởng": "bonus", "Điểm trừ": "deducted", "Tổng điểm": "total", "Tỷ lệ %": "percent",
                "Kém hạng trên (% điểm)": "gap_above", "Hơn hạng dưới (% điểm)": "gap_below",
            }.items():  # fmt: skip
                assert row[heading] == near(told[name]), (unit, heading)
            assert row["Xếp nhóm"] == BANDS[told["band"]]
            low, _, high = row["Khoảng hạng"].partition("–")
            assert (float(low), float(high or low)) == (told["best"], told["worst"])
            assert row["Hạng năm trước, thay đổi"] == "không rõ"  # no history of ranks
            assert str(row["Cần thảo luận"] or "").lower() == (
                told["discuss"].lower() if told["discuss"] == told["discuss"] else ""
            )
            for group, points in ranking().groups.query("unit == @unit").set_index("group")["points"].items():
                assert row[group] == near(points)

    def test_a_close_group_has_one_letter_and_one_colour(self) -> None:
        rows, units = by_unit("XEP_HANG", "Nhóm sát nhau"), ranking().units
        assert units["close_group"].notna().sum() >= 2
        page = book()["XEP_HANG"]
        colours: dict[str, set[str]] = {}
        for unit, row in rows.items():
            group = units.loc[unit, "close_group"]
            if group != group:
                assert row["Nhóm sát nhau"] == "–"
                continue
            assert str(row["Nhóm sát nhau"]).startswith(close_letter(group) + " · ")
            column = list(row).index("Nhóm sát nhau")
            fill = page.cell(row["row"], column).fill.fgColor.rgb
            colours.setdefault(f"{units.loc[unit, 'block']} {group}", set()).add(fill)
        assert all(len(found) == 1 for found in colours.values())
        assert [close_letter(n) for n in (1, 26, 27)] == ["A", "Z", "A2"]

    def test_those_outside_stand_below_with_reason_and_shadow_rank(self) -> None:
        rows, units = by_unit("XEP_HANG", "Ngoài hạng: hạng tham khảo"), ranking().units
        assert set(rows) == {"P6", "P7"}
        assert rows["P7"]["Ngoài hạng: hạng tham khảo"] == (
            f"{units.loc['P7', 'reference_rank']:.0f}/{units.loc['P7', 'reference_of']:.0f}"
        )
        assert rows["P7"]["Tình trạng"] == "Không xét" and rows["P7"]["Lý do"]
        assert rows["P6"]["Ngoài hạng: hạng tham khảo"] == "–" and not rows["P6"]["Tổng điểm"]
        assert rows["P6"]["Cộng tự chấm"] is None  # nothing was sent: not a zero

    def test_the_chain_and_what_happens_to_ties_stand_under_each_table(self) -> None:
        texts = [c.value for row in book()["XEP_HANG"].iter_rows() for c in row if isinstance(c.value, str)]
        under = [text for text in texts if text.startswith(chain(ranking().settings))]
        assert len(under) == 2 and all(AFTER_CHANGE in text for text in under)

    def test_the_priority_column_shows_what_was_added(self) -> None:
        rows = by_unit("XEP_HANG", "Hạng nếu ưu tiên vùng khó")
        added = ranking().units.loc["P8", "priority_points"]
        assert added > 0
        assert rows["P8"]["Hạng nếu ưu tiên vùng khó"].endswith(f"(+{added:.0f})")
        assert "(" not in rows["P2"]["Hạng nếu ưu tiên vùng khó"]

    def test_each_block_has_its_chart_of_intervals(self) -> None:
        assert len(book()["XEP_HANG"]._charts) == 2


class TestScores:
    def test_there_is_one_row_a_unit_and_criterion_with_its_key(self) -> None:
        rows = [row for table in tables(book()[SHEET]) for row in table if KEY_HEADING in row]
        criteria = ranking().criteria
        assert [row[KEY_HEADING] for row in rows] == [
            joined(SHEET, score_key(u, c))
            for block in ("Khối 1", "Khối 2")
            for u in self.in_order(block)
            for c in criteria.loc[criteria["unit"] == u, "criterion"]
        ]
        told = criteria.set_index(["unit", "criterion"])
        for row in rows:
            line = told.loc[of_score_key(split_key(row[KEY_HEADING])[1])]
            for heading, name in {
                "Điểm chuẩn": "most", "Tự chấm": "self", "Máy tính lại": "computed", SCORE_HEADING: "appraised",
                "Tự chấm trừ máy tính": "difference", "Thưởng máy tính": "bonus_computed", "Thưởng được tính": "bonus",
            }.items():  # fmt: skip
                assert row[heading] == near(line[name]), (row[KEY_HEADING], heading)
            assert (row["Điểm được tính"] or None) == near(line["official"]) or line["official"] == 0
            out = line["basis"] == Basis.NOT_OCCURRED
            assert row["Điểm chuẩn được tính"] == (0 if out else line["most"])

    def in_order(self, block: str) -> list[str]:
        units = ranking().units
        mine = units[units["block"] == block]
        shut = mine["status"].isin(("CHO_KET_LUAN", "KHONG_XET"))
        return [*mine.index[~shut], *mine.index[shut]]

    def test_appraised_cells_are_open_yellow_and_take_numbers(self) -> None:
        page = book()[SHEET]
        rules = page.data_validations.dataValidation
        assert {(r.type, r.formula1, r.formula2) for r in rules} == {("decimal", "-1000", "2000")}
        for table in tables(page):
            for row in table:
                if SCORE_HEADING in row:
                    cell = page.cell(row["row"], 8)
                    assert not cell.protection.locked and cell.fill.fgColor.rgb.endswith("FFF8DC")
                    assert cell.number_format == "General"  # what is typed stays a number
                    assert any(cell.coordinate in rule.sqref for rule in rules)
                    assert page.cell(row["row"], 7).protection.locked and page.cell(row["row"], 10).protection.locked
        assert page.column_dimensions["S"].hidden

    def test_what_did_not_occur_and_what_was_not_sent_is_said(self) -> None:
        rows = {split_key(r[KEY_HEADING])[1]: r for table in tables(book()[SHEET]) for r in table if KEY_HEADING in r}
        source = "Không thẩm định thì điểm lấy từ"
        assert rows["P8|II.2"][source] == "Không phát sinh: không tính"
        assert rows["P8|II.2"]["Minh chứng"] == "Không phát sinh vì: Không có việc"
        assert rows["P6|I.1"][source].startswith("▲ Chưa có hồ sơ")
        assert rows["P2|I.1"][source] == "Tính từ chỉ tiêu, kết quả"

    def test_a_score_above_the_claim_is_marked_beside_it(self) -> None:
        """P8 claimed and earned 180 of 200 points of III.1; the standing office gave 170, near enough."""
        rows = {split_key(r[KEY_HEADING])[1]: r for table in tables(book()[SHEET]) for r in table if KEY_HEADING in r}
        assert rows["P8|III.1"]["Thẩm định khác thường"] in (None, "")
        assert rows["P1|II.1"]["Thẩm định khác thường"] == "▲ xa điểm máy tính"  # 150,5 against 190, with a reason
        assert rows["P6|I.1"]["Thẩm định khác thường"] in (None, "")  # nothing to compare with

    def test_formulas_use_only_old_functions(self) -> None:
        known = {"IF", "ISNUMBER", "N", "AND", "SUM", "MIN", "COUNT", "ROUND", "RANK", "COUNTIF", "ISTEXT"}
        found = set()
        for name in (SHEET, "XEP_HANG", "DO_VUNG_HANG"):
            for row in book(values=False)[name].iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        found |= set(re.findall(r"[A-Z]+(?=\()", re.sub(r'"[^"]*"', "", cell.value)))
        assert found <= known and {"RANK", "COUNTIF", "SUM", "MIN"} <= found


class TestFormulas:
    """A small calculator computes the formulas: first as written, then after a score was typed."""

    def test_they_compute_what_is_stored(self) -> None:
        computed_by = calculator()
        for name in (SHEET, "XEP_HANG", "TH_TAP_THE"):
            for row in book(values=False)[name].iter_rows():
                for cell in row:
                    if cell.data_type == "f" and "PHAT_HIEN" not in cell.value:
                        stored = book()[name][cell.coordinate].value
                        computed = computed_by.cell(name, cell.coordinate)
                        ours = near(stored) if isinstance(stored, float) else stored or ""
                        assert (computed if computed is not None else "") == ours, (name, cell.coordinate, cell.value)

    @pytest.mark.parametrize(
        ("unit", "code", "score"),
        [
            ("P1", "II.1", 195.0), ("P2", "I.1", 300.0), ("P3", "III.1", 20.0), ("P1", "I.1", 299.0),
            ("P8", "II.2", 60.0), ("P4", "I.2", 190.0), ("P2", "II.2", -5.0), ("Q2", "III.1", 199.0),
            ("P5", "I.1", 0.0),
        ],
    )  # fmt: skip
    def test_a_typed_score_gives_what_the_next_run_gives(self, unit: str, code: str, score: float) -> None:
        again = rerun({(unit, code): score})
        computed_by = calculator({(unit, code): score})
        for one, row in by_unit("XEP_HANG", "Khoảng hạng").items():
            told = again.loc[one]
            keys = list(row)
            got = {h: computed_by.cell("XEP_HANG", f"{chr(64 + keys.index(h))}{row['row']}")
                   for h in ("Hạng", "Tổng điểm", "Tỷ lệ %", "Xếp nhóm")}  # fmt: skip
            assert got["Tổng điểm"] == near(told["total"]) and got["Tỷ lệ %"] == near(round(told["percent"], 6))
            assert got["Xếp nhóm"] == BANDS[told["band"]]
            assert got["Hạng"] == told["rank"], one

    def test_units_that_become_level_share_a_rank_until_the_next_run(self) -> None:
        rows = by_unit("XEP_HANG", "Khoảng hạng")
        level = calculator({("Q2", "I.1"): 290.0})
        assert [level.cell("XEP_HANG", f"A{rows[unit]['row']}") for unit in ("Q1", "Q2")] == [1, 1]
        parted = calculator({("P2", "III.1"): 184.0, ("P3", "III.1"): 184.0})  # still level, but no more as they were
        assert [parted.cell("XEP_HANG", f"A{rows[unit]['row']}") for unit in ("P2", "P3")] == [2, 2]

    def test_all_scores_of_a_unit_without_a_file_give_it_a_total(self) -> None:
        typed = {("P6", code): 0.9 * GOOD[code] for code in GOOD}
        again = rerun(typed)
        row = by_unit("XEP_HANG", "Ngoài hạng: hạng tham khảo")["P6"]
        at = f"{chr(64 + list(row).index('Tổng điểm'))}{row['row']}"
        assert calculator(typed).cell("XEP_HANG", at) == near(again.loc["P6", "total"])
        typed.pop(("P6", "I.1"))
        assert calculator(typed).cell("XEP_HANG", at) == ""
        assert np.isnan(rerun(typed).loc["P6", "total"])

    def test_a_row_that_changed_says_so(self) -> None:
        row = by_unit("XEP_HANG", "Khoảng hạng")["P2"]
        at = f"{chr(64 + list(row).index('Tình trạng'))}{row['row']}"
        assert calculator().cell("XEP_HANG", at) == "Xếp hạng"
        assert str(calculator({("P2", "I.1"): 100.0}).cell("XEP_HANG", at)).startswith("▲ Đã đổi, lúc chạy hạng 2")

    def test_the_list_of_collectives_leads_to_rank_and_band(self) -> None:
        (row,) = [row for table in tables(book()["TH_TAP_THE"]) for row in table if row.get("Mã ĐV") == "P2"]
        told = ranking().units.loc["P2"]
        span = f"{told['best']:.0f}–{told['worst']:.0f}"
        assert row["Hạng trong khối"] == 2
        assert row["Khoảng hạng; nhóm theo điểm"] == f"{span}; {BANDS[told['band']]}"
        keys = list(row)
        after = calculator({("P2", "I.1"): 0.0})
        rank, band = (
            after.cell("TH_TAP_THE", f"{chr(64 + keys.index(heading))}{row['row']}")
            for heading in ("Hạng trong khối", "Khoảng hạng; nhóm theo điểm")
        )
        told = rerun({("P2", "I.1"): 0.0}).loc["P2"]
        assert (rank, band) == (told["rank"], f"{span}; {BANDS[told['band']]}")


class TestFirmness:
    def test_each_unit_has_its_numbers_and_its_sentence(self) -> None:
        rows, units = by_unit("DO_VUNG_HANG", "Điều làm đổi hạng"), ranking().units
        assert list(rows) == list(units.index)
        shares = ranking().acceptability.set_index(["unit", "rank"])["share"]
        for unit, row in rows.items():
            told = units.loc[unit]
            assert row["Điều làm đổi hạng"] == told["change"]
            if not told["ranked"]:
                assert row["Hạng"] == "–" and row["Bốn cách tính"] is None
                continue
            assert (row["Hạng theo thứ bậc"], row["Hạng theo đối đầu"], row["Hạng theo trung bình nhân"]) == (
                told["rank_borda"], told["rank_copeland"], told["rank_geometric"],
            )  # fmt: skip
            assert row["Bốn cách tính"] == ("vững" if told["firm"] else "chưa vững")
            heat = {int(h): v for h, v in row.items() if h.isdigit() and v is not None}
            assert heat == {int(r): pytest.approx(100 * share) for r, share in shares[unit].items()}

    def test_ranks_without_a_group_are_marked_where_they_differ(self) -> None:
        rows = by_unit("DO_VUNG_HANG", "Điều làm đổi hạng")
        groups = ranking().without.query("kind == 'NHOM'")
        assert set(groups["left_out"]) >= {"Nhóm I", "Nhóm II", "Nhóm III", "Điểm thưởng", "Điểm trừ"}
        for line in groups.itertuples():
            shown = str(rows[line.unit][f"Hạng nếu bỏ {line.left_out}"])
            assert float(re.sub(r"[^\d.]", "", shown)) == line.rank
            assert ("▼" in shown, "▲" in shown) == (line.change > 0, line.change < 0)

    def test_pairs_say_lead_flip_weight_and_certainty(self) -> None:
        rows = [row for table in tables(book()["DO_VUNG_HANG"]) for row in table if "Trên" in row]
        pairs = ranking().pairs.to_dict("records")
        assert [(row["Trên"], row["Dưới"]) for row in rows] == [(p["above"], p["below"]) for p in pairs]
        for row, pair in zip(rows, pairs, strict=True):
            assert row["Cách nhau (% điểm)"] == near(pair["gap"])
            assert row["Dưới thêm mấy điểm thì ngang"] == near(pair["gain"])
            assert row["Trên bớt mấy điểm thì ngang"] == near(pair["loss"])
            weight = pair["tie_weight"]
            assert row["hai đơn vị ngang khi chiếm, %"] == (None if weight != weight else near(100 * weight))
            assert (row["Nhận xét"] == "▲ cần thảo luận") == bool(pair["discuss"])
            if isinstance(pair["lead_1"], str):
                assert row["Ba điều tạo cách biệt nhiều nhất (% điểm)"].startswith(f"{pair['lead_1']} +")

    def test_draws_seed_and_incomparable_pairs_are_printed(self) -> None:
        page, settings = book()["DO_VUNG_HANG"], ranking().settings
        head = str(page["A3"].value)
        assert f"{settings.draws:,}".replace(",", ".") in head and f"số khởi đầu {settings.seed}" in head
        texts = [str(c.value) for row in page.iter_rows() for c in row if str(c.value).startswith("Trong ")]
        told = ranking().blocks
        assert [re.findall(r"\d+", text) for text in texts] == [
            [f"{b['pairs']:.0f}", f"{b['pairs'] - b['incomparable']:.0f}", f"{b['incomparable']:.0f}"]
            for _, b in told.iterrows()
        ]

    def test_a_long_block_puts_ranks_together(self) -> None:
        assert _bins(4, 20) == [(1, 1), (2, 2), (3, 3), (4, 4)]
        assert _bins(25, 20) == [(n, min(n + 1, 25)) for n in range(1, 26, 2)]
        assert _bins(0, 20) == []


class TestWithoutData:
    def test_a_province_without_a_score_table_has_empty_sheets_and_no_formula(self) -> None:
        stream = io.BytesIO()
        write_workbook(stream, Case(P1={"DE_NGHI": [proposal("DN01", "P1", "TTLDXS")]}).results())
        bare = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
        for name in (SHEET, "XEP_HANG", "DO_VUNG_HANG"):
            assert not any(cell.data_type == "f" for row in bare[name].iter_rows() for cell in row)
        (row,) = [row for table in tables(bare["XEP_HANG"]) for row in table if row.get("Mã ĐV") == "P1"]
        assert (row["Tình trạng"], row["Ngoài hạng: hạng tham khảo"]) == ("Chưa có điểm", "–")


def rerun(typed: Mapping[tuple[str, str], float]) -> Any:
    """Units of the ranking after the same scores stand in DIEM_THAM_DINH."""
    return ranking_of(case(APPRAISED | dict(typed)).evidence).units


def calculator(typed: Mapping[tuple[str, str], float] | None = None) -> Calculator:
    """The formulas after scores were typed into their cells, by unit and criterion."""
    rows = {
        split_key(r[KEY_HEADING])[1]: r["row"] for table in tables(book()[SHEET]) for r in table if KEY_HEADING in r
    }
    cells = {(SHEET, f"H{rows[score_key(*key)]}"): points for key, points in (typed or {}).items()}
    return Calculator(book(values=False), book(), cells)
