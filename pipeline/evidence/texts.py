"""Which texts say nearly the same: passages of a few words in common, compared within groups.

The measure is the Jaccard share of two texts: passages (runs of `words` words) that both hold, over passages that
either holds. Capitals and punctuation do not count; digits do: «42/42 việc» and «37/40 việc» differ. A pair that
reaches the threshold shares one of the rarest passages of both texts (prefix filter), so only those lead to pairs.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pandas as pd

_WORD = re.compile(r"\w+")
#: Most pairs that are looked at closely; beyond it the passages that most texts share no longer lead to pairs.
MOST_CANDIDATES = 300_000
_CHUNK = 20_000
#: Passages are numbered by their words; beyond this the numbers are packed anew.
_LARGEST = 2**62


def similar_pairs(texts: pd.Series, groups: pd.Series, threshold: float, words: int = 3) -> pd.DataFrame:
    """Find the rows of a group whose texts are alike.

    Rows whose texts are the same word for word are each paired with the first of them (share 1), and only that
    first one with rows of other texts: every row that has a like is in a pair, without all pairs of many copies.

    Args:
        texts: one text a row; null or without words: never alike.
        groups: the group of each row on the same index; null: never compared.
        threshold: least share, above 0.
        words: length of a passage; a shorter text is one passage.

    Returns:
        Columns `one`, `other` (labels of the index; `one` stands first) and `share`. `attrs["stock"]` says how many
        passages were too common to lead to pairs (0: every pair that reaches the threshold is there).
    """
    rows = pd.DataFrame({"text": texts, "group": groups, "label": texts.index, "place": np.arange(len(texts))})
    rows = rows[rows["text"].notna() & rows["group"].notna()]
    rows = rows[rows["group"].map(rows["group"].value_counts()) > 1]
    forms = rows["text"].map({text: plain_words(text) for text in rows["text"].unique()}).astype("str")
    rows = rows[forms != ""]
    numbers, distinct = pd.factorize(forms[forms != ""])
    rows = rows.assign(text=numbers)
    first = rows.drop_duplicates(["group", "text"])
    copies = rows.merge(first, on=["group", "text"], suffixes=("_other", "_one"))
    copies = copies[copies["place_one"] != copies["place_other"]].assign(share=1.0)
    alike, stock = _alike(pd.Series(distinct, dtype="str"), first, threshold, words)
    pairs = pd.concat([copies, alike]).sort_values(["place_one", "place_other"])
    found = pd.DataFrame({"one": pairs["label_one"], "other": pairs["label_other"], "share": pairs["share"]})
    found = found.reset_index(drop=True)
    found.attrs["stock"] = stock
    return found


@lru_cache(maxsize=65536)
def plain_words(text: str) -> str:
    """Words of a text in small letters, one blank between; punctuation is left out."""
    return " ".join(_WORD.findall(text.casefold()))


def _alike(distinct: pd.Series, rows: pd.DataFrame, threshold: float, words: int) -> tuple[pd.DataFrame, int]:
    """Pairs of rows of a group with different texts that are alike, and the number of passages left out."""
    held = _passages(distinct, words)
    sizes = held["text"].value_counts().reindex(range(len(distinct)), fill_value=0)
    candidates, stock = _candidates(_prefixes(held, sizes, threshold), rows, sizes, threshold)
    pairs = candidates[["text_one", "text_other"]].drop_duplicates()
    shared = _shared(held, pairs)
    share = shared / (pairs["text_one"].map(sizes) + pairs["text_other"].map(sizes) - shared)
    pairs = pairs.assign(share=share)[share >= threshold]
    return candidates.merge(pairs, on=["text_one", "text_other"]), stock


def _passages(distinct: pd.Series, words: int) -> pd.DataFrame:
    """Each passage of each text once: `text`, `passage` (whole numbers)."""
    counts = np.array([text.count(" ") + 1 for text in distinct], dtype="int64")
    if not len(counts):
        return pd.DataFrame({"text": counts, "passage": counts})
    codes, known = pd.factorize(np.array(" ".join(distinct).split(" "), dtype=object))
    word, base = codes.astype("int64") + 1, len(known) + 1
    text = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(text)) - np.repeat(np.cumsum(counts) - counts, counts)
    length = np.minimum(counts, words)[text]  # a short text is one passage
    starts = np.flatnonzero(place + length <= counts[text])
    passage = np.zeros(len(starts), dtype="int64")
    for step in range(words):
        inside = step < length[starts]
        after = np.where(inside, word[np.where(inside, starts + step, 0)], 0)
        passage = passage * base + after
        if base ** (step + 2) > _LARGEST:
            passage = np.unique(passage, return_inverse=True)[1].astype("int64")
    return pd.DataFrame({"text": text[starts], "passage": passage}).drop_duplicates(ignore_index=True)


def _prefixes(held: pd.DataFrame, sizes: pd.Series, threshold: float) -> pd.DataFrame:
    """The rarest passages of each text, enough that two alike texts must share one of them."""
    text, passage = held["text"].to_numpy(), held["passage"].to_numpy()
    _, at, counts = np.unique(passage, return_inverse=True, return_counts=True)
    order = np.lexsort((passage, counts[at], text))
    text = text[order]
    size = sizes.to_numpy()
    needed = size - np.ceil(size * threshold - 1e-9) + 1
    place = np.arange(len(text)) - np.searchsorted(text, text)
    return held.iloc[order[place < needed[text]]]


def _candidates(
    prefixes: pd.DataFrame, rows: pd.DataFrame, sizes: pd.Series, threshold: float
) -> tuple[pd.DataFrame, int]:
    """Pairs of rows of a group that share one of their rarest passages, and the number of passages left out."""
    posted = rows.merge(prefixes[["text", "passage"]], on="text").assign(size=lambda r: r["text"].map(sizes))
    keys = posted.groupby(["group", "passage"])["text"].size()
    keys = keys[keys > 1].sort_values()
    kept = keys[(keys * (keys - 1) // 2).cumsum() <= MOST_CANDIDATES]
    stock = len(keys) - len(kept)
    posted = posted.merge(kept.index.to_frame(index=False), on=["group", "passage"])
    pairs = posted.merge(posted, on=["group", "passage"], suffixes=("_one", "_other"))
    near = pairs[["size_one", "size_other"]].min(axis=1) >= threshold * pairs[["size_one", "size_other"]].max(axis=1)
    pairs = pairs[(pairs["place_one"] < pairs["place_other"]) & near]
    return pairs.drop_duplicates(["place_one", "place_other"]), stock


def _shared(held: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """How many passages both texts of each pair hold."""
    width = int(held["passage"].max()) + 1 if len(held) else 1
    every = pd.Index(held["text"].astype("int64") * width + held["passage"])
    counts = [pd.Series(dtype="float64")]
    for start in range(0, len(pairs), _CHUNK):
        part = pairs.iloc[start : start + _CHUNK].rename_axis("pair").reset_index()
        passages = part.merge(held, left_on="text_one", right_on="text")
        both = (passages["text_other"].astype("int64") * width + passages["passage"]).isin(every)
        counts.append(both.groupby(passages["pair"]).sum().astype("float64"))
    return pd.concat(counts).reindex(pairs.index).fillna(0.0)
