"""One LibreOffice and one filled template for all end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.issuing import issue
from pipeline.province import load_province
from tests.desk import write_province
from tests.end_to_end.filling import Filled, fill
from tests.end_to_end.office import Office, missing


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if why := missing():
        pytest.skip(why)
    office = Office(tmp_path_factory.mktemp("office"))
    yield office
    office.stop()


@pytest.fixture(scope="session")
def province_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province of two units, of which P1 is about to fill its template."""
    return write_province(tmp_path_factory.mktemp("tinh"))


@pytest.fixture(scope="session")
def template(province_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of P1, as issued."""
    (path,) = issue(load_province(province_folder), tmp_path_factory.mktemp("mau"), ["P1"])
    return path


@pytest.fixture(scope="session")
def filled(office: Office, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The template after P1 filled every sheet of it in LibreOffice, saved in three formats."""
    return fill(office, template, tmp_path_factory.mktemp("dien"))
