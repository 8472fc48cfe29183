"""The words in which KIEM_TRA's formulas are written.

Only functions of Excel 2010 that WPS and LibreOffice know; SUMPRODUCT makes its arguments arrays without
Ctrl-Shift-Enter (so no IF, IFERROR or TRANSPOSE inside it). A check is a list of `Term`s: an expression that is
1 at each bad cell and 0 elsewhere, and another that is the place of the same cell (`row × 100 + column`).
Their sum is the number of errors, the smallest place is the first error.

Texts are compared letter by letter, capitals too, as the pipeline does: by EXACT, or by FIND in a text that
holds all choices between bars. MATCH ignores capitals and takes * and ? for anything, so what it finds is
compared once more by EXACT; of two codes that differ only in capitals it finds the upper one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.columns import FIRST_ENTRY_ROW

#: A place is `row × ROW_WEIGHT + column`; sheets have fewer columns than this.
ROW_WEIGHT = 100
#: Larger than every place.
NOWHERE = 10_000_000
#: Limits of Excel, characters: of a formula, of a text in a formula.
FORMULA_LIMIT, TEXT_LIMIT = 8192, 255
#: Shown where a cell holds an error value, so that nothing can be counted.
UNKNOWN = "?"
#: Stands between the choices of a list in one text; no choice holds it.
BAR = "|"
#: The blank that word processors put between numbers and units.
NO_BREAK = "\u00a0"
#: Tones stand on either letter of oa, oe, uy: `HÒA` is written as `HOÀ` before names are compared.
TONES = tuple(
    (toned + plain, bare + moved)
    for bare, toned_letters, plain, moved_letters in (
        ("O", "ÒỎÕÓỌ", "A", "ÀẢÃÁẠ"), ("O", "ÒỎÕÓỌ", "E", "ÈẺẼÉẸ"), ("U", "ÙỦŨÚỤ", "Y", "ỲỶỸÝỴ"),
    )
    for toned, moved in zip(toned_letters, moved_letters, strict=True)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """Bad cells of one kind: where they are 1, and the places of the same cells."""

    bad: str
    place: str


def counting(terms: Sequence[Term], fallback: str = f'"{UNKNOWN}"') -> str:
    """Formula: how many cells are bad."""
    return _checked(f"=IFERROR({'+'.join(f'SUMPRODUCT({term.bad})' for term in terms)},{fallback})")


def locating(terms: Sequence[Term], count: str, fallback: str = "0") -> str:
    """Formula: the place of the first bad cell; `NOWHERE` when the cell `count` says that none is bad."""
    inner = ",".join(f"{term.bad}*({NOWHERE}-{term.place})" for term in terms)
    return _checked(f"=IF({count}=0,{NOWHERE},IFERROR({NOWHERE}-SUMPRODUCT(MAX({inner})),{fallback}))")


def _checked(formula: str) -> str:
    assert len(formula) <= FORMULA_LIMIT, f"formula of {len(formula)} characters"
    return formula


def text(area: str) -> str:
    """The cells as texts without blanks at the ends."""
    return f'TRIM(SUBSTITUTE({area},"{NO_BREAK}"," "))'


def blank(area: str) -> str:
    """Where nothing is seen."""
    return f"(LEN({text(area)})=0)"


def filled(area: str) -> str:
    """Where something is seen."""
    return f"(LEN({text(area)})>0)"


def quoted(words: str) -> str:
    """A text as a formula writes it; a long one in parts."""
    parts = [words[at : at + TEXT_LIMIT] for at in range(0, len(words), TEXT_LIMIT)] or [""]
    return "&".join('"{}"'.format(part.replace('"', '""')) for part in parts)


def joined(choices: Iterable[str]) -> str:
    """All choices in one text, each between bars."""
    return BAR + "".join(choice + BAR for choice in choices)


def listed(area: str, choices: str) -> str:
    """Where a cell holds one of the joined choices; never at a blank cell."""
    return f'ISNUMBER(FIND("{BAR}"&{text(area)}&"{BAR}",{choices}))'


def without(inner: str, characters: str, by: str = "") -> str:
    """The text with each of the characters replaced."""
    for character in characters:
        inner = f'SUBSTITUTE({inner},"{character}","{by}")'
    return inner


def name_key(inner: str) -> str:
    """A name as compared: in capitals, tones placed as in HOÀ, QUÝ (as pipeline.vietnamese.match_key)."""
    inner = f"UPPER({inner})"
    for found, instead in TONES:
        inner = f'SUBSTITUTE({inner},"{found}","{instead}")'
    return inner


def constants(values: Sequence[object], downwards: bool) -> str:
    """An array constant."""
    return "{" + (";" if downwards else ",").join(map(str, values)) + "}"


def numbering(area: str) -> str:
    """1, 2, 3… down the rows of entries."""
    return f"(ROW({area})-{FIRST_ENTRY_ROW - 1})"


def found(area: str, keys: str) -> str:
    """Row among the keys, from 1, that holds the code of each cell; an error where there is none."""
    return f"MATCH({text(area)},{text(keys)},0)"


def looked_up(area: str, keys: str, answers: str) -> str:
    """The text beside the code of each cell; an error where there is none."""
    return f"LOOKUP({found(area, keys)},{numbering(keys)},{text(answers)})"


def is_key(area: str, keys: str) -> str:
    """Where the code of a cell stands among the keys with the same capitals."""
    return f"ISNUMBER(1/EXACT({text(area)},{looked_up(area, keys, keys)}))"
