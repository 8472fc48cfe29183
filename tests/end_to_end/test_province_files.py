"""The province's own workbooks stay as good when the office edits and saves them in LibreOffice."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.province import Province, ProvinceFile, load_province
from pipeline.sample import make_province
from tests.end_to_end.office import Office

pytestmark = pytest.mark.office

FILES = ("cau-hinh.xlsx", "lich-su.xlsx")
UNITS, YEARS = 4, 2


@pytest.fixture(scope="module")
def before_and_after(office: Office, tmp_path_factory: pytest.TempPathFactory) -> tuple[Province, Province]:
    """A province as it was made, and after LibreOffice opened and saved both of its workbooks."""
    made, saved = tmp_path_factory.mktemp("tinh"), tmp_path_factory.mktemp("tinh-luu")
    make_province(made, UNITS, YEARS)
    for name in FILES:
        office.run([{"do": "open", "path": str(made / name)}, {"do": "save", "path": str(saved / name)}])
    return load_province(made), load_province(saved)


def files_of(province: Province) -> list[ProvinceFile]:
    assert province.history is not None
    return [province.configuration, province.history]


def test_every_value_is_kept(before_and_after: tuple[Province, Province]) -> None:
    for before, after in zip(*map(files_of, before_and_after), strict=True):
        assert before.frames.keys() == after.frames.keys()
        for code, frame in before.frames.items():
            pd.testing.assert_frame_equal(frame, after.frames[code], obj=code)


def test_nothing_new_is_found(before_and_after: tuple[Province, Province]) -> None:
    before, after = before_and_after
    assert after.findings == before.findings
    for one, other in zip(files_of(before), files_of(after), strict=True):
        assert (one.counts.refused, one.counts.unread) == (other.counts.refused, other.counts.unread)
        assert other.counts.balanced
