"""What the council must decide: one matter a decision, with two or three options and what each would do, computed.

A matter is put together from what checks, quotas, ranking and rotation found; nothing is judged anew here. Modules:
`matters_ranks` (who is ranked, lines, order), `matters_quotas`, `matters_lists` (nominations, heads, turns),
`matters_twice` (one person proposed by two units).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from pipeline.results import Results
from pipeline.workbook.nominated import Nomination
from pipeline.workbook.table import Anchor
from schemas.rules import VERIFIED

#: Choices of the council that name an option.
CHOICE_OF = ("Phương án A", "Phương án B", "Phương án C")
#: Facts of a matter's row: its kind, the words of each choice, the keys of nominations that each choice refuses.
KIND, OPTIONS, REFUSED = "viec", "phuong_an", "tu_choi"
#: Names of units or people written out in one cell; then how many more.
MOST_NAMES = 6


class Kind(Enum):
    """Kinds of decisions in the order of gravity: what they are called."""

    GATE = "Điều kiện loại trừ"
    NOT_SENT = "Chưa có hồ sơ dùng được"
    QUOTA = "Hạn mức vượt"
    LINE = "Đồng hạng, sát nhau ở vạch"
    APPRAISED = "Điểm thẩm định khác thường"
    ROTATION = "Dấu hiệu luân phiên"
    HEAD = "Người đứng đầu"
    EXCEPTION = "Ngoại lệ"
    TWICE = "Hai đơn vị cùng đề nghị"
    EXPLAIN = "Giải trình"
    STOPPED = "Còn vướng CHẶN"
    POINTS = "Điểm trừ chưa thống nhất"
    VOTES = "Ngang phiếu"
    LATE = "Nộp muộn"
    ORDER = "Thứ tự chưa chắc"


@dataclass(frozen=True, slots=True)
class Option:
    """One way to decide, and what it leads to."""

    words: str
    result: str
    refuses: tuple[Nomination, ...] = ()  #: nominations that this option keeps out of the lists


@dataclass(frozen=True, slots=True)
class Basis:
    """Rule on which a matter rests, and how sure its source is."""

    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One decision."""

    kind: Kind
    key: str  #: what it is about, stable from run to run: with `kind` it names the row
    unit: str  #: empty: the province or a block
    subject: str  #: whom or what it is about, for the linked cell
    link: Anchor | None
    content: str
    basis: Basis
    first: Option
    second: Option
    weight: float = 0  #: order inside the kind, the greatest first
    third: Option | None = None
    about: tuple[Nomination, ...] = ()  #: nominations on whose own rows the decision takes effect

    @property
    def options(self) -> dict[str, Option]:
        """Options by the choice that names them."""
        given = (self.first, self.second, self.third)
        return {choice: option for choice, option in zip(CHOICE_OF, given, strict=True) if option}


def listed(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """`P1, P2 và 3 nữa`."""
    found = list(dict.fromkeys(names))
    more = len(found) - most
    return ", ".join(found[:most]) + (f" và {more} nữa" if more > 0 else "")


#: Behind a status that stands for several sources.
_LEAST_SURE = " (mức thấp nhất trong các căn cứ)"


def basis_of(results: Results, codes: Iterable[str], variants: Iterable[str] = ()) -> Basis:
    """Sources of the rules in force; the least sure status stands for all, and says so where they differ."""
    rules = results.rules.rules
    known = [rules[code] for code in dict.fromkeys(codes) if code in rules]
    wanted = set(variants)
    words = [
        next((sentence for name, sentence in rule.variants.items() if name in wanted), None) or rule for rule in known
    ]
    sources = [f"{rule.code}: {word.source}" for rule, word in zip(known, words, strict=True)]
    doubtful = [word.source_status for word in words if word.source_status != VERIFIED]
    most = 3
    more = f"; và {len(sources) - most} quy tắc nữa" if len(sources) > most else ""
    status = doubtful[0] if doubtful else VERIFIED if words else ""
    mixed = len({word.source_status for word in words}) > 1
    return Basis("; ".join(sources[:most]) + more, status + (_LEAST_SURE if mixed else ""))


def ordered(matters: Iterable[Matter]) -> Sequence[Matter]:
    """By gravity of the kind, then by weight, then as they came."""
    kinds = list(Kind)
    return sorted(matters, key=lambda m: (kinds.index(m.kind), -m.weight))
