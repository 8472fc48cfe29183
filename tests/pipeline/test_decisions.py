"""The reviewed workbook read back: what the council wrote counts wherever it now stands, and nothing is guessed."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.decisions.agreement import say_contradictions
from pipeline.decisions.carrying import carried_from
from pipeline.decisions.finalize import FINDINGS, RECORD, RESULT_BOOK, Finalized, finalize
from pipeline.decisions.judging import Outcome
from pipeline.findings import Finding, sentences
from pipeline.refusals import CannotRun
from pipeline.results import Results
from pipeline.workbook import write_workbook
from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff, tally
from tests.meeting import Meeting

D = dt.date
COUNCIL = [
    {"ho_ten": f"Giả Ủy {n}", "chuc_vu": "Ủy viên", "vai_tro": "UY_VIEN", "tu_ngay": D(2025, 7, 1)} for n in range(9)
]
CLEAR, FIGHTER, EXPLAINED, STOPPED = "CN|P1|CC1|LDTT", "CN|P1|CC1|CSTDCS", "CN|P1|CC2|LDTT", "CN|P1|CC3|LDTT"
PASSED_OVER, UPPER, COLLECTIVE, BOTH = "CN|P1|CC4|LDTT", "CN|P1|CC1|CSTD_NGANH", "TT|P1|P1|TTLDTT", "CN|P1|CC4|LDTT+GK"
VOTE = (9, 9, 9, 0, 8, 1, 0)


def case() -> Case:
    people = [staff(f"CC{n}") for n in range(1, 5)]
    asked = [
        proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "CSTDCS"), proposal("DN03", "CC2", "LDTT"),
        proposal("DN04", "CC3", "LDTT"), proposal("DN05", "CC4", "LDTT", ket_qua="KHONG_DE_NGHI"),
        proposal("DN06", "CC1", "CSTD_NGANH"), proposal("DN07", "P1", "TTLDTT"),
        proposal("DN08", "CC4", "LDTT", hinh_thuc="GK"),
    ]  # fmt: skip
    votes = [tally(row["ma_dn"], 8) for row in asked]
    return Case(
        P1={"DON_VI": [form()], "NHAN_SU": people, "DE_NGHI": asked, "PHIEU": votes}, configured={"HOI_DONG": COUNCIL}
    )


@cache
def results() -> Results:
    """One nomination waits for a reason, one is stopped; nothing else is found."""
    found = (
        Finding("V-03", "not_number", "P1", "", "P1.xlsx", "DE_NGHI", "L8", params={"cot": "Thứ tự", "vi_du": "1"}),
        Finding(
            "V-07", "name", "P1", "", "P1.xlsx", "DE_NGHI", "D7", given=Severity.NEEDS_REASON,
            params={"cot": "Họ tên", "ten_goc": "x", "ma": "CC2", "trang_goc": "NHAN_SU"},
        ),
    )  # fmt: skip
    return dataclasses.replace(case().results(), findings=found)


@cache
def content() -> bytes:
    return written(results())


def written(results: Results, **more: Any) -> bytes:
    target = io.BytesIO()
    write_workbook(target, results, **more)
    return target.getvalue()


@pytest.fixture
def meeting() -> Meeting:
    return Meeting(content())


def concluded(meeting: Meeting, folder: Path, *others: Meeting) -> Finalized:
    paths = [m.save(folder / f"ban-{n}.xlsx") for n, m in enumerate((meeting, *others), start=1)]
    return finalize(paths, folder / "ra")


def said(done: Finalized) -> set[tuple[str, str, str, str]]:
    """(sheet, cell, code, variant) of what was found, without what is only still open."""
    for finding in done.findings:
        words = sentences(finding)
        assert "…" not in words.what + words.fix, words
    return {
        (f.sheet, f.cell, f.code, f.variant) for f in done.findings if f.variant not in ("undecided", "no_province")
    }


def outcome(done: Finalized, key: str) -> Outcome | None:
    return next(d.outcome for d in done.decisions if d.row.sealed.key == key)


def at(meeting: Meeting, key: str, heading: str) -> tuple[str, str]:
    sheet = "TH_TAP_THE" if key.startswith("TT") else "TH_CA_NHAN"
    return sheet, meeting.cell(sheet, key, heading).coordinate


class TestConclusions:
    def test_agreement_goes_to_the_list_of_whoever_decides(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(
            meeting.decide(CLEAR, "Đồng ý").decide(UPPER, "đồng ý ").decide(COLLECTIVE, "Đồng ý"), tmp_path
        )
        assert said(done) == set()
        assert [outcome(done, key) for key in (CLEAR, UPPER, COLLECTIVE)] == [
            Outcome.RECOGNISED, Outcome.SUBMITTED, Outcome.RECOGNISED,
        ]  # fmt: skip
        book = openpyxl.load_workbook(tmp_path / "ra" / RESULT_BOOK)
        assert [c.value for c in book["TRINH"]["B"]].count("Lò Giả CC1") == 1
        assert [c.value for c in book["CONG_NHAN"]["B"]].count("Lò Giả CC1") == 1

    @pytest.mark.parametrize(
        ("decision", "wanted"),
        [("Không đồng ý", Outcome.REFUSED), ("Trả lại", Outcome.RETURNED), ("Để lại kỳ sau", Outcome.POSTPONED)],
    )
    def test_a_refusal_needs_a_reason(self, meeting: Meeting, tmp_path: Path, decision: str, wanted: Outcome) -> None:
        done = concluded(meeting.decide(CLEAR, decision), tmp_path)
        assert said(done) == {(*at(meeting, CLEAR, "Lý do"), "KL-02", "missing")}
        assert outcome(done, CLEAR) is wanted
        assert said(concluded(meeting.decide(CLEAR, decision, "Chưa đủ căn cứ"), tmp_path)) == set()

    def test_who_waits_for_a_reason_enters_only_with_one(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.decide(EXPLAINED, "Đồng ý"), tmp_path)
        assert said(done) == {(*at(meeting, EXPLAINED, "Lý do"), "KL-02", "explain")}
        assert outcome(done, EXPLAINED) is Outcome.UNDECIDED
        done = concluded(meeting.decide(EXPLAINED, "Đồng ý", "Đơn vị đã giải trình"), tmp_path)
        assert (said(done), outcome(done, EXPLAINED)) == (set(), Outcome.RECOGNISED)

    @pytest.mark.parametrize(
        ("key", "variant"), [(STOPPED, "blocked"), (PASSED_OVER, "not_proposed"), (BOTH, "no_award")]
    )
    def test_what_cannot_be_agreed_stays_undecided(
        self, meeting: Meeting, tmp_path: Path, key: str, variant: str
    ) -> None:
        done = concluded(meeting.decide(key, "Đồng ý"), tmp_path)
        assert said(done) == {(*at(meeting, key, "Kết luận"), "KL-09", variant)}
        assert outcome(done, key) is Outcome.UNDECIDED

    def test_an_award_of_which_nobody_knows_who_decides(self, tmp_path: Path) -> None:
        open_levels = case()
        titles = open_levels.province.configuration.frames["DANH_HIEU"]
        titles["cap_quyet_dinh"] = titles["cap_quyet_dinh"].where(titles["ma"] != "LDTT")
        done = concluded(
            Meeting(written(dataclasses.replace(open_levels.results(), findings=()))).decide(CLEAR, "Đồng ý"), tmp_path
        )
        assert {(code, variant) for *_, code, variant in said(done)} == {("KL-09", "no_level")}

    @pytest.mark.parametrize("typed", ["Đồng ý nhé", "OK", "2"])
    def test_another_text_is_no_conclusion(self, meeting: Meeting, tmp_path: Path, typed: str) -> None:
        done = concluded(meeting.decide(CLEAR, typed), tmp_path)
        assert said(done) == {(*at(meeting, CLEAR, "Kết luận"), "KL-01", "unknown")}
        assert outcome(done, CLEAR) is Outcome.UNDECIDED

    def test_nobody_is_forgotten(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.type("TH_CA_NHAN", CLEAR, ly_do="Xem thêm"), tmp_path)
        assert {(f.code, f.variant) for f in done.findings} == {
            ("KL-10", "undecided"), ("KL-10", "reason_only"), ("KL-08", "no_province"),
        }  # fmt: skip
        assert sum(f.code == "KL-10" for f in done.findings) == 7  # all but who was not proposed
        assert outcome(done, PASSED_OVER) is Outcome.NOT_PROPOSED

    @pytest.mark.parametrize("reason", ["Hạ xuống Lao động tiên tiến", "còn LĐTT thôi."])
    def test_lowering_names_what_is_given(self, meeting: Meeting, tmp_path: Path, reason: str) -> None:
        done = concluded(meeting.decide(FIGHTER, "Hạ mức", reason), tmp_path)
        assert said(done) == set()
        (decision,) = (d for d in done.decisions if d.row.sealed.key == FIGHTER)
        assert (decision.award, decision.lowered, decision.outcome) == ("LDTT", True, Outcome.RECOGNISED)

    @pytest.mark.parametrize("reason", ["Chưa xứng đáng", "Chiến sĩ thi đua cơ sở", "LĐTT hoặc Giấy khen"])
    def test_lowering_to_nothing_or_to_two_things_is_asked_about(
        self, meeting: Meeting, tmp_path: Path, reason: str
    ) -> None:
        done = concluded(meeting.decide(FIGHTER, "Hạ mức", reason), tmp_path)
        assert said(done) == {(*at(meeting, FIGHTER, "Lý do"), "KL-09", "lowered")}
        assert outcome(done, FIGHTER) is Outcome.UNDECIDED

    def test_what_is_given_twice_stands_once_in_the_list(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.decide(CLEAR, "Đồng ý").decide(FIGHTER, "Hạ mức", "LĐTT"), tmp_path)
        assert {(code, variant) for *_, code, variant in said(done)} == {("KL-09", "twice")}
        book = openpyxl.load_workbook(tmp_path / "ra" / RESULT_BOOK)
        assert [c.value for c in book["CONG_NHAN"]["B"]].count("Lò Giả CC1") == 1


class TestIdentity:
    def test_order_of_rows_columns_and_sheets_does_not_matter(self, meeting: Meeting, tmp_path: Path) -> None:
        for key in (CLEAR, FIGHTER, UPPER):
            meeting.decide(key, "Đồng ý").vote(key, *VOTE)
        meeting.decide(COLLECTIVE, "Không đồng ý", "Xếp loại thấp")
        plain = concluded(meeting, tmp_path)
        meeting.sort("TH_CA_NHAN", lambda line: str(line[8])).sort("PHIEU_HOI_DONG", lambda line: str(line[3]))
        meeting.sort("PHAT_HIEN", lambda line: str(line[2]))
        meeting.move_column_to_front("TH_CA_NHAN", "Kết luận")
        meeting.book.move_sheet("TH_CA_NHAN", -5)
        meeting.book["TH_TAP_THE"].title = "Tập thể (đã họp)"
        meeting.book["TH_CA_NHAN"].column_dimensions["C"].width = 60
        meeting.book["TH_CA_NHAN"].row_dimensions[7].hidden = True
        moved = concluded(meeting, tmp_path)
        assert said(moved) == said(plain) == set()
        assert [(d.row.sealed.key, d.new, d.outcome, d.reason, d.tally) for d in moved.decisions] == [
            (d.row.sealed.key, d.new, d.outcome, d.reason, d.tally) for d in plain.decisions
        ]

    def test_a_changed_locked_cell_is_noticed_and_changes_nothing(self, meeting: Meeting, tmp_path: Path) -> None:
        meeting.decide(CLEAR, "Đồng ý").type("TH_CA_NHAN", CLEAR, ten="Lò Giả Khác")
        done = concluded(meeting, tmp_path)
        assert said(done) == {(*at(meeting, CLEAR, "Họ và tên"), "KL-03", "changed")}
        assert [d.facts["ten"] for d in done.decisions if d.outcome is Outcome.RECOGNISED] == ["Lò Giả CC1"]

    def test_a_deleted_row_stays_undecided(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.decide(CLEAR, "Đồng ý").delete("TH_CA_NHAN", CLEAR), tmp_path)
        assert said(done) == {("", "", "KL-04", "deleted")}
        assert outcome(done, CLEAR) is Outcome.UNDECIDED

    def test_a_strange_row_is_not_read(self, meeting: Meeting, tmp_path: Path) -> None:
        row = meeting.copy_row("TH_CA_NHAN", CLEAR)
        page = meeting.page("TH_CA_NHAN")
        page.cell(row, page.max_column).value = "TH_CA_NHAN/CN|P9|CC9|LDTT"
        assert said(concluded(meeting, tmp_path)) == {("TH_CA_NHAN", f"A{row}", "KL-04", "unknown")}

    @pytest.mark.parametrize(("second", "variant"), [("Đồng ý", "same"), ("Không đồng ý", "different")])
    def test_a_row_that_stands_twice(self, meeting: Meeting, tmp_path: Path, second: str, variant: str) -> None:
        meeting.decide(CLEAR, "Đồng ý")
        row = meeting.copy_row("TH_CA_NHAN", CLEAR)
        _, _, columns = next(meeting.rows("TH_CA_NHAN"))
        meeting.page("TH_CA_NHAN").cell(row, columns["Kết luận"]).value = second
        done = concluded(meeting, tmp_path)
        assert said(done) == {("TH_CA_NHAN", f"A{row}", "KL-05", variant)}
        assert outcome(done, CLEAR) is (Outcome.RECOGNISED if variant == "same" else Outcome.UNDECIDED)

    def test_a_column_or_a_sheet_that_is_gone(self, meeting: Meeting, tmp_path: Path) -> None:
        _, row, columns = next(meeting.rows("TH_TAP_THE"))
        meeting.page("TH_TAP_THE").cell(row - 1, columns["Lý do"]).value = "Vì sao"
        del meeting.book["PHIEU_HOI_DONG"]
        assert said(concluded(meeting, tmp_path)) == {
            ("TH_TAP_THE", "", "KL-11", "no_column"), ("", "", "KL-11", "no_sheet"),
        }  # fmt: skip

    def test_a_workbook_that_is_not_ours_or_lost_its_keys_is_refused(self, meeting: Meeting, tmp_path: Path) -> None:
        line = next(cell for cell in meeting.book["KHOA"]["A"] if '"ten": "Lò Giả CC1"' in str(cell.value))
        line.value = line.value.replace("CC1", "CC2")
        with pytest.raises(CannotRun, match="đã bị sửa"):
            concluded(meeting, tmp_path)
        del meeting.book["KHOA"]
        with pytest.raises(CannotRun, match="không còn trang ẩn"):
            concluded(meeting, tmp_path)
        assert not (tmp_path / "ra").exists()


class TestCopies:
    def test_what_one_leaves_open_the_other_may_say(self, meeting: Meeting, tmp_path: Path) -> None:
        other = Meeting(content()).decide(COLLECTIVE, "Đồng ý")
        done = concluded(meeting.decide(CLEAR, "Đồng ý"), tmp_path, other)
        assert said(done) == set()
        assert outcome(done, CLEAR) is outcome(done, COLLECTIVE) is Outcome.RECOGNISED

    def test_copies_that_disagree_leave_it_open(self, meeting: Meeting, tmp_path: Path) -> None:
        other = Meeting(content()).decide(CLEAR, "Không đồng ý", "Chưa đạt")
        done = concluded(meeting.decide(CLEAR, "Đồng ý"), tmp_path, other)
        assert said(done) == {(*at(meeting, CLEAR, "Kết luận"), "KL-07", "differ")}
        assert outcome(done, CLEAR) is Outcome.UNDECIDED
        assert not any(f.code == "KL-10" and f.cell == at(meeting, CLEAR, "Kết luận")[1] and f.sheet == "TH_CA_NHAN"
                       for f in done.findings)  # fmt: skip

    def test_copies_of_two_runs_are_refused(self, meeting: Meeting, tmp_path: Path) -> None:
        other = Meeting(written(dataclasses.replace(results(), run_id="ba9876543210")))
        with pytest.raises(CannotRun, match="ba9876543210"):
            concluded(meeting, tmp_path, other)


class TestVotes:
    @pytest.mark.parametrize(
        ("counts", "heading", "variant"),
        [
            ((9, 9, 9, 0, 9, 1, 0), "Hợp lệ", "counted"),
            ((9, 9, 8, 0, 8, 0, 0), "Thu về", "sorted"),
            ((8, 9, 9, 0, 9, 0, 0), "Thu về", "returned"),
            ((10, 9, 9, 0, 9, 0, 0), "Phát ra", "too_many"),
            ((9, 9, 9, 0, 9, 0, None), "Không ý kiến", "incomplete"),
            (("chín", 9, 9, 0, 9, 0, 0), "Phát ra", "not_number"),
            ((9, 9, 9, 0, 6, 3, 0), "Đồng ý", "short"),
        ],
    )
    def test_a_vote_that_is_not_right(
        self, meeting: Meeting, tmp_path: Path, counts: tuple[Any, ...], heading: str, variant: str
    ) -> None:
        done = concluded(meeting.decide(CLEAR, "Đồng ý").vote(CLEAR, *counts), tmp_path)
        cell = meeting.cell("PHIEU_HOI_DONG", CLEAR, heading).coordinate
        assert said(done) == {("PHIEU_HOI_DONG", cell, "KL-06", variant)}
        assert outcome(done, CLEAR) is Outcome.RECOGNISED  # the council said so in words

    def test_a_refusal_in_spite_of_the_votes_is_told(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.decide(CLEAR, "Không đồng ý", "Có đơn").vote(CLEAR, *VOTE), tmp_path)
        assert {(code, variant) for *_, code, variant in said(done)} == {("KL-06", "passed")}

    def test_numbers_that_became_texts_are_read(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.decide(CLEAR, "Đồng ý").vote(CLEAR, *map(str, VOTE)), tmp_path)
        assert said(done) == set()

    def test_votes_alone_decide_nothing(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.vote(CLEAR, *VOTE), tmp_path)
        assert outcome(done, CLEAR) is Outcome.UNDECIDED
        (finding,) = (
            f for f in done.findings if f.cell == at(meeting, CLEAR, "Kết luận")[1] and f.sheet == "TH_CA_NHAN"
        )
        assert "đã có 8 phiếu đồng ý" in sentences(finding).what


class TestRecord:
    def test_every_cell_is_told_with_its_place(self, meeting: Meeting, tmp_path: Path) -> None:
        meeting.decide(CLEAR, "Không đồng ý", "Có đơn").vote(CLEAR, *VOTE)
        key = next(key for key, *_ in meeting.rows("PHAT_HIEN"))
        meeting.type("PHAT_HIEN", key, ghi_chu="Đã hỏi đơn vị")
        concluded(meeting, tmp_path)
        with (tmp_path / "ra" / RECORD).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        (mine,) = (row for row in rows if row["loai"] == "KET_LUAN" and row["khoa"] == CLEAR)
        assert (mine["cu"], mine["moi"], mine["ly_do"], mine["ket_qua"]) == (
            "",
            "Không đồng ý",
            "Có đơn",
            "Không đồng ý",
        )
        assert (mine["trang_tinh"], mine["o"]) == at(meeting, CLEAR, "Kết luận")
        assert (mine["phieu_dong_y"], mine["tong_thanh_vien"]) == ("8", "9")
        assert sum(row["trang_tinh"] == "PHIEU_HOI_DONG" and row["khoa"] == CLEAR for row in rows) == 8
        (note,) = (row for row in rows if row["trang_tinh"] == "PHAT_HIEN")
        assert (note["moi"], note["loai"]) == ("Đã hỏi đơn vị", "GHI")
        assert (tmp_path / "ra" / FINDINGS).read_bytes().startswith(b"\xef\xbb\xbfma,muc,")

    def test_the_same_workbook_gives_the_same_bytes(self, meeting: Meeting, tmp_path: Path) -> None:
        path = meeting.decide(CLEAR, "Đồng ý").save(tmp_path / "ban.xlsx")
        for output in ("a", "b"):
            finalize([path], tmp_path / output)
        a, b = ({p.name: p.read_bytes() for p in (tmp_path / o).iterdir()} for o in ("a", "b"))
        assert a == b

    def test_a_result_that_people_have_edited_is_kept(self, meeting: Meeting, tmp_path: Path) -> None:
        concluded(meeting, tmp_path)
        (tmp_path / "ra" / RESULT_BOOK).write_bytes(b"edited")
        done = concluded(meeting, tmp_path)
        assert (tmp_path / "ra" / RESULT_BOOK).read_bytes() == b"edited"
        assert "ket-qua-2.xlsx" in [path.name for path in done.written]
        assert any("giữ nguyên" in line for line in done.lines())

    def test_exit_codes(self, meeting: Meeting, tmp_path: Path) -> None:
        done = concluded(meeting.decide(CLEAR, "OK"), tmp_path)
        assert [done.exit_code(s) for s in (None, Severity.BLOCKING)] == [0, 1]
        assert concluded(Meeting(content()), tmp_path).exit_code(Severity.BLOCKING) == 0


class TestCarrying:
    def carried(self, meeting: Meeting, folder: Path, new: Results) -> Meeting:
        path = meeting.save(folder / "da-ghi.xlsx")
        return Meeting(written(new, carried=carried_from(path)))

    def changed(self, asked: list[dict[str, Any]]) -> Results:
        tables = {"DON_VI": [form()], "NHAN_SU": [staff(f"CC{n}") for n in range(1, 5)], "DE_NGHI": asked}
        return dataclasses.replace(Case(P1=tables, configured={"HOI_DONG": COUNCIL}).results(), findings=())

    def test_conclusions_votes_and_notes_come_along(self, meeting: Meeting, tmp_path: Path) -> None:
        meeting.decide(CLEAR, "Không đồng ý", "Có đơn").vote(CLEAR, *VOTE).sign("LDTT", "12/QĐ", D(2026, 12, 20))
        meeting.sort("TH_CA_NHAN", lambda line: str(line[8]))
        # The unit sends again: one nomination less, the rest in another order.
        asked = [proposal("DN09", "P1", "TTLDTT"), proposal("DN08", "CC1", "LDTT"), proposal("DN01", "CC2", "LDTT")]
        new = self.carried(meeting, tmp_path, self.changed(asked))
        assert new.cell("TH_CA_NHAN", CLEAR, "Kết luận").value == "Không đồng ý"
        assert new.cell("TH_CA_NHAN", CLEAR, "Lý do").value == "Có đơn"
        assert new.cell("PHIEU_HOI_DONG", CLEAR, "Đồng ý").value == 8
        assert new.cell("HOP_HOI_DONG", "QD|LDTT", "Số, ký hiệu").value == "12/QĐ"
        assert new.cell("HOP_HOI_DONG", "QD|LDTT", "Ngày").value == dt.datetime(2026, 12, 20)

    def test_results_of_carried_votes_are_computed(self, meeting: Meeting, tmp_path: Path) -> None:
        path = meeting.vote(CLEAR, *VOTE).vote(FIGHTER, 9, 9, 9, 0, 5, 4, 0).save(tmp_path / "da-ghi.xlsx")
        content = written(results(), carried=carried_from(path))
        new, values = Meeting(content), openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        place = {key: new.cell("PHIEU_HOI_DONG", key, "Kết quả").coordinate for key in (CLEAR, FIGHTER, UPPER)}
        shown = {key: values["PHIEU_HOI_DONG"][cell].value for key, cell in place.items()}
        assert shown == {CLEAR: "● Đạt", FIGHTER: "■ Còn thiếu 2 phiếu", UPPER: None}

    def test_what_no_longer_fits_is_listed_with_its_place(self, meeting: Meeting, tmp_path: Path) -> None:
        meeting.decide(FIGHTER, "Đồng ý").decide(STOPPED, "Trả lại", "Sửa số").decide(EXPLAINED, "Đồng ý", "Rõ")
        meeting.type("TH_CA_NHAN", CLEAR, ten="Ai đó")
        row = next(row for key, row, _ in meeting.rows("TH_CA_NHAN") if key == FIGHTER)
        asked = [proposal("DN01", "CC1", "LDTT"), proposal("DN03", "CC2", "LDTT")]
        new = self.carried(meeting, tmp_path, self.changed(asked))
        lines = [[c.value for c in line] for line in new.page("SO_SANH_LAN_CHAY").iter_rows()]
        about = {line[2]: line for line in lines if line[2] and line[6]}
        fighter = about["Lò Giả CC1 (P1)"]
        assert (fighter[3], fighter[1], fighter[4]) == ("TH_CA_NHAN", row, "Đồng ý")
        assert "Không còn đề nghị «Chiến sĩ thi đua cơ sở»; nay đơn vị ghi: Lao động tiên tiến" in fighter[6]
        assert "không còn trong tệp" in about["Lò Giả CC3 (P1)"][6]
        assert "trước: Chờ giải trình; nay: Không vướng" in about["Lò Giả CC2 (P1)"][6]
        assert "Họ và tên" in about["KL-03"][6]

    def test_nothing_is_carried_where_copies_of_a_row_disagree(self, meeting: Meeting, tmp_path: Path) -> None:
        meeting.decide(CLEAR, "Đồng ý")
        row = meeting.copy_row("TH_CA_NHAN", CLEAR)
        _, _, columns = next(meeting.rows("TH_CA_NHAN"))
        meeting.page("TH_CA_NHAN").cell(row, columns["Kết luận"]).value = "Trả lại"
        new = self.carried(meeting, tmp_path, results())
        assert new.cell("TH_CA_NHAN", CLEAR, "Kết luận").value is None

    def test_carrying_what_was_carried_tells_old_and_new(self, meeting: Meeting, tmp_path: Path) -> None:
        again = self.carried(meeting.decide(CLEAR, "Trả lại", "Thiếu giấy"), tmp_path, results())
        done = concluded(again.decide(CLEAR, "Đồng ý"), tmp_path)
        (decision,) = (d for d in done.decisions if d.row.sealed.key == CLEAR)
        assert (decision.old, decision.new, decision.outcome) == ("Trả lại", "Đồng ý", Outcome.RECOGNISED)


GATED = "CN|P1|CC1|LDTT"


@cache
def gated() -> bytes:
    """A gate of P1 is noted and not decided."""
    gate = {"don_vi": "P1", "dieu_kien": "KY_LUAT", "ly_do": "QĐ 5"}
    people, asked = [staff("CC1"), staff("CC2")], [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC2", "LDTT")]
    found = Case(
        P1={"DON_VI": [form()], "NHAN_SU": people, "DE_NGHI": asked},
        configured={"HOI_DONG": COUNCIL, "DIEU_KIEN_LOAI": [gate]},
    ).results()
    return written(dataclasses.replace(found, findings=()))


class TestMatters:
    """Conclusions on VIEC_CAN_QUYET beside those where a decision takes effect."""

    @staticmethod
    def decide(choice: str | None, *agreed: str, reason: str | None = None) -> Meeting:
        meeting = Meeting(gated())
        if choice:
            meeting.type("VIEC_CAN_QUYET", "GATE|P1", ket_luan=choice, ly_do="Họp ngày 10/12")
        for key in agreed:
            meeting.decide(key, "Đồng ý", reason)
        return meeting

    def test_agreeing_for_a_unit_that_is_not_to_be_considered_is_a_contradiction(self, tmp_path: Path) -> None:
        meeting = self.decide("Phương án A", GATED, reason="Rõ")
        done = concluded(meeting, tmp_path)
        cell = meeting.cell("VIEC_CAN_QUYET", "GATE|P1", "Kết luận").coordinate
        assert said(done) == {("VIEC_CAN_QUYET", cell, "KL-13", "lists")}
        (finding,) = [f for f in done.findings if f.code == "KL-13"]
        assert "(Không xét) nhưng ở trang TH_CA_NHAN, ô " in sentences(finding).what
        assert outcome(done, GATED) is Outcome.RECOGNISED  # the lists hold, nothing is guessed

    def test_a_unit_that_is_considered_needs_no_reason_for_each_of_its_people(self, tmp_path: Path) -> None:
        done = concluded(self.decide("Phương án B", GATED), tmp_path)
        assert said(done) == set() and outcome(done, GATED) is Outcome.RECOGNISED

    def test_without_a_word_on_the_unit_agreeing_needs_a_reason(self, tmp_path: Path) -> None:
        done = concluded(self.decide(None, GATED), tmp_path)
        assert {variant for *_, variant in said(done)} == {"explain"} and outcome(done, GATED) is Outcome.UNDECIDED

    @pytest.mark.parametrize(
        ("choice", "held", "told"),
        [
            ("Phương án A", "CHO", "chưa ghi kết luận"),
            ("Phương án A", "", "ghi vẫn xét"),
            ("Phương án B", "KHONG_XET", "ghi không xét"),
            ("Phương án A", "KHONG_XET", ""),
            ("Phương án B", "", ""),
            ("Trả lại", "CHO", ""),
        ],
    )
    def test_the_gate_of_the_configuration_must_say_the_same(
        self, choice: str, held: str, told: str, tmp_path: Path
    ) -> None:
        done = concluded(self.decide(choice), tmp_path)
        say_contradictions(done.decisions, {"P1": held})
        book = done.decisions[0].row.book
        found = [sentences(f).what for f in book.findings if (f.code, f.variant) == ("KL-13", "gate")] if book else []
        assert [told in text for text in found] == ([True] if told else [])
