"""The method word by word and history by history, as slow and plain as can be: what the engine is held against.

One place a year is exact under the null; for several, the set's probability is Efron's form, as in the engine.
"""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np

from pipeline.rotation.rules import BETAS, COMMON, RULES, SMALL_CLIQUE
from pipeline.rotation.series import Prepared

History = list[frozenset[int]]


def set_chance(chosen, pool, weight) -> float:
    """Probability of drawing this set from the pool by weight."""
    chosen, pool = list(chosen), list(pool)
    if not chosen or len(chosen) == len(pool):
        return 1.0
    total, own, k = sum(weight[i] for i in pool), sum(weight[i] for i in chosen), len(chosen)
    found = float(math.factorial(k))
    for place, i in enumerate(chosen):
        found *= weight[i] / (total - place / k * own)
    return found


def eligible_of(series: Prepared, history: History, t: int) -> set[int]:
    blocked = {i for back in range(1, series.gap + 1) if t - back >= 0 for i in history[t - back]}
    able = {i for i in range(series.won.shape[1]) if series.eligible[t, i]}
    return (able - blocked) | history[t]


def queue_chance(won, pool, level, weight, *, both) -> float:
    """The lowest levels win; ties by merit, or half at random."""
    if not won <= pool or len(pool) < len(won):
        return 0.0
    ordered = sorted(level[i] for i in pool)
    border = ordered[len(won) - 1]
    sure = {i for i in pool if level[i] < border}
    tied = {i for i in pool if level[i] == border}
    if not sure <= won or not won <= sure | tied:
        return 0.0
    rest = won - sure
    merit = set_chance(rest, tied, weight)
    return merit if not both else 0.5 * merit + 0.5 / math.comb(len(tied), len(rest))


def likelihoods(series: Prepared, history: History) -> tuple[np.ndarray, np.ndarray]:
    """log P by merit (J,), log P under each rule (A, J)."""
    years, n = series.won.shape
    merit, told = np.zeros(len(BETAS)), np.zeros((len(RULES), len(BETAS)))
    last, titles = [0] * n, [0] * n
    team_last = dict.fromkeys({int(g) for g in series.group if g >= 0}, 0)
    ever = set().union(*history)
    begun = False
    for t in range(years):
        new = [i for i in range(n) if series.new[t, i]]
        if new:
            old = [i for i in range(n) if series.eligible[t, i] and i not in new]
            mean = math.ceil(sum(titles[i] for i in old) / max(len(old), 1))
            for i in new:
                last[i], titles[i] = t, mean
        won = history[t]
        pool = eligible_of(series, history, t)
        if won and len(pool) > len(won):
            for j, beta in enumerate(BETAS):
                weight = {i: math.exp(beta * series.merit[t, i]) for i in range(n)}
                honest = set_chance(won, pool, weight)
                merit[j] += math.log(honest)
                if begun:
                    for a, rule in enumerate(RULES):
                        told[a, j] += math.log(
                            _ratio(rule, series, history, t, pool, weight, honest, last, titles, team_last, ever)
                        )
            begun = True
        for i in won:
            last[i] = t + 1
            titles[i] += 1
            if series.group[i] >= 0:
                team_last[int(series.group[i])] = t + 1
    c, most = len(ever), max(int(k) for k in series.seats)
    for a, rule in enumerate(RULES):
        if rule.kind == "clique":
            told[a] -= math.log(math.comb(n, c)) + math.log(n)
            told[a] += 0.0 if c >= most + 1 else math.log(SMALL_CLIQUE)
        if rule.kind == "group" and not series.teams:
            told[a] = -np.inf
    return merit, merit + told


def _ratio(rule, series, history, t, pool, weight, honest, last, titles, team_last, ever) -> float:
    won = history[t]
    before = history[t - 1] if t >= 1 else frozenset()
    earlier = history[t - 2] if t >= 2 else frozenset()
    if rule.kind == "soft":
        rank = {}
        for i in pool:
            less = sum(last[k] > last[i] for k in pool)
            equal = sum(last[k] == last[i] for k in pool) - 1
            rank[i] = (less + equal / 2) / (len(pool) - 1)
        return set_chance(won, pool, {i: weight[i] * math.exp(rule.amount * rank[i]) for i in pool}) / honest
    if rule.kind == "alter":
        swing = {i: weight[i] * math.exp(2 * ((i in earlier) - (i in before))) for i in pool}
        return set_chance(won, pool, swing) / honest
    if rule.kind == "queue":
        chance = queue_chance(won, pool, last, weight, both=True)
    elif rule.kind == "cycle":
        chance = queue_chance(won, pool, titles, weight, both=False)
    elif rule.kind == "clique":
        chance = queue_chance(won, pool & ever, last, weight, both=True)
    elif rule.kind == "avoid":
        rest = pool - before
        aside = set_chance(won, rest, weight) if won <= rest else 0.0
        chance = honest if len(rest) < len(won) else aside
    else:
        chance = _by_group(series, won, pool, weight, team_last)
    return (1 - rule.amount) * chance / honest + rule.amount


def _by_group(series, won, pool, weight, team_last) -> float:
    members = {g: {i for i in pool if series.group[i] == g} for g in team_last}
    able = {g: m for g, m in members.items() if len(m) >= len(won)}
    if not able:
        return 0.0
    first = min(team_last[g] for g in able)
    due = [g for g in able if team_last[g] == first]
    return sum(set_chance(won, members[g], weight) / len(due) for g in due if won <= members[g])


def turn_evidence(series: Prepared, history: History, common=COMMON) -> float:
    merit, rules = likelihoods(series, history)
    applies = np.isfinite(rules[:, 0])
    over = np.exp(rules[applies] + np.log(common)).sum() / applies.sum()
    return float(np.log(over) - np.log(np.exp(merit + np.log(common)).sum()))


def histories(series: Prepared):
    """Every history with these places, with its probability for each merit sensitivity (one place a year)."""
    years, n = series.won.shape
    choices = [
        [frozenset(c) for c in combinations([i for i in range(n) if series.eligible[t, i]], int(series.seats[t]))]
        for t in range(years)
    ]
    for picked in product(*choices):
        history = list(picked)
        yield history, np.exp(likelihoods(series, history)[0])
