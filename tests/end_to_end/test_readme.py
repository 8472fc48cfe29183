"""README's promises: its commands, the help, the exit codes, equal bytes, a reviewed workbook kept."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline import __version__
from pipeline.cli import tdkt as program
from tests.desk import GOOD, write_province
from tests.end_to_end.commands import ROOT, SECONDS, command, tdkt, unit_file

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = tuple(program.commands)  # type: ignore[attr-defined]
#: Slow to import; help and version must answer without them.
HEAVY = ("pandas", "pandera", "numpy", "openpyxl", "xlsxwriter")
#: What click says when it is not told to speak Vietnamese.
ENGLISH = re.compile(
    r"\b(Usage|Options|OPTIONS|Commands|COMMAND|Arguments|ARGS|Show|exit|default|required|Error|Try|Missing|such)\b"
)
OUTPUTS = (
    "luan-phien.csv", "phan-hoi/P1/P1.eml", "phan-hoi/P1/TDKT-01_2026_P1_tra-lai.xlsx", "phan-hoi/phan-hoi.json",
    "phan-hoi/thu/P2.eml", "phat-hien.csv", "run.json", "tong-hop.xlsx", "van-ban/bien-ban-hop.docx",
    "van-ban/bien-ban-kiem-phieu.docx", "van-ban/to-trinh-cap-tren.docx", "van-ban/to-trinh-cong-nhan.docx",
    "xep-hang.csv",
)  # fmt: skip
WITHOUT_STAFF = {**GOOD, "NHAN_SU": GOOD["NHAN_SU"][:2]}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


class TestReadme:
    @pytest.mark.parametrize("language", ["sh", "bat"])
    def test_the_first_two_commands_install_what_constraints_fix(self, language: str) -> None:
        assert (ROOT / "constraints.txt").is_file()
        first, second = blocks(language)[:2]
        assert "pip install -q -c constraints.txt ." in first
        assert first.rstrip().endswith("tdkt consolidate input_samples -o output")
        assert 'pip install -q -c constraints.txt -e ".[test]"' in second
        assert second.rstrip().endswith("-m pytest")

    @pytest.mark.parametrize("language", ["sh", "bat"])
    def test_each_is_one_command(self, language: str) -> None:
        assert [len(block.strip().splitlines()) for block in blocks(language)[:2]] == [1, 1]

    def test_it_names_every_command_and_no_other(self) -> None:
        assert set(re.findall(r"`tdkt ([a-z]+)", README)) == set(COMMANDS)

    def test_every_place_that_it_names_exists(self) -> None:
        named = re.findall(r"`((?:schemas|pipeline|tests|input_samples)/[\w/.]*)`", README)
        assert named
        assert [place for place in named if not (ROOT / place).exists()] == []


class TestHelp:
    @pytest.mark.parametrize("word", ["--help", "--version"])
    def test_it_answers_without_loading_what_is_slow(self, word: str) -> None:
        done = tdkt(word, options=("-X", "importtime"))
        assert done.returncode == 0
        loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
        assert "click" in loaded
        assert loaded.isdisjoint(HEAVY)

    def test_the_installed_script_says_its_version(self) -> None:
        script = shutil.which("tdkt", path=sysconfig.get_path("scripts"))
        if script is None:
            pytest.skip("the package is not installed beside this Python")
        done = subprocess.run(
            [script, "--version"], check=False, capture_output=True, encoding="utf-8", timeout=SECONDS
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert __version__ in done.stdout

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_shows_an_example_of_itself(self, name: str) -> None:
        done = tdkt(name, "--help")
        assert (done.returncode, done.stderr) == (0, "")
        _, _, example = done.stdout.partition("Ví dụ:")
        assert f"tdkt {name} " in example

    @pytest.mark.parametrize("name", ["", *COMMANDS])
    def test_it_is_in_vietnamese(self, name: str) -> None:
        shown = tdkt(*filter(None, [name]), "--help").stdout
        assert "Cách dùng" in shown
        assert ENGLISH.findall(shown) == []

    def test_a_wrong_word_is_answered_in_vietnamese(self) -> None:
        done = tdkt("consolidate", "--khong-co")
        assert (done.returncode, done.stdout) == (2, "")
        assert ENGLISH.findall(done.stderr) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A province of two units, of which one has sent a good file."""
    folder = write_province(tmp_path / "tinh")
    unit_file(folder / "hop-thu" / "P1.xlsx")
    log = "tep,gui_luc,nhan_luc\nP1.xlsx,12/11/2026 08:00,12/11/2026 08:05\n"
    (folder / "hop-thu" / "so-nhan.csv").write_text(log, encoding="utf-8-sig")
    return folder


def written(output: Path) -> dict[str, bytes]:
    files = (path for path in output.rglob("*") if path.is_file())
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in sorted(files)}


class TestExitCodes:
    def test_0_when_everything_was_written(self, folder: Path, tmp_path: Path) -> None:
        done = tdkt("consolidate", folder, "-o", tmp_path / "ra")
        assert (done.returncode, done.stdout) == (0, "")
        assert sorted(written(tmp_path / "ra")) == list(OUTPUTS)
        assert "Cần bổ sung 1" in done.stderr  # who sent P1 has an initiative without papers
        assert "Lò Giả An" not in done.stderr

    def test_1_when_told_to_fail_on_what_was_found(self, folder: Path, tmp_path: Path) -> None:
        unit_file(folder / "hop-thu" / "P1.xlsx", WITHOUT_STAFF)
        done = tdkt("consolidate", folder, "-o", tmp_path / "ra", "--fail-on", "GIAI_TRINH")
        assert done.returncode == 1
        assert sorted(written(tmp_path / "ra")) == list(OUTPUTS)

    def test_2_when_the_folder_is_missing(self, tmp_path: Path) -> None:
        done = tdkt("consolidate", tmp_path / "khong-co", "-o", tmp_path / "ra")
        assert (done.returncode, done.stdout) == (2, "")
        assert "Không có thư mục" in done.stderr
        assert ENGLISH.findall(done.stderr) == []
        assert not list(tmp_path.glob("ra/*"))

    def test_check_0_for_a_good_file(self, tmp_path: Path) -> None:
        done = tdkt("check", unit_file(tmp_path / "P1.xlsx"))
        assert (done.returncode, done.stderr) == (0, "")
        assert "Không có gì phải sửa" in done.stdout

    def test_check_1_for_a_file_to_mend(self, tmp_path: Path) -> None:
        done = tdkt("check", unit_file(tmp_path / "P1.xlsx", WITHOUT_STAFF))
        assert (done.returncode, done.stderr) == (1, "")
        assert "V-07" in done.stdout

    def test_check_2_for_a_missing_file(self, tmp_path: Path) -> None:
        done = tdkt("check", tmp_path / "khong-co.xlsx")
        assert (done.returncode, done.stdout) == (2, "")

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
    def test_130_on_ctrl_c_and_nothing_half_written(self, folder: Path, tmp_path: Path) -> None:
        output = tmp_path / "ra"
        with subprocess.Popen(
            command("consolidate", folder, "-o", output), cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8"
        ) as run:
            wait_for(output, run)
            run.send_signal(signal.SIGINT)
            _, said = run.communicate(timeout=SECONDS)
        assert run.returncode == 130
        assert "Đã dừng" in said
        assert "Traceback" not in said
        assert written(output) == {}


def wait_for(output: Path, run: subprocess.Popen[Any]) -> None:
    """Wait until the run has made its output folder, which is the first thing that it does."""
    last = time.monotonic() + SECONDS
    while not output.is_dir():
        assert run.poll() is None
        assert time.monotonic() < last
        time.sleep(0.005)


class TestOutputs:
    def test_equal_inputs_give_equal_bytes(self, folder: Path, tmp_path: Path) -> None:
        first, second = tmp_path / "ra", tmp_path / "ra-2"
        for output in (first, second, second):
            assert tdkt("consolidate", folder, "-o", output, "-q").returncode == 0
        ours, theirs = written(first), written(second)
        assert without_timings(ours) == without_timings(theirs)
        assert sorted(ours) == list(OUTPUTS)

    def test_a_reviewed_workbook_is_kept(self, folder: Path, tmp_path: Path) -> None:
        output = tmp_path / "ra"
        assert tdkt("consolidate", folder, "-o", output, "-q").returncode == 0
        review(output / "tong-hop.xlsx")
        reviewed = (output / "tong-hop.xlsx").read_bytes()
        for _ in range(2):
            done = tdkt("consolidate", folder, "-o", output)
            assert done.returncode == 0
            assert "giữ nguyên" in done.stderr
        after = written(output)
        assert sorted(after) == sorted([*OUTPUTS, "tong-hop-2.xlsx"])
        assert after["tong-hop.xlsx"] == reviewed

    def test_both_workbooks_are_kept_when_both_were_reviewed(self, folder: Path, tmp_path: Path) -> None:
        output = tmp_path / "ra"
        for name in ("tong-hop.xlsx", "tong-hop-2.xlsx"):
            assert tdkt("consolidate", folder, "-o", output, "-q").returncode == 0
            review(output / name)
        before = written(output)
        assert tdkt("consolidate", folder, "-o", output, "-q").returncode == 0
        after = written(output)
        assert after.keys() - before.keys() == {"tong-hop-3.xlsx"}
        assert {name: after[name] for name in before if name.startswith("tong")} == {
            name: content for name, content in before.items() if name.startswith("tong")
        }


def without_timings(files: dict[str, bytes]) -> dict[str, Any]:
    record = json.loads(files["run.json"])
    assert record.pop("timings")
    return {**files, "run.json": record}


def review(path: Path) -> None:
    """Write an opinion into the workbook, as a member of the council does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl drops does not matter here
        book = openpyxl.load_workbook(path)
        book.worksheets[0]["Z50"] = "Đồng ý"
        book.save(path)


class TestRules:
    def test_the_list_and_a_page_answer_without_heavy_imports(self) -> None:
        listed = tdkt("rules")
        assert listed.returncode == 0 and "QT-03" in listed.stdout and "HS-02" in listed.stdout
        page = tdkt("rules", "qt-03")
        assert page.returncode == 0 and "Cách xét" in page.stdout and "Căn cứ" in page.stdout
        assert not ENGLISH.search(page.stdout)

    def test_an_unknown_rule_is_one_sentence_and_2(self) -> None:
        asked = tdkt("rules", "XX-99")
        assert asked.returncode == 2 and "XX-99" in asked.stderr and "tdkt rules" in asked.stderr
