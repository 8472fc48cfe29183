"""This year's rows for the history: decided awards, everybody on the lists, who was considered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.checks.tallies import UNIT_LEVEL, tallies
from pipeline.dataset import PERSON, UNIT
from pipeline.decisions.judging import Decision, Outcome, given
from pipeline.decisions.merging import MergedRow
from pipeline.evidence.events import DISCIPLINE, LEFT
from pipeline.evidence.initiatives import initiative_counts
from pipeline.findings import Finding
from pipeline.parsing import parse_date
from pipeline.ranking.of_province import ranking_of
from pipeline.results import Results
from pipeline.template import Cell
from pipeline.workbook.council_meeting import DECISION
from pipeline.workbook.score_cells import NO_BLOCK
from pipeline.workbook.series import plain

Row = dict[str, Cell]
_VALID = "HIEU_LUC"
_DOCUMENT = {"so": "số", "ngay": "ngày", "co_quan": "cơ quan ban hành"}


def awards_of(
    results: Results, decisions: Sequence[Decision], meeting: Mapping[str, MergedRow], findings: list[Finding]
) -> list[Row]:
    """Rows of KHEN_THUONG: what the council recognised and a decision with number and day has given."""
    labels, year = results.dataset.province.lists.labels, results.dataset.province.period.year
    catalogue = results.evidence.titles
    papers = {code: _document(meeting.get(f"{DECISION}|{code}")) for code in catalogue.index}
    kinds, staff = _kinds(results), results.evidence.staff
    names = dict(zip(zip(staff["unit"], staff["person"], strict=True), plain(staff["ho_ten"]), strict=True))
    waiting: dict[str, int] = {}
    rows: list[Row] = []
    for decision in given(decisions, Outcome.RECOGNISED):
        facts, award = decision.facts, decision.award
        paper = papers.get(award, {})
        if len(paper) < len(_DOCUMENT):
            waiting[award] = waiting.get(award, 0) + 1
            continue
        if _no_code(facts, "khen thưởng", findings):
            continue
        vocabulary = "DANH_HIEU" if award in labels["DANH_HIEU"] else "HINH_THUC"
        field = "danh_hieu" if vocabulary == "DANH_HIEU" else "hinh_thuc"
        rows.append({
            "doi_tuong": labels["DOI_TUONG"][facts["loai"]], "ma_doi_tuong": facts["ma"],
            "ten_doi_tuong": names.get((facts["don_vi"], facts["ma"])) or facts["ten"],
            "nam": year, field: labels[vocabulary].get(award, award),
            "loai_hinh": labels["LOAI_HINH"].get(kinds.get((facts["don_vi"], facts["ma_dn"]), "")),
            "so_qd": paper["so"], "ngay_qd": paper["ngay"], "co_quan_qd": paper["co_quan"],
            "don_vi_luc_do": labels["DON_VI"].get(facts["don_vi"], facts["don_vi"]),
            "tinh_trang": labels["TINH_TRANG_QD"][_VALID],
        })  # fmt: skip
    for award, count in waiting.items():
        _say_waiting(
            award, count, meeting.get(f"{DECISION}|{award}"), str(catalogue["name"].get(award, award)), findings
        )
    submitted = len(given(decisions, Outcome.SUBMITTED))
    if submitted:
        findings.append(Finding("KL-12", "submitted", params={"so": str(submitted)}))
    return rows


def _document(row: MergedRow | None) -> dict[str, Cell]:
    """Number, day and issuer of a decision, as far as they can be read."""
    if row is None:
        return {}
    found: dict[str, Cell] = {name: row.text(name) for name in ("so", "co_quan") if row.text(name)}
    entry = row.entry("ngay")
    if entry.text:
        day = parse_date(entry.value).value
        if isinstance(day, dt.datetime):
            found["ngay"] = day.date()
        else:
            row.say("KL-12", "bad_day", "ngay", entry.text)
    return found


def _say_waiting(award: str, count: int, row: MergedRow | None, name: str, findings: list[Finding]) -> None:
    known = _read_fields(row)
    lacking = [field for field in _DOCUMENT if field not in known]
    told = {"thieu": ", ".join(_DOCUMENT[field] for field in lacking), "danh_hieu": name, "so": str(count)}
    if row is not None and row.row is not None:
        row.say("KL-12", "no_number", lacking[0], **told)
    else:
        findings.append(Finding("KL-12", "no_number", subject=award, params=told))


def _read_fields(row: MergedRow | None) -> set[str]:
    if row is None:
        return set()
    day = row.entry("ngay")
    dated = bool(day.text) and isinstance(parse_date(day.value).value, dt.datetime)
    return {name for name in ("so", "co_quan") if row.text(name)} | ({"ngay"} if dated else set())


def _no_code(facts: Mapping[str, Any], what: str, findings: list[Finding]) -> bool:
    """Say of a newcomer that the history cannot name him; a person key without code holds a blank."""
    if " " not in str(facts["ma"]):
        return False
    told = {"ten": str(facts["ten"]), "viec": what}
    findings.append(Finding("KL-12", "no_code", str(facts["don_vi"]), "", params=told))
    return True


def _kinds(results: Results) -> dict[tuple[str, str], str]:
    """LOAI_HINH of each nomination, by unit and code."""
    frame = results.dataset.frames["DE_NGHI"]
    return dict(zip(zip(frame[UNIT], plain(frame["ma_dn"]), strict=True), plain(frame["loai_hinh"]), strict=True))


def roster_of(results: Results, findings: list[Finding]) -> list[Row]:
    """Rows of NHAN_SU_NAM: everybody on the counted lists."""
    case, province = results.evidence, results.dataset.province
    labels, staff = province.lists.labels, case.staff
    events = case.events[case.events["person"].notna() & case.events["touches"]]
    pairs = pd.MultiIndex.from_frame(staff[["unit", "person"]])
    left = events[events["loai"] == LEFT].groupby(["unit", "person"])["tu_ngay"].min().reindex(pairs)
    disciplined = events[events["loai"] == DISCIPLINE].groupby("person")["hinh_thuc_ky_luat"].first()
    made = initiative_counts(case, staff["person"], [case.year])[case.year]
    joined = staff["ngay_ve_don_vi"].where(staff["ngay_ve_don_vi"] > case.first)
    columns: dict[str, list[Any]] = {
        "ma_cc": plain(staff["ma_cc"]), "ho_ten": plain(staff["ho_ten"]), "ngay_sinh": _days(staff["ngay_sinh"]),
        "gioi_tinh": _labels(staff["gioi_tinh"], labels["GIOI_TINH"]),
        "don_vi": _labels(staff["unit"], labels["DON_VI"]), "to_cong_tac": plain(staff["to_cong_tac"]),
        "chuc_vu": plain(staff["chuc_vu"]), "chuc_danh": _labels(staff["chuc_danh"], labels["CHUC_DANH"]),
        "nhom_doi_tuong": _labels(staff["nhom_doi_tuong"], labels["NHOM_DOI_TUONG"]),
        "ngay_tuyen_dung": _days(staff["ngay_tuyen_dung"]), "ngay_ve_don_vi": _days(staff["ngay_ve_don_vi"]),
        "tu_ngay": _days(joined), "den_ngay": _days(pd.Series(left.to_numpy(), index=staff.index)),
        "xep_loai": _labels(staff["xep_loai_cc"], labels["XEP_LOAI"]), "diem": plain(staff["diem_danh_gia"]),
        "so_sang_kien": plain(made), "ky_luat": _labels(staff["person"].map(disciplined), labels["KY_LUAT"]),
        "thang_nghi": plain(staff["leave"].round(1)),
    }  # fmt: skip
    rows: dict[tuple[Any, Any], Row] = {}
    for unit, values in zip(staff["unit"], zip(*columns.values(), strict=True), strict=True):
        row: Row = {"nam": province.period.year} | dict(zip(columns, values, strict=True))
        if row["ma_cc"] is None:
            told = {"ten": f"{row['ho_ten']} ({unit})", "viec": "danh sách, xếp loại năm nay"}
            findings.append(Finding("KL-12", "no_code", str(unit), params=told))
            continue
        rows.setdefault((row["ma_cc"], unit), row)
    return list(rows.values())


def candidates_of(results: Results, findings: list[Finding]) -> list[Row]:
    """Rows of UNG_CU: who was considered for a title, with the votes of the unit's last round; each once."""
    case, province = results.evidence, results.dataset.province
    labels = province.lists.labels
    votes = tallies(case)
    votes = votes[votes["level"] == UNIT_LEVEL]
    counts = {
        (unit, code): numbers
        for unit, code, *numbers in zip(
            votes["unit"], votes["code"], *(plain(votes[n]) for n in ("issued", "valid", "votes")), strict=True
        )
    }
    frame = results.dataset.frames["DE_NGHI"]
    frame = frame[frame["danh_hieu"].notna() & frame["ket_qua"].notna() & frame["ma_doi_tuong"].notna()]
    frame = (
        frame.sort_values("ket_qua", kind="stable").drop_duplicates([UNIT, "ma_doi_tuong", "danh_hieu"]).sort_index()
    )
    names = ("ma_dn", "ma_doi_tuong", "danh_hieu", "ket_qua", "ten_doi_tuong")
    rows: list[Row] = []
    persons = plain(frame[PERSON])
    for unit, person, (code, subject, title, result, name) in zip(
        frame[UNIT], persons, zip(*(plain(frame[n]) for n in names), strict=True), strict=True
    ):
        if person and " " in person:
            told = {"ten": f"{name} ({unit})", "viec": "việc được xét"}
            findings.append(Finding("KL-12", "no_code", str(unit), params=told))
            continue
        issued, valid, agreed = counts.get((unit, code), (None, None, None))
        rows.append({
            "nam": province.period.year, "don_vi": labels["DON_VI"].get(unit, unit), "ma_doi_tuong": subject,
            "danh_hieu": labels["DANH_HIEU"].get(title, title), "phieu_phat": issued, "phieu_hop_le": valid,
            "dong_y": agreed, "ket_qua": labels["KET_QUA_XET"][result],
        })  # fmt: skip
    return rows


def unit_ranks_of(results: Results) -> list[Row]:
    """Rows of HANG_NAM: the official rank of every ranked unit."""
    units = ranking_of(results.evidence).units
    units = units[units["ranked"].astype(bool)]
    labels, year = results.dataset.province.lists.labels["DON_VI"], results.dataset.province.period.year
    columns = (units[name].tolist() for name in ("block", "rank", "of", "percent"))
    return [
        {
            "nam": year, "don_vi": labels.get(str(unit), str(unit)), "khoi": block or NO_BLOCK, "hang": int(rank),
            "so_don_vi": int(of), "ty_le": round(share, 2),
        }
        for unit, block, rank, of, share in zip(units.index, *columns, strict=True)
    ]  # fmt: skip


def _labels(codes: pd.Series, labels: Mapping[str, str]) -> list[str | None]:
    return [None if code is None else labels.get(code, code) for code in plain(codes)]


def _days(days: pd.Series) -> list[dt.date | None]:
    return [None if day != day or day is None else day.date() for day in pd.to_datetime(days).astype(object)]
