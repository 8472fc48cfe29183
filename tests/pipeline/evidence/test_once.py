"""Tables made once a run: the same object's worth of work for everybody, and nobody can spoil another's."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from pipeline.evidence.once import once


class _Case:
    def __init__(self) -> None:
        self.made: dict[object, pd.DataFrame] = {}


@pytest.fixture
def calls() -> list[tuple[str, bool]]:
    return []


@pytest.fixture
def table(calls):
    @once
    def table(case, award: str, present: bool = True) -> pd.DataFrame:
        calls.append((award, present))
        return pd.DataFrame({"award": [award], "present": [present]})

    return table


def test_is_made_once_however_it_is_asked_for(table, calls):
    case = _Case()
    for frame in (table(case, "LDTT"), table(case, "LDTT", True), table(case, award="LDTT", present=True)):
        assert frame.to_dict("list") == {"award": ["LDTT"], "present": [True]}
    assert calls == [("LDTT", True)]


def test_other_values_and_other_runs_have_their_own(table, calls):
    first, second = _Case(), _Case()
    table(first, "LDTT"), table(first, "CSTDCS"), table(first, "LDTT", False), table(second, "LDTT")
    assert calls == [("LDTT", True), ("CSTDCS", True), ("LDTT", False), ("LDTT", True)]


def test_what_one_asker_writes_is_not_seen_by_another(table):
    case = _Case()
    mine = table(case, "LDTT")
    mine["award"] = "CSTDCS"
    mine.loc[0, "present"] = False
    mine["more"] = 1
    assert table(case, "LDTT").to_dict("list") == {"award": ["LDTT"], "present": [True]}


def test_a_value_that_cannot_be_a_key_is_refused(table):
    award: Mapping[str, str] = {}
    with pytest.raises(TypeError):
        table(_Case(), award)
