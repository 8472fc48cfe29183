"""Quotas, heads and structure on rows that hold nothing, and on sheets that are not there."""

from __future__ import annotations

from pipeline.checks import accumulation, heads, quotas, shares
from schemas.sheets import UNIT_TEMPLATE
from tests.casework import Case, form, proposal, staff

OURS = tuple(check.code for module in (accumulation, heads, quotas, shares) for check in module.CHECKS)


def test_rows_without_a_value() -> None:
    bare = {sheet.code: [{}, {}] if not sheet.form else [{}] for sheet in UNIT_TEMPLATE.sheets}
    configured = {"BANG_DIEM": [{}], "DIEM_THAM_DINH": [{}], "DIEM_TRU": [{}], "DIEU_KIEN_LOAI": [{}]}
    case = Case(P1=bare, P2=None, configured=configured, past={"KHEN_THUONG": [{}], "NHAN_SU_NAM": [{}]})
    assert all(not finding.judged for finding in case.findings(*OURS))


def test_sheets_that_are_missing() -> None:
    case = Case(P1={}, past=None, without={"P1": {sheet.code for sheet in UNIT_TEMPLATE.sheets}})
    assert all(not finding.judged for finding in case.findings(*OURS))


def test_a_head_proposed_for_nothing_that_is_named() -> None:
    row = proposal("DN01", "CC1", "LDTT", danh_hieu=None)
    case = Case(P1={"DON_VI": [form(chu_tri="Lò Giả CC1")], "NHAN_SU": [staff("CC1")], "DE_NGHI": [row]})
    assert {f.variant for f in case.findings("ND-03")} == {"no_activity"}
