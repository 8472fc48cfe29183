"""Shares of small groups against values worked out by hand or printed in textbooks."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from pipeline.proportions import binomial, by_units, fisher, holm, rate_ratio, wilson


def test_fisher_of_the_tea_tasting_lady() -> None:
    assert fisher(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert fisher(4, 4, 0, 4) == pytest.approx(2 / 70)
    assert fisher(0, 5, 0, 7) == 1
    assert fisher(10, 100, 1000, 10_000) == pytest.approx(1)


def test_wilson() -> None:
    assert wilson(0, 10, 0.95) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(5, 10, 0.95) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 0, 0.95) == (0, 1)


def test_rate_ratio() -> None:
    ratio, low, high = rate_ratio(20, 40, 10, 60, 0.95)
    assert ratio == pytest.approx(3)
    spread = 1.959964 * math.sqrt(1 / 20 - 1 / 40 + 1 / 10 - 1 / 60)
    assert (low, high) == pytest.approx((3 * math.exp(-spread), 3 * math.exp(spread)), rel=1e-5)
    assert rate_ratio(3, 10, 0, 10, 0.95)[0] == pytest.approx(7)  # halves keep it finite


def test_holm() -> None:
    found = holm(pd.Series([0.03, 0.01, None, 0.04, 0.9]))
    assert found[[1, 0, 3, 4]].tolist() == pytest.approx([0.04, 0.09, 0.09, 0.9])
    assert pd.isna(found[2])


def test_binomial_tail_and_limits() -> None:
    found = binomial(pd.Series([10, 10, 4]), pd.Series([8, 0, 4]), 0.5, 0.95)
    assert found["chance"].tolist() == pytest.approx([56 / 1024, 1, 1 / 16])
    assert found.loc[0, ["low", "high"]].tolist() == [2, 8]  # 11 of 1024 lie at 0 and 1
    assert found.loc[2, ["low", "high"]].tolist() == [0, 4]
    sure = binomial(pd.Series([3]), pd.Series([3]), 1.0, 0.95)
    assert sure["chance"].tolist() == [1]


def test_units_are_dealt_out_whole() -> None:
    hits, sizes = np.array([5.0, 5, 0, 0]), np.array([10.0, 10, 10, 10])
    assert by_units(hits, sizes, np.array([True, True, False, False]), 100, 1) == pytest.approx(2 / 6)
    many = np.tile(hits, 10)
    marked = np.tile([True, True, False, False], 10)
    assert by_units(many, np.full(40, 10.0), marked, 999, 1) == pytest.approx(1 / 1000)
    assert by_units(hits, sizes, np.zeros(4, dtype=bool), 100, 1) == 1
