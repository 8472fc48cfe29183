"""Letters and minutes: what they say, the office's own templates and broken ones, equal bytes, text that stays text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline.consolidate import consolidate
from pipeline.documents import (
    DOCUMENTS,
    TEMPLATE_FOLDER,
    DocumentFacts,
    Letterhead,
    Meeting,
    Member,
    Nominee,
    OwnTemplates,
    Problem,
    Votes,
    facts_of_run,
    make_documents,
    read_own_templates,
    write_documents,
    write_templates,
)
from pipeline.documents.house_templates import LETTER, MINUTES, NAMES, TALLY, house_template
from pipeline.documents.tags import MOST_LINES, TAGS, letter_tags, minutes_tags
from pipeline.findings import sentences
from pipeline.workbook.nominated import LISTED, Nominations
from pipeline.writing import DOCUMENT_FOLDER
from schemas.rules import register
from tests.desk import write_province
from tests.pipeline.test_workbook_case import FIRST_ROW, cell, made

OWN, HIGHER = "Viện trưởng VKSND tỉnh", "Viện trưởng VKSND tối cao"
HEAD = Letterhead("CƠ QUAN CẤP TRÊN", "CƠ QUAN MẪU", "Tỉnh Mẫu", OWN, HIGHER)
WON = Votes(9, 9, 9, 8, 1, 0, 9)
TEAM = Nominee(True, "Phòng 1", "Khối phòng", "Phòng 1", "Tập thể Lao động xuất sắc", OWN, "Vượt 6/14 chỉ tiêu.")
PERSON = Nominee(False, "Lò Giả An", "Kiểm sát viên", "Phòng 1", "Lao động tiên tiến", OWN, "42/42 vụ", votes=WON)
UP = Nominee(False, "Đào Thử Bình", "Trưởng phòng", "Phòng 2", "Bằng khen", HIGHER, "x", "Chờ giải trình",
             explains=True)  # fmt: skip
FACTS = DocumentFacts(
    HEAD, "2026", 2026, dt.datetime(2026, 11, 20, 8, 0), draft=True, mark="", recognised=(TEAM, PERSON),
    submitted=(UP,), left_out=3, units_sent=14, units_expected=16, sources=("Luật số 1",), stamp="lần chạy abc",
    meeting=Meeting(dt.date(2026, 12, 10), (Member("Lò Giả Chủ", "Viện trưởng", "Chủ tịch"),), "Lò Giả Chủ"),
)  # fmt: skip
OWN_LETTER, UP_LETTER, MEETING, TALLIED = DOCUMENTS


def text_of(content: bytes) -> str:
    """All text of a document, cells of a row kept apart by ` | `."""
    document = docx.Document(io.BytesIO(content))
    lines = [p.text for p in document.paragraphs]
    lines += [" | ".join(c.text for c in row.cells) for table in document.tables for row in table.rows]
    return "\n".join(lines)


def made_of(facts: DocumentFacts = FACTS, own: OwnTemplates | None = None) -> dict[str, str]:
    return {name: text_of(content) for name, content in make_documents(facts, own)[0].items()}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return made_of()


def with_paragraph(text: str, name: str = LETTER) -> bytes:
    """Our template with one more paragraph, as an office writes it in Word."""
    document = docx.Document(io.BytesIO(house_template(name)))
    document.paragraphs[0].insert_paragraph_before(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


class TestLetters:
    def test_what_the_province_recognises_and_what_goes_up_are_never_mixed(self, texts: dict[str, str]) -> None:
        assert "Lò Giả An" in texts[OWN_LETTER] and "Đào Thử Bình" not in texts[OWN_LETTER]
        assert "Đào Thử Bình" in texts[UP_LETTER] and "Lò Giả An" not in texts[UP_LETTER]
        assert f"Kính gửi: {OWN}\n" in texts[OWN_LETTER] and f"Kính gửi: {HIGHER}\n" in texts[UP_LETTER]

    def test_figures(self, texts: dict[str, str]) -> None:
        assert "Kỳ xét 2026 có 14/16 đơn vị gửi hồ sơ" in texts[OWN_LETTER]
        assert "quyết định khen thưởng 01 tập thể, 01 cá nhân:" in texts[OWN_LETTER]
        assert f"1 | Tập thể Lao động xuất sắc | {OWN} | 01 | 00" in texts[OWN_LETTER]
        assert f"1 | Bằng khen | {HIGHER} | 00 | 01" in texts[UP_LETTER]
        assert "Trong đó 01 đề nghị còn chờ đơn vị giải trình" in texts[UP_LETTER]
        assert "chờ đơn vị giải trình" not in texts[OWN_LETTER]

    def test_annexes(self, texts: dict[str, str]) -> None:
        row = "1 | Phòng 1 | Khối phòng | Tập thể Lao động xuất sắc | Vượt 6/14 chỉ tiêu. | "
        assert row in texts[OWN_LETTER]
        assert "1 | Đào Thử Bình | Trưởng phòng | Phòng 2 | Bằng khen | x | Chờ giải trình" in texts[UP_LETTER]
        assert "(không có trong văn bản này)" in texts[UP_LETTER]

    def test_a_draft_says_so_and_who_is_left_out(self, texts: dict[str, str]) -> None:
        decided = made_of(dataclasses.replace(FACTS, draft=False))
        for name in DOCUMENTS:
            assert "DỰ THẢO" in texts[name] and "lần chạy abc" in texts[name]
            assert "DỰ THẢO" not in decided[name] and "lần chạy abc" not in decided[name]
        assert "chưa gồm 03 đề nghị còn vướng CHẶN" in texts[OWN_LETTER]
        assert "vướng CHẶN" not in decided[OWN_LETTER]

    def test_fictional_data_are_called_so(self, texts: dict[str, str]) -> None:
        assert "GIẢ ĐỊNH" not in texts[OWN_LETTER]
        assert "GIẢ ĐỊNH" in made_of(dataclasses.replace(FACTS, mark="DỮ LIỆU GIẢ ĐỊNH"))[OWN_LETTER]

    def test_nothing_to_propose(self) -> None:
        texts = made_of(dataclasses.replace(FACTS, recognised=(), submitted=()))
        assert "(chưa có tập thể, cá nhân nào):" in texts[OWN_LETTER]

    def test_a_list_too_long_for_a_letter_leads_to_the_workbook(self) -> None:
        many = tuple(dataclasses.replace(PERSON, name=f"Lò Giả {n}") for n in range(MOST_LINES + 1))
        letter = made_of(dataclasses.replace(FACTS, recognised=many))[OWN_LETTER]
        assert "in từ trang IN_PL1, IN_PL2" in letter and "Lò Giả 7" not in letter
        assert f"{OWN} | 00 | 401" in letter


class TestMinutes:
    def test_members_and_chair(self, texts: dict[str, str]) -> None:
        assert "Chủ trì: Lò Giả Chủ. Thư ký: ………." in texts[MEETING]
        assert "1 | Lò Giả Chủ | Viện trưởng | Chủ tịch | ………" in texts[MEETING]
        assert "Tổng số thành viên Hội đồng: 01; có mặt: ………; vắng: ………." in texts[MEETING]
        assert "ngày 10 tháng 12 năm 2026" in texts[MEETING]

    def test_who_came(self) -> None:
        members = (Member("Lò A", "x", "Chủ tịch", True), Member("Lò B", "y", "Ủy viên", False, "đi công tác"))
        meeting = dataclasses.replace(FACTS.meeting, members=members)
        text = made_of(dataclasses.replace(FACTS, meeting=meeting))[MEETING]
        assert "có mặt: 01; vắng: 01." in text and "Vắng: đi công tác" in text

    @pytest.mark.parametrize("name", [MEETING, TALLIED])
    def test_votes_over_all_members(self, name: str, texts: dict[str, str]) -> None:
        assert "2 | Lò Giả An | Lao động tiên tiến | 8 | 1 | 0 | 88,9 % | " in texts[name]
        assert "1 | Phòng 1 | Tập thể Lao động xuất sắc |  |  |  |  | " in texts[name]

    def test_ballots(self, texts: dict[str, str]) -> None:
        assert "phát ra: 9; thu về: 9; hợp lệ: 9; không hợp lệ: 0." in texts[TALLIED]

    def test_one_who_was_refused_stands_in_the_minutes_only(self) -> None:
        refused = dataclasses.replace(PERSON, name="Vàng Mẫu Sinh", outcome="Không đồng ý")
        texts = made_of(dataclasses.replace(FACTS, refused=(refused,), draft=False))
        row = "Vàng Mẫu Sinh | Lao động tiên tiến | 8 | 1 | 0 | 88,9 % | Không đồng ý"
        assert row in texts[MEETING] and row in texts[TALLIED]
        assert "Vàng Mẫu Sinh" not in texts[OWN_LETTER] + texts[UP_LETTER]


class TestText:
    @pytest.mark.parametrize(
        "text", ["=1+1", "+3", "-5 vụ", "@x", 'a < b & c > "d"', "{{ nam }}", "{% if x %}", "{_{ 7 }_}"]
    )
    def test_text_stays_text(self, text: str) -> None:
        nominee = dataclasses.replace(PERSON, achievement=text)
        letter = made_of(dataclasses.replace(FACTS, recognised=(nominee,)))[OWN_LETTER]
        assert f"| {text.replace('{_{', '{{').replace('}_}', '}}')} |" in letter

    def test_what_xml_cannot_hold_is_left_out_and_lines_stay(self) -> None:
        nominee = dataclasses.replace(PERSON, achievement="một\x00\x0b\ud800\nhai")
        assert "một\nhai" in made_of(dataclasses.replace(FACTS, recognised=(nominee,)))[OWN_LETTER]


class TestFile:
    def test_equal_facts_give_equal_bytes(self) -> None:
        assert make_documents(FACTS) == make_documents(dataclasses.replace(FACTS))

    def test_no_time_but_that_of_the_run(self) -> None:
        for content in make_documents(FACTS)[0].values():
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            properties = docx.Document(io.BytesIO(content)).core_properties
            assert properties.created == properties.modified
            assert properties.created is not None and properties.created.replace(tzinfo=None) == FACTS.now

    def test_pages_are_the_decrees(self) -> None:
        sections = docx.Document(io.BytesIO(make_documents(FACTS)[0][OWN_LETTER])).sections
        assert [round(s.page_width.mm) for s in sections if s.page_width] == [210, 297, 297]
        for section in sections:
            sides = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
            assert [round(side.mm) for side in sides if side] == [30, 15, 20, 20]
            assert section.different_first_page_header_footer

    def test_font_and_repeated_headings(self) -> None:
        content = make_documents(FACTS)[0][OWN_LETTER]
        document = docx.Document(io.BytesIO(content))
        assert {style.font.name for style in document.styles} == {"Times New Roman"}
        xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
        assert xml.count("<w:tblHeader/>") == 3

    def test_a_folder_of_documents(self, tmp_path: Path) -> None:
        written, problems = write_documents(tmp_path / "van-ban", FACTS)
        assert [path.name for path in written] == list(DOCUMENTS) and not problems
        assert written[0].read_bytes() == make_documents(FACTS)[0][OWN_LETTER]

    def test_libraries_wait_for_the_first_document(self) -> None:
        heavy = ("docxtpl", "docx", "jinja2")
        code = f"import sys, pipeline.documents; print([m for m in {heavy} if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


class TestTemplates:
    def test_every_tag_is_told_and_every_told_tag_is_there(self) -> None:
        for tags in (letter_tags(FACTS, True), letter_tags(FACTS, False), minutes_tags(FACTS, "x")):
            letters_only = {"trinh_len", "kinh_gui"}
            assert set(tags) | letters_only == set(TAGS)

    def test_our_templates_are_the_same_each_time(self) -> None:
        for name in NAMES:
            first = house_template(name)
            house_template.cache_clear()
            assert house_template(name) == first

    def test_the_offices_own_takes_the_place_of_ours(self) -> None:
        own = OwnTemplates({LETTER: with_paragraph("MẪU CỦA TỈNH năm {{ nam }}")})
        documents, problems = make_documents(FACTS, own)
        assert not problems
        assert "MẪU CỦA TỈNH năm 2026" in text_of(documents[OWN_LETTER]) + text_of(documents[UP_LETTER])
        assert "MẪU CỦA TỈNH" not in text_of(documents[MEETING])
        assert make_documents(FACTS, own)[0] == documents

    @pytest.mark.parametrize(
        ("content", "variant", "tag"),
        [
            (b"", "not_word", ""),
            (b"PK\x03\x04 broken", "not_word", ""),
            (b"not a zip at all", "not_word", ""),
            (with_paragraph("{{ ten_sai }}"), "unknown_tag", "ten_sai"),
            (with_paragraph("{% for d in can_cu %}{{ d.khong_co }}{% endfor %}"), "unknown_tag", "khong_co"),
            (with_paragraph("Năm {{ nam"), "tag", "{{ nam"),
            (with_paragraph("nam }} hở"), "tag", "nam }} hở"),
            (with_paragraph("{% if du_thao %} hở"), "tag", "{% end"),
            (with_paragraph("{% la_gi %}"), "tag", "{% la_gi %}"),
            (with_paragraph("{{ ''.__class__.__mro__ }}"), "tag", "{{ ''.__class__.__mro__ }}"),
            (with_paragraph("{{ 1 / 0 }}"), "tag", "{{ 1 / 0 }}"),
            (with_paragraph("{% for i in range(10**9) %}x{% endfor %}"), "tag", "{% for i in range(10**9) %}"),
        ],
    )  # fmt: skip
    def test_a_broken_one_is_named_with_its_tag_and_ours_is_used(self, content: bytes, variant: str, tag: str) -> None:
        documents, (problem,) = make_documents(FACTS, OwnTemplates({LETTER: content}))
        assert (problem.file, problem.variant) == (f"{TEMPLATE_FOLDER}/{LETTER}", variant)
        assert tag in problem.tag
        assert documents == make_documents(FACTS)[0]

    def test_a_zip_that_is_no_word_file(self) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as package:
            package.writestr("word/document.xml", "<x/>")
        _, (problem,) = make_documents(FACTS, OwnTemplates({TALLY: stream.getvalue()}))
        assert problem.variant == "not_word"

    def test_one_that_unpacks_without_end(self) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("word/document.xml", bytes(100_000_001))
        _, (problem,) = make_documents(FACTS, OwnTemplates({MINUTES: stream.getvalue()}))
        assert problem.variant == "too_large"

    @pytest.mark.parametrize("variant", list(register()["V-MAU"].variants))
    def test_a_problem_in_words(self, variant: str) -> None:
        words = sentences(Problem("mau-van-ban/to-trinh.docx", variant, "{{ x }}").finding)
        assert "{the}" not in words.what + words.fix and "…" not in words.what + words.fix
        assert ("{{ x }}" in words.what) == (variant in ("tag", "unknown_tag"))
        assert ("to-trinh.docx" in words.fix) == (variant == "unknown_name")

    def test_reading_the_folder(self, tmp_path: Path) -> None:
        assert read_own_templates(tmp_path) == OwnTemplates()
        written = write_templates(tmp_path)
        assert [path.name for path in written] == [*NAMES, "huong-dan.txt"]
        folder = tmp_path / TEMPLATE_FOLDER
        (folder / "~$to-trinh.docx").write_bytes(b"lock")
        (folder / "to trinh.docx").write_bytes(b"x")
        own = read_own_templates(tmp_path)
        assert set(own.contents) == set(NAMES)
        assert own.problems == (Problem(f"{TEMPLATE_FOLDER}/to trinh.docx", "unknown_name"),)
        assert make_documents(FACTS, own)[1] == own.problems

    def test_templates_that_the_office_has_changed_are_left_alone(self, tmp_path: Path) -> None:
        write_templates(tmp_path)
        changed = tmp_path / TEMPLATE_FOLDER / LETTER
        changed.write_bytes(b"x")
        assert write_templates(tmp_path) == []
        assert changed.read_bytes() == b"x"

    def test_the_guide_names_every_tag(self, tmp_path: Path) -> None:
        write_templates(tmp_path)
        guide = (tmp_path / TEMPLATE_FOLDER / "huong-dan.txt").read_text(encoding="utf-8-sig")
        assert all(f"  {name}: " in guide for name in TAGS)

    def test_our_templates_name_only_tags_that_are_told(self) -> None:
        for name in NAMES:
            xml = zipfile.ZipFile(io.BytesIO(house_template(name))).read("word/document.xml").decode()
            used = set(re.findall(r"\{\{ (\w+)", xml)) | set(re.findall(r" in (\w+) %", xml))
            assert used - {"d"} <= set(TAGS)


class TestOfARun:
    def test_facts_are_those_of_the_lists(self) -> None:
        results = made([cell("V-03", "not_number", "DE_NGHI", f"L{FIRST_ROW}")])
        nominations = Nominations(results)
        facts = facts_of_run(results, nominations)
        listed = [i.name for items in nominations.everything for i in items if i.part in LISTED]
        assert sorted(n.name for n in (*facts.recognised, *facts.submitted)) == sorted(listed)
        assert (facts.left_out, facts.units_sent, facts.units_expected, facts.draft) == (2, 2, 3, True)
        assert facts.letterhead.office == "VKSND TỈNH MẪU"

    def test_sources_are_those_in_force_and_say_what_is_not_confirmed(self) -> None:
        sources = facts_of_run(made(), Nominations(made())).sources
        assert "Luật Thi đua, khen thưởng số 06/2022/QH15" in sources
        assert "Nghị định số 152/2025/NĐ-CP (cần xác minh trước khi ký)" in sources
        assert not any("2017" in text or "98/2023" in text for text in sources)

    def run(self, tmp_path: Path, folder: Path) -> Any:
        return consolidate(folder, tmp_path / "ra")

    def test_consolidate_writes_them_and_keeps_what_people_changed(self, tmp_path: Path) -> None:
        folder = write_province(tmp_path / "tinh")
        self.run(tmp_path, folder)
        place = tmp_path / "ra" / DOCUMENT_FOLDER
        assert sorted(path.name for path in place.iterdir()) == sorted(DOCUMENTS)
        before = {path.name: path.read_bytes() for path in place.iterdir()}
        self.run(tmp_path, folder)
        assert {path.name: path.read_bytes() for path in place.iterdir()} == before
        (place / OWN_LETTER).write_bytes(b"edited by hand")
        report = self.run(tmp_path, folder)
        assert (place / OWN_LETTER).read_bytes() == b"edited by hand"
        assert (place / "to-trinh-cong-nhan-2.docx").read_bytes() == before[OWN_LETTER]
        assert any("giữ nguyên" in line and OWN_LETTER in line for line in report.lines())

    def test_a_broken_template_is_a_finding_and_stops_nothing(self, tmp_path: Path) -> None:
        folder = write_province(tmp_path / "tinh")
        clean = self.run(tmp_path, folder)
        (folder / TEMPLATE_FOLDER).mkdir()
        (folder / TEMPLATE_FOLDER / MINUTES).write_bytes(with_paragraph("{{ sai_ten }}", MINUTES))
        report = self.run(tmp_path, folder)
        (finding,) = (f for f in report.results.findings if f.code == "V-MAU")
        assert finding.file == f"{TEMPLATE_FOLDER}/{MINUTES}" and finding.params["the"] == "sai_ten"
        assert report.exit_code(None) == 0
        assert report.results.run_id != clean.results.run_id
        assert any(MINUTES in line and "V-MAU" in line for line in report.lines())
        listed = (tmp_path / "ra" / "phat-hien.csv").read_text(encoding="utf-8-sig")
        assert "sai_ten" in listed

    def test_a_fault_of_ours_leaves_the_workbook(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("x")

        monkeypatch.setattr("pipeline.consolidate.make_documents", fail)
        report = self.run(tmp_path, write_province(tmp_path / "tinh"))
        assert report.exit_code(None) == 3
        assert (tmp_path / "ra" / "tong-hop.xlsx").exists()
        assert any("RuntimeError" in line for line in report.lines())
