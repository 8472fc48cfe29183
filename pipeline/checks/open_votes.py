"""LP-09: open ballots, only where the unit declares an open vote. No ballot is ever quoted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from pipeline.open_ballots import Ballot
from pipeline.rotation.ballots import Ballots, read_ballots
from pipeline.rotation.series import MOST_PERSONS, MOST_YEARS
from pipeline.rotation.wording import frequency
from pipeline.vietnamese import match_key

OPEN, SECRET = "CONG_KHAI", "KIN"
PATTERNS = {
    "recip_same": "ủng hộ qua lại trong cùng năm",
    "recip_next": "năm sau trả lại",
    "recip_all": "ủng hộ qua lại qua các năm",
    "pair_max": "một cặp nổi bật",
    "bloc": "một nhóm",
    "ring3": "vòng ba người",
}
_LOCKSTEP = "bỏ phiếu giống hệt nhau"


def open_votes(case: Evidence) -> Checked:
    """Circles of voters in open ballots; ballots by name of a secret vote are a question, not data."""
    ledger = Ledger(case, "LP-09", "")
    told = case.data.province.open_ballots
    if told is None:
        return ledger.close()
    for fault in told.faults:
        ledger.of_unit("not_judged", "", con_thieu=fault, bo_sung="Sửa dòng này rồi chạy lại")
    by_unit: dict[str, list[Ballot]] = {}
    for ballot in told.rows:
        by_unit.setdefault(ballot.unit, []).append(ballot)
    ledger.counted(sorted(by_unit))
    read: dict[str, Ballots] = {}
    for unit in sorted(by_unit):
        declared = case.forms.at[unit, "hinh_thuc_bieu_quyet"] if unit in case.forms.index else None
        if declared == SECRET:
            ledger.of_unit("secret", unit, dong=len(by_unit[unit]))
            continue
        found = _read(case, unit, by_unit[unit]) if declared == OPEN else None
        if found is None:
            few, silent = "số phiếu, số người còn ít", "chưa có hồ sơ nào của đơn vị khai cách biểu quyết"
            need = "Cần hồ sơ khai biểu quyết công khai và nhiều năm hơn"
            ledger.of_unit("not_judged", unit, con_thieu=few if declared == OPEN else silent, bo_sung=need)
            continue
        read[unit] = found
    for unit, found in read.items():
        chances = {PATTERNS[name]: p for name, p in found.by_statistic.items()}
        chance = found.p_value
        if found.lockstep is not None:
            chances[_LOCKSTEP] = found.lockstep
            chance = min(1.0, 2 * min(chance, found.lockstep))
        chance = min(1.0, chance * len(read))
        if chance <= case.rules.number("LP-09", "p"):
            ledger.of_unit("bloc", unit, mau=min(chances, key=lambda name: chances[name]), p=frequency(chance))
    return ledger.close()


def _read(case: Evidence, unit: str, ballots: Sequence[Ballot]) -> Ballots | None:
    """Lay the ballots of a unit out by year, voter and candidate."""
    last = max(b.year for b in ballots)
    ballots = [b for b in ballots if b.year > last - MOST_YEARS]
    persons = sorted({match_key(person) for b in ballots for person in (b.voter, b.candidate)})
    if len(persons) > MOST_PERSONS:
        return None
    place = {person: number for number, person in enumerate(persons)}
    years = range(min(b.year for b in ballots), max(b.year for b in ballots) + 1)
    tables = [np.full((len(persons), len(persons)), np.nan) for _ in years]
    for ballot in ballots:
        tables[ballot.year - years[0]][place[match_key(ballot.voter)], place[match_key(ballot.candidate)]] = float(
            ballot.agreed
        )
    staff = case.staff[case.staff["unit"] == unit].dropna(subset="person").drop_duplicates("person")
    team_of = dict(zip(map(match_key, staff["person"]), staff["to_cong_tac"], strict=True))
    teams = [str(team_of.get(person) or "") for person in persons]
    known = any(team not in ("", "nan") for team in teams)
    return read_ballots(tables, ["" if team == "nan" else team for team in teams] if known else None)


CHECKS = (Check("LP-09", open_votes, province=True),)
