"""Click's own words in Vietnamese: the catalogue is whole, compiled, and heard by the user."""

import ast
import gettext
import os
import re
import string
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline import speech

CATALOGUE = speech.LOCALE / "vi" / "LC_MESSAGES" / "tdkt.po"
ENGLISH = re.compile(
    r"(?i)\b(usage|options?|commands?|arguments?|error|missing|such|try|help|show|exit|version|invalid|value|values"
    r"|default|required|env|var|deprecated|warning|file|directory|path|does|not|is|valid|integer|float|range|choose"
    r"|one|of|got|takes|given|did|you|mean|aborted|in|the|for)\b"
)


def messages():
    """Read the .po: {msgid: (msgid_plural or None, msgstr)}, the header under ""."""
    found = {}
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n"):
        fields, key = {}, ""
        for line in block.splitlines():
            if match := re.fullmatch(r'(?:(\S+) )?(".*")', line):
                key = match[1] or key
                fields[key] = fields.get(key, "") + ast.literal_eval(match[2])
        if fields:
            assert fields["msgid"] not in found
            text = fields["msgstr"] if "msgid_plural" not in fields else fields["msgstr[0]"]
            found[fields["msgid"]] = (fields.get("msgid_plural"), text)
    return found


def spoken_by_click():
    """Find every text that click hands to gettext; one that is not a literal is given in `elsewhere`."""
    elsewhere = {"extra['required']": "required"}
    for source in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                text = node.args[0]
                yield text.value if isinstance(text, ast.Constant) else elsewhere[ast.unparse(text)]


def fields(text):
    return {part[1] for part in string.Formatter().parse(text) if part[1]} | {*re.findall(r"%\(\w+\)s", text)}


@pytest.fixture
def run(monkeypatch):
    """Give a function that runs the little program in Vietnamese and returns its exit code and words."""
    monkeypatch.setenv("LANGUAGE", "en")
    domain = gettext.textdomain()
    speech.speak_vietnamese()
    program = little_program()

    def outcome(*args):
        result = CliRunner().invoke(program, args, prog_name="tdkt", env={"TDKT_GHI": None})
        return result.exit_code, result.output

    yield outcome
    gettext.textdomain(domain)


def little_program():
    @click.group(options_metavar="[TÙY CHỌN]", subcommand_metavar="LỆNH", no_args_is_help=False)
    @click.version_option("1.0")
    def program():
        """Tổng hợp thi đua."""

    @program.command(options_metavar="[TÙY CHỌN]")
    @click.argument("nguon", type=click.Path(exists=True, dir_okay=False))
    @click.option("--nam", metavar="NĂM", type=click.IntRange(2000), required=True)
    @click.option("--loai", type=click.Choice(["tinh", "nganh"]), default="tinh", show_default=True)
    @click.option("--chung", type=click.Choice(["tinh"]), deprecated=True, hidden=True)
    @click.option("--ra", type=click.Path(file_okay=False))
    @click.option("--cap", nargs=2, type=(int, float), metavar="A B")
    @click.option("--ngay", type=click.DateTime(["%d/%m/%Y"]))
    @click.option("--ghi/--khong-ghi", envvar="TDKT_GHI", show_envvar=True)
    def gop(**_):
        """Gộp tệp."""

    @program.command()
    def huy():
        """Dừng."""
        raise click.Abort

    return program


def test_the_compiled_catalogue_holds_the_messages_of_its_source():
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        held = gettext.GNUTranslations(compiled)._catalog
    source = messages()
    header = source.pop("")[1]
    assert held.pop("") == header
    assert held == {(m, 0) if plural else m: text for m, (plural, text) in source.items()}


def test_every_text_of_click_is_translated():
    texts = {text for text in spoken_by_click() if re.search(r"\w", re.sub(r"\{.*?\}", "", text))}
    assert texts - set(messages()) == set()


@pytest.mark.parametrize(("message", "plural", "text"), [(m, *rest) for m, rest in messages().items() if m])
def test_a_translation_is_other_words_with_fields_that_click_fills(message, plural, text):
    assert text
    assert text not in (message, plural)
    assert fields(text) <= fields(message) | fields(plural or "")


@pytest.mark.parametrize(
    ("args", "code", "heard"),
    [
        (
            "--help",
            0,
            ["Cách dùng: tdkt [TÙY CHỌN] LỆNH", "Tùy chọn:", "Lệnh:", "Hiện phiên bản", "Hiện hướng dẫn"],
        ),
        (
            "gop --help",
            0,
            ["[x>=2000; bắt buộc]", "[biến môi trường: TDKT_GHI]", "[mặc định: tinh]", "THƯ-MỤC"],
        ),
        ("--version", 0, ["tdkt, phiên bản 1.0"]),
        ("", 2, ["Lỗi: Thiếu lệnh.", "Gõ 'tdkt --help' để xem hướng dẫn."]),
        ("gopp", 2, ["Lỗi: Không có lệnh 'gopp'."]),
        ("gop --namm 1", 2, ["Không có tùy chọn", "--namm", "Có phải ý bạn là", "--nam"]),
        ("gop .", 2, ["Lỗi: Giá trị không hợp lệ cho 'NGUON': '.' là thư mục, ở đây cần tệp."]),
        ("gop khong-co", 2, ["Không tìm thấy 'khong-co'."]),
        ("gop {tep}", 2, ["Lỗi: Thiếu tùy chọn '--nam'"]),
        ("gop --nam 2026", 2, ["Lỗi: Thiếu tham số 'NGUON'."]),
        ("gop {tep} --nam 1999", 2, ["Giá trị không hợp lệ cho '--nam'", "1999 nằm ngoài khoảng x>=2000."]),
        ("gop {tep} --nam hai", 2, ["'hai' không phải là số hợp lệ."]),
        ("gop {tep} --nam", 2, ["Tùy chọn '--nam' cần 1 giá trị đi kèm."]),
        ("gop {tep} --cap 1", 2, ["Tùy chọn '--cap' cần 2 giá trị đi kèm."]),
        ("gop {tep} --ghi=1", 2, ["Tùy chọn '--ghi' không nhận giá trị."]),
        ("gop {tep} --nam 2026 --loai x", 2, ["'x' không phải là một trong các giá trị: 'tinh', 'nganh'."]),
        ("gop {tep} --nam 2026 --chung x", 2, ["'x' không phải là một trong các giá trị: 'tinh'."]),
        ("gop {tep} --nam 2026 --ngay x", 2, ["'x' không đúng dạng '%d/%m/%Y'."]),
        ("gop {tep} --nam 2026 --ra {tep}", 2, ["là tệp, ở đây cần thư mục."]),
        ("gop {tep} thua --nam 2026", 2, ["Lỗi: Thừa tham số (thua)"]),
        ("gop {tep} --nam 2026 --chung tinh", 0, ["Cảnh báo: 'chung' sắp bỏ."]),
        ("huy", 1, ["Đã dừng."]),
    ],
)
def test_the_user_hears_vietnamese(run, tmp_path, monkeypatch, args, code, heard):
    monkeypatch.chdir(tmp_path)
    Path("bang.xlsx").touch()
    got, words = run(*args.format(tep="bang.xlsx").split())
    assert got == code, words
    missing = [text for text in heard if text not in re.sub(r"\s+", " ", words)]
    assert not missing, words
    assert ENGLISH.findall(re.sub(r"--\S+", "", words)) == []


def test_speaking_needs_no_working_directory(monkeypatch, tmp_path):
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    domain = gettext.textdomain()
    speech.speak_vietnamese()
    try:
        assert os.environ["LANGUAGE"] == "vi"
        assert gettext.gettext("Options") == "Tùy chọn"
    finally:
        gettext.textdomain(domain)
