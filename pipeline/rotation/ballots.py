"""Open ballots that trade votes (V4), where the vote was by name and the unit declared it so.

Ballots are read in memory and never kept: what comes back holds p-values and names of statistics, no person. One pair
of colleagues who trade votes cannot be told from chance in a unit of usual size by any honest test: whatever the
p-values, that question stays open (`ONE_PAIR`), it is never answered by "clean". A circle that is a whole team cannot
be told from shared work. Secret ballots must never be asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.rotation.order import stream_of
from pipeline.rotation.series import Bools, Floats, Ints

REPLICATES = 1_999
#: What is tested together, the combined p-value being corrected for it.
STATISTICS = ("recip_same", "recip_next", "recip_all", "pair_max", "bloc", "ring3")
#: What is to be said of one pair.
ONE_PAIR = "không thể xác định"
#: Ways of exchanging voters without which a permutation says nothing; voters beyond which `lockstep_p` takes too long.
LEAST_WAYS, MOST_IN_STEP = 100, 40
#: Swaps tried for each cell of a year's ballots.
_SWAPS = 4
_CELLS_AT_ONCE = 2_000_000
_DIGITS = 9  # of a statistic: what lies beyond is noise of the arithmetic
#: What stands for "no vote" where ballots are compared.
_NONE = -1.0


@dataclass(frozen=True)
class Ballots:
    """What the ballots of a unit say. All p-values are one-sided Monte Carlo, (1+b)/(1+B).

    `p_value`: the smallest over `STATISTICS`, corrected for taking the smallest (Westfall and Young); `by_statistic`:
    each alone, not corrected; `lockstep`: voters whose ballots are alike beyond what candidates deserve, null where
    not computed; `teams_known`: without teams, friends of one team look like a circle.
    """

    p_value: float
    by_statistic: dict[str, float]
    lockstep: float | None
    teams_known: bool
    one_pair_identifiable: bool = field(default=False, init=False)


def read_ballots(
    years: Sequence[Floats], teams: Sequence[str] | None = None, replicates: int = REPLICATES
) -> Ballots | None:
    """Test for traded votes.

    Args:
        years: one a year, consecutive: (n, n) vote of each voter (row) for each candidate (column), 1 yes, 0 no; NaN
            where there was none. Voters and candidates are the same persons; votes for oneself are not read.
        teams: team of each person, "" for none (they are taken for one team); null where no teams are told.
        replicates: permutations of voters; half as many are drawn for `lockstep`.

    Returns:
        Null where there are fewer than 100 ways of exchanging voters of one team who voted in the same years (as in a
        unit of four), or where all votes are alike.
    """
    if not years:
        return None
    votes, team = _in_order(years, teams)
    ways = math.prod(math.factorial(int(size)) for size in np.bincount(_alike(votes, team)))
    if ways < LEAST_WAYS or not residuals(votes, team).any():
        return None
    combined, single = trading_p(votes, team, replicates)
    in_step = lockstep_p(votes, team, (replicates + 1) // 2 - 1)
    return Ballots(combined, single, in_step, len(set(teams or ()) - {""}) > 1)


def residuals(votes: Floats, team: Ints) -> Floats:
    """(T, n, n) each vote less the rate of its candidate among the other voters of the voter's team.

    0 where there is no vote or no such other voter. `votes` may be (B, T, n, n) as well.
    """
    there = np.isfinite(votes)
    cast = np.where(there, votes, 0.0)
    same = (team[:, None] == team).astype(np.float64)
    others = same @ there - 1
    rate = (same @ cast - cast) / np.maximum(others, 1)
    found: Floats = np.where(there & (others >= 1), cast - rate, 0.0)
    return found


def trading_p(votes: Floats, team: Ints, replicates: int = REPLICATES) -> tuple[float, dict[str, float]]:
    """Combined p-value, and that of each statistic, of votes (T, n, n) of persons in teams (n,).

    In the null the ballots of all years of a voter are given to another voter of the same team who voted in the same
    years (QAP): popularity, the content of ballots and lasting opinions stay as they are.
    """
    persons = len(team)
    stream = stream_of("ballots", votes, team)
    kind = _alike(votes, team)
    keys = kind + stream.random((replicates, persons))  # sorting by them shuffles within kinds
    orders = np.empty((replicates, persons), dtype=np.int64)
    orders[:, np.argsort(kind, kind="stable")] = np.argsort(keys, axis=1)
    orders = np.concatenate([np.arange(persons)[None], orders])  # the first is what was seen
    size = max(1, _CELLS_AT_ONCE // persons**2)
    values = np.concatenate(
        [_statistics(votes, team, orders[start : start + size]) for start in range(0, len(orders), size)], axis=1
    )
    chances = np.stack([_chances(row) for row in np.round(values, _DIGITS)])  # (6, 1 + B)
    combined = _chances(-chances.min(axis=0))[0]
    return float(combined), {name: float(row[0]) for name, row in zip(STATISTICS, chances, strict=True)}


def _alike(votes: Floats, team: Ints) -> Ints:
    """(n,) numbers of kinds of voters who can be exchanged: of one team, voting in the same years.

    Exchanging somebody who left for somebody who came later would tear the pairs of voters apart that the statistics
    count: of honest units with one post in five changing hands each year, 19 in 100 were marked at .05 that way.
    Who never voted is alone.
    """
    voted: Bools = np.isfinite(votes).sum(axis=2).T > 0  # (n, T)
    never = np.where(voted.any(axis=1), 0, 1 + np.arange(len(team)))
    keys = np.column_stack([team, voted, never])
    found: Ints = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
    return found


def _chances(values: Floats) -> Floats:
    """Share of values at least as large as each."""
    found: Floats = (len(values) - np.searchsorted(np.sort(values), values, side="left")) / len(values)
    return found


def _statistics(votes: Floats, team: Ints, orders: Ints) -> Floats:
    """(6, B) statistics when the ballots (T, n, n) are those of the voters in `orders` (B, n)."""
    persons = len(team)
    off = ~np.eye(persons, dtype=bool)
    moved = orders != np.arange(persons)
    total = np.zeros((len(orders), persons, persons))
    same, following = np.zeros(len(orders)), np.zeros(len(orders))
    before: Floats | None = None
    for year, rest in zip(votes, residuals(votes, team), strict=True):
        there = np.isfinite(year)
        cells = int(there.sum())
        lost = (moved & there.any(axis=1)).sum(axis=1)  # a ballot that moves loses the cell of its new voter
        scale = np.sqrt(cells / np.maximum(cells - lost, 1))
        now = rest[orders] * off * scale[:, None, None]
        turned = now.transpose(0, 2, 1)
        same += (now * turned).sum(axis=(1, 2))
        if before is not None:
            following += (before * turned).sum(axis=(1, 2))
        total += now
        before = now
    turned = total.transpose(0, 2, 1)
    pair = np.where(off, np.minimum(total, turned), -np.inf).max(axis=(1, 2))
    bloc = np.linalg.eigvalsh((total + turned) / 2)[:, -1]
    ring = ((total @ total) * turned).sum(axis=(1, 2))
    return np.stack([same, following, (total * turned).sum(axis=(1, 2)), pair, bloc, ring])


def lockstep_p(votes: Floats, team: Ints, replicates: int) -> float | None:
    """Chance of ballots as much alike, if each kept its length and each candidate the votes of each team.

    In the null, ballots of one year are mixed by checkerboard swaps between two voters of one team: (1, 0 / 0, 1)
    becomes (0, 1 / 1, 0). The statistic is the sum over years of the largest eigenvalue of the likeness of voters. (The
    eigenvalue of the sum finds more, but takes lasting honest opinions for collusion: 37 in 100 honest units at .05.)
    Null with more than forty voters.
    """
    if votes.shape[1] > MOST_IN_STEP:
        return None
    stream = stream_of("lockstep", votes, team)
    found = _likeness(residuals(votes[None], team))[0]
    as_much = 0
    size = max(1, _CELLS_AT_ONCE // votes.size)
    for start in range(0, replicates, size):
        mixed = _mixed(votes, team, min(size, replicates - start), stream)
        as_much += int((_likeness(residuals(mixed, team)) >= found).sum())
    return (1 + as_much) / (1 + replicates)


def _likeness(rest: Floats) -> Floats:
    """(B,) largest eigenvalue of the likeness of different voters, summed over years, of residuals (B, T, n, n)."""
    alike = rest @ rest.transpose(0, 1, 3, 2) * ~np.eye(rest.shape[2], dtype=bool)
    found: Floats = np.round(np.linalg.eigvalsh(alike)[..., -1].sum(axis=1), _DIGITS)
    return found


def _mixed(votes: Floats, team: Ints, replicates: int, stream: np.random.Generator) -> Floats:
    """(B, T, n, n) ballots after four tries of a swap for each cell."""
    persons = len(team)
    mates = [np.flatnonzero((team == mine) & (np.arange(persons) != own)) for own, mine in enumerate(team)]
    voters = np.flatnonzero([len(m) > 0 for m in mates])
    several = np.array([len(m) for m in mates])
    table = np.zeros((persons, max(1, int(several.max()))), dtype=np.int64)
    for row, mine in zip(table, mates, strict=True):
        row[: len(mine)] = mine
    mixed = np.tile(votes, (replicates, 1, 1))
    if not len(voters):
        return mixed.reshape(replicates, *votes.shape)
    flat = mixed.reshape(-1)
    chain = np.arange(len(mixed)) * persons**2
    candidates = int(np.isfinite(votes).any(axis=1).sum(axis=1).max())
    for _ in range(_SWAPS * persons * candidates):
        one = voters[stream.integers(len(voters), size=len(chain))]
        two = table[one, stream.integers(several[one])]
        left, right = stream.integers(persons, size=(2, len(chain)))
        one, two = chain + one * persons, chain + two * persons
        a, b, c, d = flat[one + left], flat[one + right], flat[two + left], flat[two + right]
        swap = np.flatnonzero((a == d) & (b == c) & (a != b))  # never where there is no vote: NaN equals nothing
        a, b, one, two, left, right = a[swap], b[swap], one[swap], two[swap], left[swap], right[swap]
        flat[one + left] = flat[two + right] = b
        flat[one + right] = flat[two + left] = a
    return mixed.reshape(replicates, *votes.shape)


def _in_order(years: Sequence[Floats], teams: Sequence[str] | None) -> tuple[Floats, Ints]:
    """Votes (T, n, n) and numbers of teams, persons being in an order that neither names nor rows decide.

    Persons whom refinement by all that is recorded cannot tell apart may stand either way.
    """
    votes = np.stack([np.asarray(year, dtype=np.float64) for year in years])
    persons = votes.shape[1]
    votes[:, np.arange(persons), np.arange(persons)] = np.nan
    names = list(teams) if teams else [""] * persons
    if votes.shape[1:] != (persons, persons) or len(names) != persons:
        raise ValueError(f"ballots are {votes.shape}, teams {len(names)}")
    team = np.unique(names, return_inverse=True)[1]
    kinds = _kinds(votes, team)
    colour = _refined(kinds, np.zeros(persons, dtype=np.int64))
    while len(sizes := np.bincount(colour)) < persons:
        first = int(np.flatnonzero(colour == int(np.argmax(sizes > 1)))[0])
        colour = _refined(kinds, 2 * colour + (np.arange(persons) != first))
    order = np.argsort(colour)
    seen = list(dict.fromkeys(team[order].tolist()))
    return votes[:, order[:, None], order], np.array([seen.index(number) for number in team[order].tolist()])


def _kinds(votes: Floats, team: Ints) -> Ints:
    """(n, n) number of all that is recorded between two persons: votes of each year both ways, and one team or not."""
    persons = len(team)
    cast = np.nan_to_num(votes, nan=_NONE)
    own = np.eye(persons)[None]
    parts = np.concatenate([cast, cast.transpose(0, 2, 1), (team[:, None] == team)[None], own])
    found: Ints = np.unique(parts.reshape(len(parts), -1), axis=1, return_inverse=True)[1].reshape(persons, persons)
    return found


def _refined(kinds: Ints, colour: Ints) -> Ints:
    """Numbers of persons refined until they tell apart all whom their ties to the others tell apart."""
    while True:
        seen = np.sort(kinds * (2 * len(colour) + 1) + colour[None, :], axis=1)
        rows = np.concatenate([colour[:, None], seen], axis=1)
        finer: Ints = np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
        if int(finer.max()) == len(np.unique(colour)) - 1:
            return finer
        colour = finer
