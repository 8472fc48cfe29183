"""What this edition has checked and what it has not: read from the register, so that it never claims more."""

from __future__ import annotations

from schemas.rules import register

#: Families that are told by their purpose instead of rule by rule: prefix of the codes → words.
_FAMILIES = (("V-", "biểu mẫu: đúng mẫu, đủ trang, cột, ô; kiểu dữ liệu, danh sách, mã, ngày; số liệu giữa các trang"),)
#: What a council also asks and no rule answers yet: prefix of the codes that would answer it → words.
#: An item is no longer said as soon as the register has a rule with this prefix.
NOT_CHECKED = (
    ("DK-", "điều kiện của từng danh hiệu"),
    ("CC-", "hạn mức, cơ cấu"),
    ("LP-", "bình xét luân phiên"),
    ("XH-", "xếp hạng"),
    ("HS-01", "hồ sơ đủ loại giấy tờ"),
    ("QT-01", "thành phần họp, tỷ lệ phiếu phải đạt"),
    ("ND-", "người đứng đầu so với đơn vị"),
    ("HT-", "dấu hiệu hình thức"),
)
#: How many of them stand under the title of a list.
_MOST_IN_TITLE = 4


def checked() -> list[str]:
    """Say what the rules of this edition look at: a family in words, any other rule by its title."""
    found = [f"{words} ({prefix.rstrip('-')})" for prefix, words in _FAMILIES if _any_rule(prefix)]
    told = tuple(prefix for prefix, _ in _FAMILIES)
    rules = [rule for code, rule in register().items() if not code.startswith(told)]
    return found + [f"{rule.title[:1].lower()}{rule.title[1:]} ({rule.code})" for rule in rules]


def not_checked() -> list[str]:
    """Say what no rule of this edition looks at."""
    return [words for prefix, words in NOT_CHECKED if not _any_rule(prefix)]


def warning() -> str:
    """One line for the lists of nominations; empty when nothing is left out."""
    left_out = not_checked()[:_MOST_IN_TITLE]
    return f"{_sentence(', '.join(left_out))} CHƯA được xét ở bản này." if left_out else ""


def _any_rule(prefix: str) -> bool:
    return any(code.startswith(prefix) for code in register())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
