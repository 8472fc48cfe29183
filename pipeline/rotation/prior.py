"""What committees of a province are like: how closely they follow recorded merit, how often a series rotates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.rotation.rules import BETAS, COMMON, RULES
from pipeline.rotation.series import Bools, Floats

#: Series of one title from which their own distribution is estimated.
ENOUGH_SERIES = 200
_ROUNDS, _PSEUDO, _FIRST_SHARE = 150, 20.0, 0.05


@dataclass(frozen=True)
class Prior:
    """`common` (J,): how common each sensitivity is; `weights` (A, J) of rules; `share` that rotates, if known."""

    common: Floats
    weights: Floats
    share: float | None = None


DEFAULT = Prior(COMMON, np.full((len(RULES), len(BETAS)), 1 / (len(RULES) * len(BETAS))))


def estimate(merit: Floats, ratio: Floats, applies: Bools) -> tuple[Prior, Floats]:
    """Estimate from the observed histories of many series, by the EM algorithm of two groups.

    Args:
        merit: (S, J) log-likelihood by merit only.
        ratio: (S, A, J) how many times more probable under each rule.
        applies: (S, A) whether the rule applies to the series.

    Returns:
        The prior, and for each series the posterior weight of rotating.
    """
    scaled = np.exp(merit - merit.max(axis=1, keepdims=True))
    common, weights, share = DEFAULT.common, DEFAULT.weights, _FIRST_SHARE
    turning = np.zeros(len(merit))
    for _ in range(_ROUNDS):
        honest = common * scaled
        used = weights * applies[..., None]
        used = used / used.sum(axis=(1, 2), keepdims=True)
        rule = used * scaled[:, None] * ratio
        total_rule, total_honest = rule.sum(axis=(1, 2)), honest.sum(axis=1)
        turning = share * total_rule / (share * total_rule + (1 - share) * total_honest)
        share = float(turning.mean())
        common = ((1 - turning) / total_honest) @ honest + _PSEUDO * DEFAULT.common
        common = common / common.sum()
        weights = np.tensordot(turning / total_rule, rule, axes=1) + _PSEUDO * DEFAULT.weights
        weights = weights / weights.sum()
    return Prior(common, weights, share), turning
