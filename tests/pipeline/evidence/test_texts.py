"""Texts that say nearly the same, against the definition worked out by hand for small cases."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from pipeline.evidence import texts
from pipeline.evidence.texts import similar_pairs


def pairs(rows: list[str | None], groups: list[str | None] | None = None, threshold: float = 0.8) -> dict:
    index = range(10, 10 + len(rows))
    group = pd.Series(groups or ["g"] * len(rows), index, dtype="str")
    found = similar_pairs(pd.Series(rows, index, dtype="str"), group, threshold)
    return {(one, other): share for one, other, share in found.itertuples(index=False)}


def test_capitals_and_punctuation_do_not_count_digits_do() -> None:
    one = "Giải quyết 42/42 vụ án, không oan sai"
    assert pairs([one, "giải quyết 42 42 vụ án không oan sai."]) == {(10, 11): 1.0}
    assert pairs([one, "Giải quyết 37/40 vụ án, không oan sai"]) == {}


def test_the_share_is_passages_in_common_over_all() -> None:
    # passages of three words: abc bcd cde | abc bcd cdx: 2 in common of 4
    assert pairs(["a b c d e", "a b c d x"], threshold=0.5) == {(10, 11): 0.5}
    assert pairs(["a b c d e", "a b c d x"], threshold=0.51) == {}
    assert pairs(["tốt", "tốt", "tốt lắm"]) == {(10, 11): 1.0}  # a short text is one passage


def test_only_within_a_group_and_never_where_nothing_is_known() -> None:
    assert pairs(["a b c", "a b c"], ["g", "h"]) == {}
    assert pairs(["a b c", "a b c"], ["g", None]) == {}
    assert pairs([None, None, "...", "..."]) == {}
    assert similar_pairs(pd.Series(dtype="str"), pd.Series(dtype="str"), 0.8).empty


def test_copies_are_paired_with_the_first_only() -> None:
    assert pairs(["a b c d"] * 4 + ["a b c d e"], threshold=0.6) == {
        (10, 11): 1.0, (10, 12): 1.0, (10, 13): 1.0, (10, 14): pytest.approx(2 / 3),
    }  # fmt: skip


def test_every_pair_is_found() -> None:
    rng = random.Random(4)
    bases = [[f"w{rng.randrange(60)}" for _ in range(rng.randint(1, 20))] for _ in range(8)]
    rows = []
    for _ in range(120):
        words = list(rng.choice(bases))
        words[rng.randrange(len(words))] = f"w{rng.randrange(60)}"
        rows.append(" ".join(words))
    rows = list(dict.fromkeys(rows))

    def passages(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[i : i + 3]) for i in range(len(words) - 2)} or {tuple(words)}

    right = {}
    for one, first in enumerate(rows):
        for other in range(one + 1, len(rows)):
            a, b = passages(first), passages(rows[other])
            if len(a & b) / len(a | b) >= 0.6:
                right[one + 10, other + 10] = len(a & b) / len(a | b)
    assert right and pairs(rows, threshold=0.6) == pytest.approx(right)


def test_stock_phrases_do_not_blow_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST_CANDIDATES", 10)
    rows = pd.Series([f"hoàn thành tốt nhiệm vụ được giao trong năm {n}" for n in range(50)])
    found = similar_pairs(rows, pd.Series("g", rows.index), 0.5)
    assert found.attrs["stock"] > 0 and len(found) <= 10
