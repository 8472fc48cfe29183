"""The seal of a template: verified, edited, of another unit, missing; and the secret that makes it."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import stat
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest

from pipeline.check_file import check_file
from pipeline.consolidate import consolidate
from pipeline.findings import sentences
from pipeline.issuing import issue, start_province
from pipeline.layout import identity_of
from pipeline.package import examine
from pipeline.province import Province, load_province
from pipeline.reading import read_book
from pipeline.refusals import CannotRun
from pipeline.replies import audience
from pipeline.seal import SECRET_FILE, Authenticity, Secret, ensure_secret, judge, read_secret, sealed
from schemas.columns import Identity
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import CONFIGURED, GOOD, PERIOD, book_bytes, write_province

KEY = Secret(bytes(range(32)))
OTHER = Secret(bytes(range(1, 33)))
UNITS = ("P1", "P2", "H1")
IDENTITY = Identity("P1", "Phòng 1", "2026", "TDKT-01", "1.0")
#: A province whose data are not practice data, so that it asks about files without a seal.
IN_EARNEST = {**CONFIGURED, "KY_XET": [PERIOD | {"la_du_lieu_gia": "Không"}]}


@pytest.mark.parametrize(
    ("changed", "secret", "expected"),
    [
        ({}, KEY, (Authenticity.VERIFIED, "")),
        ({"unit_name": "khác", "dates": (dt.date(2026, 1, 1),) * 3}, KEY, (Authenticity.VERIFIED, "")),
        ({"unit": "P2"}, KEY, (Authenticity.OTHER_UNIT, "P1")),
        ({"unit": "P9"}, KEY, (Authenticity.OTHER_UNIT, "P1")),
        ({"period": "2025"}, KEY, (Authenticity.EDITED, "")),
        ({"version": "0.9"}, KEY, (Authenticity.EDITED, "")),
        ({"form": "TDKT-02"}, KEY, (Authenticity.EDITED, "")),
        ({"number": "00000000"}, KEY, (Authenticity.EDITED, "")),
        ({"unit": "P2", "number": "00000000"}, KEY, (Authenticity.EDITED, "")),
        ({"seal": KEY.fingerprint + "-" + "0" * 64}, KEY, (Authenticity.EDITED, "")),
        ({"seal": "dấu lạ"}, KEY, (Authenticity.OTHER_KEY, "")),
        ({"seal": ""}, KEY, (Authenticity.UNSEALED, "")),
        ({}, OTHER, (Authenticity.OTHER_KEY, "")),
        ({}, None, (Authenticity.NO_SECRET, "")),
        ({"seal": ""}, None, (Authenticity.NO_SECRET, "")),
    ],
)
def test_what_a_seal_says(
    changed: dict[str, object], secret: Secret | None, expected: tuple[Authenticity, str]
) -> None:
    issued = sealed(IDENTITY, GOOD, KEY)
    assert judge(replace(issued, **changed), UNITS, secret) == expected  # type: ignore[arg-type]


def test_the_number_of_issue_follows_unit_and_cells() -> None:
    issued = sealed(IDENTITY, GOOD, KEY)
    assert re.fullmatch(r"[0-9A-F]{8}", issued.number)
    assert sealed(IDENTITY, GOOD, KEY) == issued
    assert sealed(IDENTITY, GOOD, OTHER).number == issued.number
    assert sealed(IDENTITY, {}, KEY).number != issued.number
    assert sealed(replace(IDENTITY, unit="P2"), GOOD, KEY).number != issued.number
    assert sealed(IDENTITY, GOOD, None) == replace(issued, seal="")


def test_parts_cannot_slide_into_one_another() -> None:
    issued = sealed(replace(IDENTITY, unit="P1", period="12026"), GOOD, KEY)
    assert judge(replace(issued, unit="P11", period="2026"), UNITS, KEY) == (Authenticity.EDITED, "")


def test_the_secret_is_made_once_for_its_owner_alone_and_is_never_shown(tmp_path: Path) -> None:
    assert read_secret(tmp_path) is None
    start = Barrier(8)

    def make(_number: int) -> bytes:
        start.wait()
        return ensure_secret(tmp_path).key

    with ThreadPoolExecutor(8) as crowd:
        assert len(set(crowd.map(make, range(8)))) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [".gitignore", SECRET_FILE]
    assert SECRET_FILE in (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    secret = ensure_secret(tmp_path)
    assert secret == read_secret(tmp_path)
    assert secret.key.hex() not in f"{secret!r} {secret} {secret.fingerprint}"


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_only_its_owner_reads_the_secret(tmp_path: Path) -> None:
    ensure_secret(tmp_path)
    place = tmp_path / SECRET_FILE
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    place.chmod(0o644)
    ensure_secret(tmp_path)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_file_system_without_links_gets_its_secret_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert ensure_secret(tmp_path) == read_secret(tmp_path)


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 64, b"00" * 31])
def test_a_broken_secret_is_the_operators_matter(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SECRET_FILE).write_bytes(content)
    with pytest.raises(CannotRun, match="hỏng"):
        ensure_secret(tmp_path)


def test_a_new_province_keeps_its_secret_out_of_git(tmp_path: Path) -> None:
    written = start_province(tmp_path / "tinh", 2026)
    assert tmp_path / "tinh" / ".gitignore" in written
    (tmp_path / "tinh" / ".gitignore").write_bytes(b"cua van phong\n")
    ensure_secret(tmp_path / "tinh")
    assert (tmp_path / "tinh" / ".gitignore").read_bytes() == b"cua van phong\n"


def test_templates_are_sealed_and_issued_again_with_equal_bytes(tmp_path: Path) -> None:
    folder = write_province(tmp_path / "tinh")
    first = [p.read_bytes() for p in issue(load_province(folder), tmp_path / "mot")]
    second = [p.read_bytes() for p in issue(load_province(folder), tmp_path / "hai")]
    assert first == second
    key = ensure_secret(folder).key
    assert not [p for p in tmp_path.rglob("*.xlsx") if key.hex().encode() in p.read_bytes()]


# --- as the run tells it ------------------------------------------------------------------------------------


def _with_name(content: bytes, name: str, text: str | None) -> bytes:
    """The workbook with a constant among its names changed, or taken out."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "xl/workbook.xml":
                pattern = rf'<definedName name="{name}">"[^<]*"</definedName>'.encode()
                put = b"" if text is None else f'<definedName name="{name}">"{text}"</definedName>'.encode()
                part, times = re.subn(pattern, put, part)
                assert times == 1
            new.writestr(info, part)
    return stream.getvalue()


def _stripped(content: bytes) -> bytes:
    return _with_name(_with_name(content, "tdkt_dau", None), "tdkt_so_cap", None)


def _template(province: Province, unit: str, secret: Secret | None) -> bytes:
    identity = sealed(province.identity(unit, UNIT_TEMPLATE), GOOD, secret)
    return book_bytes(UNIT_TEMPLATE, province.lists, identity, GOOD, self_check=True)


@pytest.mark.parametrize(
    ("change", "expected", "word"),
    [
        (lambda content: content, None, Authenticity.VERIFIED),
        (_stripped, "V-13.unsealed", Authenticity.UNSEALED),
        (lambda c: _with_name(_stripped(c), "tdkt_phien_ban", "0.9"), "V-13.unsealed_old", Authenticity.UNSEALED),
        (lambda c: _with_name(c, "tdkt_so_cap", "1234ABCD"), "V-08.seal_differs", Authenticity.EDITED),
        (lambda c: _with_name(c, "tdkt_don_vi", "P2"), "V-08.seal_of_other_unit", Authenticity.OTHER_UNIT),
        (lambda c: _with_name(c, "tdkt_dau", "0-0"), "V-08.seal_of_other_key", Authenticity.OTHER_KEY),
    ],
)
def test_a_run_asks_about_the_seal_and_counts_the_file(
    tmp_path: Path, change: Callable[[bytes], bytes], expected: str | None, word: Authenticity
) -> None:
    folder = write_province(tmp_path / "tinh", IN_EARNEST)
    secret = ensure_secret(folder)
    (folder / "hop-thu" / "mot.xlsx").write_bytes(change(_template(load_province(folder), "P1", secret)))
    report = consolidate(folder, tmp_path / "kq", dt.datetime(2026, 11, 20))
    said = [f for f in report.results.findings if f.variant.startswith(("seal", "unsealed"))]
    assert [f"{f.code}.{f.variant}" for f in said] == ([expected] if expected else [])
    assert not any(audience.told(f) for f in said)  # the secretary asks
    assert not [f for f in said if "{" in sentences(f).what + sentences(f).fix]
    (record,) = report.results.dataset.records
    assert (record.outcome.value, record.authenticity) == ("được tính", word)
    assert record.unit == ("P2" if "other_unit" in (expected or "") else "P1")
    assert any(f"{word.value} 1" in line for line in report.lines())
    told = json.loads((tmp_path / "kq" / "run.json").read_text(encoding="utf-8"))
    assert (told["files"][0]["authenticity"], told["secret_fingerprint"]) == (word.value, secret.fingerprint)
    everything = b"".join(p.read_bytes() for p in (tmp_path / "kq").rglob("*") if p.suffix in (".json", ".csv"))
    assert secret.key.hex().encode() not in everything


def test_without_a_secret_everything_works_and_is_said_once(tmp_path: Path) -> None:
    folder = write_province(tmp_path / "tinh", IN_EARNEST)
    province = load_province(folder)
    (folder / "hop-thu" / "mot.xlsx").write_bytes(_template(province, "P1", None))
    (folder / "hop-thu" / "hai.xlsx").write_bytes(_template(province, "P2", KEY))
    report = consolidate(folder, tmp_path / "kq", dt.datetime(2026, 11, 20))
    assert not [f for f in report.results.findings if f.variant.startswith(("seal", "unsealed"))]
    assert {r.authenticity for r in report.results.dataset.records} == {Authenticity.NO_SECRET}
    assert [line for line in report.lines() if "2 tệp chưa xác thực được, vì thư mục tỉnh chưa có khóa" in line]
    assert not (folder / SECRET_FILE).exists()


def test_practice_data_are_not_asked_for_a_seal(tmp_path: Path) -> None:
    folder = write_province(tmp_path / "tinh")
    ensure_secret(folder)
    (folder / "hop-thu" / "mot.xlsx").write_bytes(_template(load_province(folder), "P1", None))
    report = consolidate(folder, tmp_path / "kq", dt.datetime(2026, 11, 20))
    assert not [f for f in report.results.findings if f.variant.startswith("unsealed")]
    assert [r.authenticity for r in report.results.dataset.records] == [Authenticity.UNSEALED]


def test_the_officer_who_checks_one_file_is_told_too(tmp_path: Path) -> None:
    folder = write_province(tmp_path / "tinh", IN_EARNEST)
    content = _template(load_province(folder), "P1", ensure_secret(folder))
    path = tmp_path / "P1.xlsx"
    for name, expected in (("tdkt_so_cap", {"seal_differs"}), ("tdkt_ky_xet", set())):
        path.write_bytes(_with_name(content, name, "2026" if name == "tdkt_ky_xet" else "1234ABCD"))
        groups = check_file(path, folder).groups
        assert {g.first.variant for g in groups if g.first.variant.startswith("seal")} == expected
        assert not [g for g in check_file(path).groups if g.first.variant.startswith(("seal", "unsealed"))]


def test_a_reply_carries_the_seal_of_its_unit_and_another_number(tmp_path: Path) -> None:
    folder = write_province(tmp_path / "tinh", IN_EARNEST)
    (issued,) = issue(load_province(folder), tmp_path / "mau", ["P1"])
    (folder / "hop-thu" / "mot.xlsx").write_bytes(_template(load_province(folder), "P1", ensure_secret(folder)))
    consolidate(folder, tmp_path / "kq", dt.datetime(2026, 11, 20))
    (reply,) = (tmp_path / "kq" / "phan-hoi" / "P1").glob("*.xlsx")
    found = []
    for path in (issued, reply):
        content = path.read_bytes()
        identity = identity_of(read_book(content, examine(content, path.name)), UNIT_TEMPLATE)
        assert identity
        found.append(identity.number)
        assert judge(identity, UNITS, ensure_secret(folder)) == (Authenticity.VERIFIED, "")
    assert found[0] != found[1]
