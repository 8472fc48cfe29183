"""Invented people. The middle name of everybody is Giả, Mẫu, Thử or Ví, so that nobody is taken for real."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

MIDDLE_NAMES = ("Giả", "Mẫu", "Thử", "Ví")
_FAMILY = (
    "Lò",
    "Vàng",
    "Đào",
    "Giàng",
    "Sùng",
    "Lý",
    "Tẩn",
    "Chẻo",
    "Phàn",
    "Hoàng",
    "Nguyễn",
    "Trần",
    "Quàng",
    "Cà",
    "Tòng",
    "Lường",
    "Mào",
    "Thào",
    "Mùa",
    "Hù",
    "Pờ",
    "Khoàng",
    "Bùi",
    "Đỗ",
    "Phạm",
    "Vũ",
    "Lê",
    "Hà",
    "Cầm",
    "Ma",
    "Hạng",
    "Lù",
    "Vừ",
    "Chang",
)
_MEN = (
    "An",
    "Bình",
    "Chỉnh",
    "Dinh",
    "Đức",
    "Giang",
    "Hải",
    "Hùng",
    "Khánh",
    "Kiên",
    "Long",
    "Mạnh",
    "Nam",
    "Páo",
    "Phong",
    "Quân",
    "Sinh",
    "Sơn",
    "Thắng",
    "Tiến",
    "Tủa",
    "Vinh",
)
_WOMEN = (
    "Anh",
    "Chi",
    "Dung",
    "Hà",
    "Hạnh",
    "Hiền",
    "Hoa",
    "Hương",
    "Lan",
    "Liên",
    "Mai",
    "May",
    "Mỷ",
    "Nga",
    "Ngọc",
    "Oanh",
    "Phương",
    "Thảo",
    "Thu",
    "Trang",
    "Xuân",
    "Yến",
)
_WOMEN_SHARE = 0.42


@dataclass(slots=True)
class Person:
    """One invented official; `post`, `group` and `joined` follow the person to a new unit."""

    code: str
    name: str
    woman: bool
    born: dt.date
    recruited: dt.date
    joined: dt.date  #: day on which the person came to the present unit
    post: str
    rank: str  #: code of CHUC_DANH
    group: str  #: code of NHOM_DOI_TUONG
    team: str
    party: bool
    ability: float  #: lasting merit, standard normal

    @property
    def sex(self) -> str:
        """Code of GIOI_TINH."""
        return "NU" if self.woman else "NAM"


class Registry:
    """Hands out codes and names; no name comes twice until all combinations are used."""

    def __init__(self, seed: int) -> None:
        """Start at CC0001."""
        self._rng = random.Random(f"names|{seed}")
        self._next = 1
        self._decks: dict[bool, list[str]] = {True: [], False: []}

    def _name(self, woman: bool) -> str:
        deck = self._decks[woman]
        if not deck:
            given = _WOMEN if woman else _MEN
            deck.extend(f"{f} {m} {g}" for f in _FAMILY for m in MIDDLE_NAMES for g in given)
            self._rng.shuffle(deck)
        return deck.pop()

    def hire(self, rng: random.Random, day: dt.date, *, senior: bool = False) -> Person:
        """Make one person present on `day`; `senior` ones have served for at least twelve years."""
        woman = rng.random() < _WOMEN_SHARE and not (senior and rng.random() < 0.4)
        service = rng.randint(12, 26) if senior else rng.randint(1, 18)
        recruited = dt.date(day.year - service, rng.randint(1, 12), rng.randint(1, 28))
        born = dt.date(recruited.year - rng.randint(23, 28), rng.randint(1, 12), rng.randint(1, 28))
        joined = min(day, recruited + dt.timedelta(days=rng.randint(0, 200) * service // 2))
        code = f"CC{self._next:04d}"
        self._next += 1
        return Person(
            code,
            self._name(woman),
            woman,
            born,
            recruited,
            joined,
            "",
            "",
            "",
            "",
            senior or rng.random() < 0.75,
            rng.gauss(0, 1),
        )

    def recruit(self, rng: random.Random, day: dt.date) -> Person:
        """Make one person who enters service on `day`."""
        person = self.hire(rng, day)
        person.recruited = person.joined = day
        person.born = dt.date(day.year - rng.randint(23, 27), rng.randint(1, 12), rng.randint(1, 28))
        person.party = rng.random() < 0.3
        return person


_HEADS = {"VP": ("Chánh Văn phòng", "Phó Chánh Văn phòng"), "TT": ("Chánh Thanh tra", "Phó Chánh Thanh tra")}
_POSTS = {
    "KSVTC": "Kiểm sát viên",
    "KSVSC": "Kiểm sát viên",
    "KTV": "Kiểm tra viên",
    "CV": "Chuyên viên",
    "KT": "Kế toán",
    "HDLD": "Lái xe",
}


def head_posts(unit: str) -> tuple[str, str]:
    """Return the words for head and deputy in a unit."""
    if unit in _HEADS:
        return _HEADS[unit]
    return ("Trưởng phòng", "Phó Trưởng phòng") if unit.startswith("P") else ("Viện trưởng", "Phó Viện trưởng")


def give_post(person: Person, unit: str, place: int, size: int, rng: random.Random) -> None:
    """Put a person into the unit's order: 0 the head, then one or two deputies, then the others."""
    deputies = 1 if size < 9 else 2
    person.team = f"Tổ {place % 2 + 1}" if size >= 8 and place > deputies else ""
    if place <= deputies:
        person.post = head_posts(unit)[0 if place == 0 else 1]
        person.rank, person.group = "KSVTC", "LANH_DAO_DON_VI"
        return
    if not person.rank or person.group == "LANH_DAO_DON_VI":
        person.rank = rng.choices(("KSVTC", "KSVSC", "KTV", "CV", "KT", "HDLD"), (2, 5, 3, 2, 1, 1))[0]
    person.group = "NGUOI_LAO_DONG" if person.rank == "HDLD" else "TRUC_TIEP"
    person.post = _POSTS[person.rank]
