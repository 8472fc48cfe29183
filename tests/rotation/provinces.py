"""Invented provinces: units of 5 to 40 people, some of which take turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.rotation.series import Series
from tests.rotation.generator import HONEST, ODD, ROTATING, make

#: The ways of taking turns that are met in a province.
MET = ("strict", "dev10", "dev20", "dev30", "clique", "excuse", "merit", "soft")
ODD_SHARE = 0.03


@dataclass(frozen=True)
class Province:
    """Series and what truly goes on in each."""

    series: tuple[Series, ...]
    kinds: tuple[str, ...]

    def of(self, *kinds: str) -> np.ndarray:
        """(units,) whether a unit is of one of these kinds."""
        return np.isin(self.kinds, kinds)

    @property
    def rotating(self) -> np.ndarray:
        """(units,) whether a unit takes turns."""
        return self.of(*ROTATING)


def province(rng: np.random.Generator, units: int, rotating: float) -> Province:
    """So many units, of which a share takes turns and three in a hundred are odd, though not by turns."""
    series, kinds = [], []
    for number in range(units):
        draw = rng.random()
        choice = MET if draw < rotating else ODD if draw < rotating + ODD_SHARE else HONEST
        kind = str(rng.choice(choice))
        n = round(float(np.exp(rng.uniform(np.log(5), np.log(40)))))
        k = min(6, max(1, round(n * rng.uniform(0.05, 0.2))))
        series.append(make(kind, n, k, int(rng.integers(5, 9)), rng, f"u{number}"))
        kinds.append(kind)
    return Province(tuple(series), tuple(kinds))
