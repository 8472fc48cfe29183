"""Which event of BIEN_DONG belongs to which row."""

from __future__ import annotations

import datetime as dt

from pipeline.evidence.events import event_of
from tests.casework import Case, proposal, staff

D = dt.date


def test_own_unit_first_and_no_cell_of_another_unit() -> None:
    leave = {"ma_cc": "CC1", "loai": "NGHI_OM", "tu_ngay": D(2026, 1, 1)}
    sheets = {"NHAN_SU": [staff("CC1"), staff("CC2")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]}
    case = Case(
        P1=sheets | {"BIEN_DONG": [leave]},
        P2=sheets | {"BIEN_DONG": [leave | {"loai": "KY_LUAT"}]},
        P3=sheets,
        P4={"DE_NGHI": [proposal("DN01", "CC2", "LDTT"), proposal("DN02", "P4", "TTLDTT")]},
    )
    evidence = case.evidence
    first, second = evidence.events.index
    found = event_of(evidence.events, evidence.proposed)
    assert found["event"].tolist() == [first, second, first, -1, -1]
    assert found["at"].tolist() == [first, second, -1, -1, -1]
    assert found["loai"].fillna("").tolist() == ["NGHI_OM", "KY_LUAT", "NGHI_OM", "", ""]


def test_no_events_at_all() -> None:
    evidence = Case(P1={"NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]}).evidence
    found = event_of(evidence.events, evidence.proposed)
    assert found["event"].tolist() == found["at"].tolist() == [-1]
    nobody = event_of(evidence.events, evidence.proposed.iloc[:0])
    assert nobody.empty
