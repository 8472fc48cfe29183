"""What this edition has checked and what it has not: read from the register, so that it never claims more."""

from __future__ import annotations

from schemas.rules import register

#: Families of checks, told by what they ask: prefix of the codes → words.
FAMILIES = (
    ("V-", "biểu mẫu, số liệu giữa các trang và giữa các đơn vị, căn cứ pháp lý"),
    ("DK-", "điều kiện của từng danh hiệu"),
    ("HS-", "hồ sơ đủ loại giấy tờ, đúng thứ tự"),
    ("QT-", "họp, phiếu, tỷ lệ phiếu phải đạt"),
    ("HM-", "hạn mức"),
    ("CC-", "cơ cấu"),
    ("ND-", "người đứng đầu so với đơn vị"),
    ("HT-", "dấu hiệu hình thức"),
    ("PT-", "phong trào"),
    ("DH-", "điển hình"),
    ("SK-", "sáng kiến"),
    ("DP-", "đột phá, việc mới, việc khó"),
    ("PH-", "phối hợp, tuyên truyền"),
    ("KT-", "kịp thời"),
    ("XL-", "xếp loại liên thông"),
    ("LP-", "bình xét luân phiên"),
    ("XH-", "xếp hạng"),
)
#: How many of them stand under the title of a list.
_MOST_IN_TITLE = 4


def checked() -> list[str]:
    """Say what the rules of this edition look at: each family in words with its number of rules."""
    return [f"{words} ({prefix}…: {count})" for prefix, words in FAMILIES if (count := _rules(prefix))]


def not_checked() -> list[str]:
    """Say what no rule of this edition looks at."""
    return [words for prefix, words in FAMILIES if not _rules(prefix)]


def warning() -> str:
    """One line for the lists of nominations; empty when nothing is left out."""
    left_out = not_checked()[:_MOST_IN_TITLE]
    return f"{_sentence(', '.join(left_out))} CHƯA được xét ở bản này." if left_out else ""


def _rules(prefix: str) -> int:
    return sum(code.startswith(prefix) for code in register())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
