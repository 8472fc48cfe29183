"""The five principles of commendation (article, solution 4), and which check speaks of which.

Data over code: each family of checks is mapped as a whole, a code of its own where it differs. `None` is declared
too: such a check tells of something else (how a file is made, how movements are run) and says where that is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Principle(Enum):
    """The principles in the order of the article: words, what is looked at."""

    ACCURATE = (
        "Chính xác",
        "số liệu, họ tên, ngày, số văn bản khớp nhau; đúng tiêu chuẩn của danh hiệu; điểm tự chấm khớp số liệu",
    )
    DEMOCRATIC = ("Dân chủ", "họp đủ người, bỏ phiếu kín, phiếu đạt mức, có người khác được xét")
    OPEN = ("Công khai", "niêm yết đủ ngày, ý kiến được giải quyết, đăng tải khi phải đăng")
    FAIR = (
        "Công bằng",
        "trực tiếp và lãnh đạo, nam và nữ, vùng khó khăn, hạn mức, người đứng đầu tương xứng tập thể, không theo lượt",
    )
    TIMELY = ("Kịp thời", "nộp đúng hạn, khen kịp việc, trao kịp quyết định, việc của năm làm trong năm")

    @property
    def words(self) -> str:
        """Name as printed."""
        return self.value[0]

    @property
    def asks(self) -> str:
        """What the checks of the principle look at."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Checks of one family, or one check, and the principle that they speak of."""

    code: str  #: whole code, or a family ending with `-`
    principle: Principle | None
    elsewhere: str = ""  #: for None: what it is about and the sheet where it is read


_FILE = "cách làm tệp, cách gửi: xem PHAT_HIEN, NHAT_KY"
_FORMALISM = "dấu hiệu hình thức: xem HINH_THUC"
_MOVEMENTS = "phong trào: xem PHONG_TRAO"
MAPPINGS: tuple[Mapping, ...] = (
    Mapping("V-", Principle.ACCURATE),
    *(
        Mapping(code, None, _FILE)
        for code in ("V-10", "V-11", "V-12", "V-13", "V-14", "V-16", "V-17", "V-19", "V-21", "V-MAU")
    ),
    Mapping("V-18", Principle.TIMELY),
    Mapping("V-20", Principle.TIMELY),
    Mapping("DK-", Principle.ACCURATE),
    Mapping("DK-13", Principle.FAIR),
    Mapping("DK-16", Principle.OPEN),
    Mapping("HS-", Principle.ACCURATE),
    Mapping("HS-05", Principle.TIMELY),
    Mapping("HS-06", Principle.DEMOCRATIC),
    Mapping("QT-", Principle.DEMOCRATIC),
    Mapping("QT-03", Principle.ACCURATE),
    Mapping("QT-06", Principle.OPEN),
    Mapping("HM-", Principle.FAIR),
    Mapping("CC-", Principle.FAIR),
    Mapping("ND-", Principle.FAIR),
    Mapping("ND-02", Principle.DEMOCRATIC),
    Mapping("LP-", Principle.FAIR),
    Mapping("LP-09", Principle.DEMOCRATIC),
    Mapping("XL-", Principle.FAIR),
    Mapping("KT-", Principle.TIMELY),
    Mapping("DP-", None, "đột phá, việc mới, việc khó: xem DOT_PHA"),
    Mapping("DP-02", Principle.TIMELY),
    Mapping("SK-", None, "sáng kiến: xem DIEN_HINH_SK"),
    Mapping("SK-03", Principle.TIMELY),
    Mapping("SK-04", Principle.ACCURATE),
    Mapping("HT-", None, _FORMALISM),
    Mapping("HT-06", Principle.ACCURATE),
    Mapping("HT-08", Principle.DEMOCRATIC),
    Mapping("HT-09", Principle.DEMOCRATIC),
    Mapping("PT-", None, _MOVEMENTS),
    Mapping("DH-", None, "điển hình: xem DIEN_HINH_SK"),
    Mapping("PH-", None, "phối hợp, tuyên truyền: xem PHOI_HOP_TT"),
    Mapping("XH-", None, "độ chắc của hạng: xem XEP_HANG, DO_VUNG_HANG"),
    Mapping("KL-", None, "đọc lại kết luận sau cuộc họp (phat-hien-quyet-dinh.csv): xem HOP_HOI_DONG"),
    Mapping("XH-02", Principle.ACCURATE),
    Mapping("XH-03", Principle.ACCURATE),
)
_BY_CODE = {mapping.code: mapping for mapping in MAPPINGS}


def mapping_of(code: str) -> Mapping:
    """The record that a check falls under: its own, else that of its family.

    Raises:
        KeyError: the family is not mapped.
    """
    return _BY_CODE[code] if code in _BY_CODE else _BY_CODE[f"{code.partition('-')[0]}-"]


def principle_of(code: str) -> Principle | None:
    """The principle that a check speaks of; None: it speaks of something else."""
    return mapping_of(code).principle
