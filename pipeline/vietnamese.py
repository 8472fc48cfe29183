"""Everything the product knows about Vietnamese text: cleaning, comparing, sorting, writing.

Units type in Unicode, composed or not, and in the 8-bit fonts of the 1990s (TCVN3 «.VnTime», «VNI-Times»),
and paste what another program has spoilt. `clean` repairs what can be repaired without a guess and names each
repair; `undecodable` tells when letters are lost for good. Leaving an 8-bit font needs proof: every changed
word becomes a possible syllable, and some word was not.

Keys (`match_key`, `plain_key`, `sort_key`) are for comparing only; people read what the unit wrote.
Nothing here raises for any `str`, lone surrogates included. Importing this loads only the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import is_normalized, normalize

if TYPE_CHECKING:
    import datetime

_LOWER = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
_LETTERS = frozenset(_LOWER + _LOWER.upper())
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LOOKALIKES = str.maketrans("ÐƉðɖ", "ĐĐđđ")
_TONE_MARKS = "\u0300\u0309\u0303\u0301\u0323"  # huyền hỏi ngã sắc nặng
_TONES = {mark: rank for rank, mark in enumerate(_TONE_MARKS, 1)}  # ngang is 0
_STOPPED = ([4], [5])  # the tones of a syllable that ends in p, t, c, ch

#: What may stand after the first consonant: vowels, then each end they take (- is none).
_RIMES = frozenset(
    line.split()[0] + end.strip("-")
    for line in (
        "a - i o u y m n ng nh p t c ch", "ă m n ng p t c", "â u y m n ng p t c", "e - o m n ng p t c",
        "ê - u m n nh p t ch", "i - u m n nh p t ch", "ia -", "iê u m n ng p t c", "o - i m n ng p t c",
        "oo n ng c", "oa - i o y m n ng nh p t c ch", "oă m n ng p t c", "oe - o m n t", "ô - i m n ng p t c",
        "ơ - i m n p t", "u - i m n ng p t c", "ua -", "uâ n ng t y", "uê - n nh ch", "uô i m n ng p t c",
        "uơ -", "uy - a n nh p t ch u", "uyê n t", "ư - i u m n ng t c", "ưa -", "ươ i u m n ng p t c",
        "y -", "yê u m n ng t",
    )
    for end in line.split()[1:]
)  # fmt: skip
_RIMES_AFTER_Q = frozenset(r for r in _RIMES if r[0] in "aăâeêiyơô") | {"yn", "ynh", "yp", "yt", "ych", "yu"}
_ONSETS = frozenset(("", *"bcdđghklmnprstvx", "ch", "gh", "gi", "kh", "ng", "ngh", "nh", "ph", "th", "tr"))


def _split_tones(text: str) -> tuple[str, list[int]]:
    """Split text, composed or not, into its toneless composed letters and its tones in order."""
    marks = normalize("NFD", text)
    letters = normalize("NFC", "".join(c for c in marks if c not in _TONES))
    return letters, [_TONES[c] for c in marks if c in _TONES]


def _is_spelt(onset: str, rime: str) -> bool:
    """Say whether Vietnamese spelling allows this onset before this rime, both toneless and lower case."""
    front = rime[0] in "eêiy"
    if onset == "qu":
        return rime in _RIMES_AFTER_Q
    if rime not in _RIMES or onset not in _ONSETS or (onset and rime.startswith("yê")):
        return False
    if onset in ("gh", "ngh"):  # k is free: Bắc Kạn, Kon Tum
        return front
    if onset in ("c", "g", "ng"):
        return not front or (onset == "g" and rime[0] == "i")
    return not (onset == "gi" and rime[0] in "iy")


@lru_cache(maxsize=16384)
def _is_syllable(word: str) -> bool:
    """Say whether the word, in any case, could be one Vietnamese syllable."""
    base, tones = _split_tones(word.lower())
    if len(tones) > 1 or (base.endswith(("p", "t", "c", "ch")) and tones not in _STOPPED):
        return False
    splits = [(base[:size], base[size:]) for size in range(min(4, len(base)))]
    if normalize("NFD", word)[-1:] in _TONES:  # no tone on a closing i, o, u, y
        splits = [(onset, rime) for onset, rime in splits if not re.search(".[iou]$|[^u]y$", rime)]
    return any(_is_spelt(onset, rime) for onset, rime in splits)


_TCVN3 = str.maketrans(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ" + "¡¢£¤¥¦§",
    _LOWER + "ĂÂÊÔƠƯĐ",
)
_VNI = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))  # one letter, or a letter and another for its marks:
_VNI |= {
    base + mark: normalize("NFC", _VNI.get(base, base) + quality + tone)
    for bases, quality, marks in (
        ("aeouyôö", "", "øûõùï"), ("aeo", "\u0302", "âàåãáä"), ("a", "\u0306", "êèúüéë"),
    )
    for base in bases
    for mark, tone in zip(marks[::-1], [*_TONE_MARKS[::-1], ""], strict=False)
}  # fmt: skip


def _from_tcvn3(word: str) -> str:
    """Decode a word. A letter with a tone has one code for both cases: only the other letters tell."""
    new = word.translate(_TCVN3)
    return new.upper() if any(map(str.isupper, new[1:])) else new


def _from_vni(word: str) -> str:
    """Decode a word; the case of the base letter decides, whatever the case of its mark."""
    codes = re.findall("(?i)[aeouyôö][øûõùïâàåãáäêèúüéë]|.", word)
    letters = ((code, _VNI.get(code.lower(), code.lower())) for code in codes)
    return "".join(letter.upper() if code[0].isupper() else letter for code, letter in letters)


#: By font: its words, the looks of a non-syllable that only it has, looks that prove nothing, abbreviations.
_FONTS = {
    "tcvn3": (
        "[A-Za-z¡-®µ-¹»-¾À-ÿ]+",
        "[a-zß-ÿ][Å-ÇËÎ-ÑÖØÛÜÞ]|[A-Z][Å-ÇËÎ-ÑÖØÛÜÞ][a-z]|[Hh]Þ"  # TrÇn, VÜnh
        "|(?i:^(ngh?|nh|kh).*[äåæçëîïðñöøûüþ]|(i|uy)[òôõö]([nmtpcu]|ng)$)|ãa"  # nghØ, thuyÒn, Hãa
        "|\xad|[A-Za-z][µ¶¸¨ß¬]|¸[A-Za-z]|[A-Za-z][¡-¦©ª«¹»-¾][A-Za-zÀ-ÿ]|[¡-¦]{2}"  # ngµy, V¨n
        "|[A-Za-z]{2}[¡-¦×÷·]|[A-Za-z][×÷·][A-Za-z]{2}"  # l·nh, S×nh, but not N·m or m×n
        r"|^[§®]([^\W\d_]{2}|[À-ÿ]|.*[¡-§©-¬µ-¹»-¾])|[A-Z]§[A-Z]"  # §iÖn, ®Êt, H§ND
        "|[a-zß-ÿ][ÈÉÊÌÍÒ-ÕÙÚÝ]|[A-Z]([ß-ÿ][A-Z]|[A-Z][ß-ÿ]$)",  # NguyÔn, LíN
        "^([A-Za-z][×÷·][A-Za-z]|[µ©][A-Za-z]+)$",
        "[A-Z§]+",
    ),
    "vni": (
        "[A-Za-zÀ-ÿ]+",
        r"(?i)[ae][âáàåãä]|aê|o[âåãä]|[aeouyôö]ø|[ôö][ùûõï]|öô|[aeuy]ù|[^\W\d_]où|[auy]û|[aeouy]õ"
        "|[aeou][èúüéëïû]ng$|a[éè][cmnpt]|^ñ.*[ß-ÿ]",
        "^$",
        "[A-ZÑ]+",
    ),
}
_LONE = frozenset("µ¸¹¶«¬ª¤¥£")  # signs that TCVN3 also uses for whole words (à, á, ạ, ả, ô, ơ, ê, Ô, Ơ, Ê)
_PROOF = 2


def _proof(word: str, font: str) -> int:
    """Weigh a word with 8-bit letters: 2 proves the font, 1 is half a proof, 0 may be right as it is."""
    _, sure, no_proof, abbreviation = _FONTS[font]
    if len(word) == 1 or _is_syllable(word):
        return 0
    if re.search(sure, word):
        return _PROOF
    return 0 if re.search(f"{no_proof}|^{abbreviation}$", word) else 1


def _decode(text: str, font: str) -> tuple[int, str, str]:
    """Return the weight of the proof that the text is in the font (0: it is not), the text decoded, font."""
    pattern, *_, abbreviation = _FONTS[font]
    words = set(re.findall(pattern, text))
    coded = {w for w in words if not w.isascii() and (w[1:] or w in _LONE or re.match("[À-ÖØ-öø-ÿ]", w))}
    decoded = {w: _from_vni(w) if font == "vni" else _from_tcvn3(w) for w in coded}
    weights = [_proof(w, font) for w in coded]
    others = set() if _PROOF in weights else {w for w in words if w.isascii() and not w.isupper()}
    if not all(re.fullmatch(abbreviation, w) or _is_syllable(decoded.get(w, w)) for w in coded | others):
        return 0, text, ""
    new = re.sub(pattern, lambda found: decoded.get(found[0], found[0]), text)
    in_capitals = any(len(w) > 1 and w.isupper() and _is_syllable(w) for w in new.split())
    return sum(weights), new.upper() if in_capitals and not re.search("[a-z]", text) else new, font


def _from_font(text: str) -> tuple[str, str]:
    """Return the text in Unicode and the font it was in ("" when none is proven)."""
    if re.search("[^\x00-\xff\u2010-\u206f\u20ab\ufeff]", text):
        return text, ""
    second, best = sorted(_decode(text, font) for font in _FONTS)
    return best[1:] if best[0] - second[0] >= _PROOF else (text, "")


def _from_misread_utf8(text: str) -> str:
    """Undo UTF-8 read as CP1252 or Latin-1, if every byte fits and Vietnamese comes out."""
    try:
        new = b"".join(c.encode("latin-1" if c <= "\xff" else "cp1252") for c in text).decode()
    except UnicodeError:
        return text
    letters = set(re.sub("[\x00-\xbf×\u0300-\u0323\u2010-\u206f₫\ufeff]", "", normalize("NFC", new)))
    return new if new != text and letters and letters <= _LETTERS else text


def _with_own_d(text: str) -> str:
    """Replace look-alikes of Đ at the start of a word, before a vowel or r, and in abbreviations."""

    def repair(found: re.Match[str]) -> str:
        word = found[0]
        if _LOOKALIKES.keys().isdisjoint(map(ord, word)):
            return word
        begins = word[0] in "ÐƉðɖ" and _split_tones(word[1:2].lower())[0] in {*"aăâeêioôơuưyr"}
        abbreviates = word.isupper() and (len(word) < 3 or not _is_syllable(_from_tcvn3(word)))  # not KÐM
        return word.translate(_LOOKALIKES) if begins or abbreviates else word

    return re.sub(r"[^\W\d_]+", repair, text)


_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_BLANKS = " \t\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
_BLANK_TEXT = re.compile(f"[{_UNSEEN}{_BLANKS}{_BREAKS}]*")
_ODD = re.compile(f"[{_UNSEEN}{_BLANKS[1:]}{_BREAKS}Ɖɖ¡-¿Ä-ÇËÎ-ÑÖ-ØÛÜÞßä-çëî-ñö-øûüþÿ]")
_ONLY_UNICODE = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9]")


class CleanText(NamedTuple):
    """A text fit to keep, and the codes of what was done to it, in this order.

    khoang_trang: blanks or unseen characters; nfd: was not composed; tcvn3, vni: was in an 8-bit font;
    utf8_hong: UTF-8 read as Latin-1; chu_giong: a letter that only looks like Đ or đ.
    """

    text: str
    changes: tuple[str, ...]


_CODES = ("khoang_trang", "nfd", "tcvn3", "vni", "utf8_hong", "chu_giong")


def clean(raw: str, single_line: bool = True) -> CleanText:
    """Repair a cell's text. Idempotent. `single_line` makes a blank of a line break; else breaks stay."""
    if raw.isascii():
        fine = raw.isprintable()
    else:
        fine = not _ODD.search(raw) and bool(_ONLY_UNICODE.search(raw)) and is_normalized("NFC", raw)
    fine = fine and "  " not in raw and raw == raw.strip(" ")
    return CleanText(raw, ()) if fine else _clean(raw, single_line)


def _repairs(text: str, single_line: bool) -> Iterator[tuple[str, str]]:
    """Yield each repair's code and the text after it; blanks last: a soft hyphen is a letter of TCVN3."""
    yield "nfd", (text := normalize("NFC", text))
    yield "utf8_hong", (text := _from_misread_utf8(text))
    text, font = _from_font(text)
    yield font, text
    yield "chu_giong", (text := _with_own_d(text))
    text = re.sub(f"[{_BLANKS}]+", " ", re.sub(f"[{_UNSEEN}]+", "", text))
    text = re.sub(f" ?(?:\r\n|[{_BREAKS}]) ?", "\n", text).strip(" \n")
    yield "khoang_trang", re.sub("\n+", " ", text) if single_line else text


@lru_cache(maxsize=8192)
def _clean(raw: str, single_line: bool) -> CleanText:
    done, text, before = set[str](), raw, None
    while text != before:  # one repair may uncover another; none brings back what another removed
        before = text
        for code, new in _repairs(before, single_line):
            done |= {code} if new != text else set()
            text = new
    return CleanText(text, tuple(code for code in _CODES if code in done))


def is_blank(raw: str) -> bool:
    """Say whether nothing would be seen: only white space, of any width including none."""
    return _BLANK_TEXT.fullmatch(raw) is not None


def _is_lost(before: str, after: str) -> bool:
    """Say whether a question mark between these letters stands for a letter (either side may be empty)."""
    if not after:  # «Th?» for «Thị»
        return re.fullmatch("[TKPNCGtkpncg][hg]|[Tt]r|[Nn]gh", before) is not None
    if not before:  # «?inh» for «Đinh»
        return after.islower()
    if not _is_syllable(after) or (len(after) == 1 and after.islower()):
        return True
    return not _is_syllable(before) and not set(normalize("NFD", before.lower())) & set("aeiouy")


def undecodable(text: str) -> bool:
    """Say whether letters are lost for good: U+FFFD, a question mark within a word, UTF-8 misread by half.

    `không?Có` (a blank left out) and a web address with a query are not that.
    """
    if "\ufffd" in text or re.search("Ä[\x90‘]|Æ[°¡]|á[º»][a-z\x80-\xbf\u0152-\u02dc€™]", text):
        return True
    tokens = (t for t in text.split() if "?" in t and "=" not in t and "://" not in t)
    gaps = re.findall(r"(?<![\w?])([^\W\d_]*)\?+([^\W\d_]*)", " ".join(tokens)) if "?" in text else []
    return any(_is_lost(before, after) for before, after in gaps)


@lru_cache(maxsize=65536)
def match_key(text: str) -> str:
    """Return the text as compared: clean, on one line, in small letters, tones placed as in hoà, quý.

    `y` and `i` stay apart (Lý and Lí are two spellings, and may be two people).
    """
    marks = normalize("NFD", clean(text).text.translate(_LOOKALIKES).casefold())
    moved = re.sub(f"(o(?=.[ae])|u(?=.y))([{_TONE_MARKS}])(.)", r"\1\3\2", marks)
    return normalize("NFC", moved)


@lru_cache(maxsize=65536)
def plain_key(text: str) -> str:
    """Return only the letters a-z and digits, without marks and blanks; for headings and sheet names."""
    small = clean(text).text.translate(_LOOKALIKES).casefold().replace("đ", "d")
    return re.sub("[^a-z0-9]", "", normalize("NFKD", small))


SortKey = tuple[str, str, str]
_PLACE = {letter: chr(0x100 + place) for place, letter in enumerate(_ALPHABET)}  # after digits and signs


@lru_cache(maxsize=65536)
def _syllable_sort_key(syllable: str) -> SortKey:
    composed = normalize("NFC", syllable).translate(_LOOKALIKES)
    base = _split_tones(composed.lower())[0]
    letters = "".join(_PLACE.get(c) or _PLACE.get(normalize("NFD", c)[0], c) for c in base)
    tones = "".join(str(max(_split_tones(part)[1], default=0)) for part in composed.split("-"))
    return letters, tones, "".join("1" if c.isupper() else "0" for c in composed)


def sort_key(text: str) -> SortKey:
    """Return the key of Vietnamese order: first all letters (a ă â b c d đ…), then tones, then capitals.

    A tone counts for its syllable (ngang huyền hỏi ngã sắc nặng), wherever it stands: Hòa and Hoà are equal.
    """
    letters, tones, cases = zip(*map(_syllable_sort_key, text.split() or [""]), strict=True)
    return " ".join(letters), "".join(tones), " ".join(cases)


def name_sort_key(full_name: str) -> tuple[SortKey, SortKey, SortKey]:
    """Return the key of a list of people: by tên (the last word), then họ, then đệm; a lone word is a tên."""
    *others, given = full_name.split() or [""]
    return sort_key(given), sort_key("".join(others[:1])), sort_key(" ".join(others[1:]))


def decimal(value: float, digits: int | None = None) -> str:
    """Write a number as in Vietnam (1.234,5), halves away from zero; `digits` None: as many as needed.

    Not a number and infinity give an empty text.
    """
    from decimal import ROUND_HALF_UP, Decimal  # noqa: PLC0415 (2 ms that most callers never need)

    exact = Decimal(value if isinstance(value, int) else repr(float(value)))
    if not exact.is_finite():
        return ""
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    written = f"{exact if exact else abs(exact):,f}"
    if digits is None and "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.translate(str.maketrans(",.", ".,"))


def date_text(d: datetime.date) -> str:
    """Write 05/01/2026."""
    return f"{d.day:02d}/{d.month:02d}/{d.year:04d}"


def long_date(d: datetime.date, place: str) -> str:
    """Write a document's date line (NĐ 30/2020/NĐ-CP): a 0 before days under 10 and before months 1 and 2."""
    month = f"{d.month:02d}" if d.month <= 2 else str(d.month)
    return f"{place}, ngày {d.day:02d} tháng {month} năm {d.year}".removeprefix(", ")


_NUMBER = r".*\d.*|i+|iv|v|vii+|ix|x"  # never a slip of the pen for another (vi and xi are words more often)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in map(plain_key, text.split()) if word)


@lru_cache(maxsize=4096)
def _short_forms(choice: str) -> tuple[str, str]:
    """Return patterns of keys with words cut to initials (HTXSNV, HT xuất sắc NV): whole, and broken off."""
    forms = [
        f"(?:{w})?" if w in ("cua", "va") else w if re.fullmatch(_NUMBER, w) else f"{w[0]}(?:{w[1:]})?"
        for w in _words(choice)
    ]
    return "".join(forms), "".join(forms[:2]) + "(?:".join(["", *forms[2:]]) + ")?" * len(forms[2:])


def _slips(words: tuple[str, ...], other: tuple[str, ...]) -> int | None:
    """Count the slips of the pen between two texts; None when they differ by more, or in a number."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (only wrong cells need it)

    numbers, others = ([w for w in text if re.fullmatch(_NUMBER, w)] for text in (words, other))
    length, total = len("".join(words)), OSA.distance("".join(words), "".join(other))
    if numbers != others or length < 4:
        return None
    if len(words) != len(other):  # a blank too many or too few
        return total if total <= (length >= 6) + (length >= 14) else None
    sizes = ((OSA.distance(a, b), max(len(a), len(b))) for a, b in zip(words, other, strict=True))
    near = total <= max(1, length // 6) and all(slips <= (size >= 2) + (size >= 6) for slips, size in sizes)
    return total if near else None


def suggest(value: str, choices: Sequence[str]) -> str | None:
    """Return the choice meant by one without marks, cut to initials, broken off, mistyped; None in doubt."""
    key = plain_key(value)
    same = [c for c in choices if plain_key(c) == key]
    found = [c for c in same if match_key(c) == match_key(value)] or same
    for form, least in ((0, 2), (1, 4)):  # the least letters of an abbreviation
        if not found and len(key) >= least:
            found = [c for c in choices if re.fullmatch(_short_forms(c)[form], key)]
    if not found and key:
        counted = [(slips, c) for c in choices if (slips := _slips(_words(value), _words(c))) is not None]
        found = [c for slips, c in counted if slips == min(counted)[0]]
    return found[0] if key and len(set(found)) == 1 else None
