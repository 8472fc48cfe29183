"""Which texts applied to which award year, and the documents that a letter may cite.

The rule set follows from the last day of the award year (reference: the table of texts in force). Titles and
articles stand in the records of the register; here are only the spans of time.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The texts that judge award years ending between two days."""

    code: str
    valid_from: dt.date
    valid_to: dt.date | None  #: last day; None: still in force
    texts: str


RULE_SETS = (
    RuleSet("RS-2019", dt.date(2019, 6, 28), dt.date(2023, 12, 31), "NĐ 91/2017; TT 01/2019/TT-VKSTC; TT 01/2020"),
    RuleSet("RS-2024a", dt.date(2024, 1, 1), dt.date(2024, 9, 30), "Luật TĐKT 2022; NĐ 98/2023; TT 01/2019/TT-VKSTC"),
    RuleSet("RS-2024b", dt.date(2024, 10, 1), dt.date(2025, 6, 30), "Luật TĐKT 2022; NĐ 98/2023; TT 02/2024/TT-VKSTC"),
    RuleSet("RS-2025", dt.date(2025, 7, 1), None, "Luật TĐKT 2022; NĐ 152/2025; TT 02/2024/TT-VKSTC"),
)


def rule_set_on(day: dt.date) -> RuleSet | None:
    """Return the rule set of award years that end on this day; None before the first."""
    return next((s for s in RULE_SETS if s.valid_from <= day and (s.valid_to is None or day <= s.valid_to)), None)


@dataclass(frozen=True, slots=True)
class Document:
    """A text of law as letters cite it."""

    name: str
    pattern: str  #: regular expression over the text without marks, in small letters
    valid_from: dt.date | None  #: None: the day was not seen in any source
    valid_to: dt.date | None
    successor: str  #: the text that replaced it on the day after `valid_to`; it may have been replaced since
    verified: bool  #: whether the end of validity was read in a text that says it

    def cited_in(self, plain: str) -> bool:
        """Whether a text (letters a-z, digits, `/` and `-`, blanks) cites it."""
        return re.search(self.pattern, plain) is not None


#: Only documents whose dates were seen; a citation of anything else is not judged.
DOCUMENTS = (
    Document("Luật Thi đua, khen thưởng 2003", r"luat[^;]*(tdkt|thi dua)[^;]*2003|15/2003/qh", None,
             dt.date(2023, 12, 31), "Luật TĐKT 06/2022/QH15", True),
    Document("NĐ 91/2017/NĐ-CP", r"(?<!\d)91/2017(?!/(?!nd))", dt.date(2017, 10, 1), dt.date(2023, 12, 31),
             "NĐ 98/2023/NĐ-CP", True),
    Document("TT 01/2019/TT-VKSTC", r"(?<!\d)0?1/2019/tt-vks", dt.date(2019, 6, 28), dt.date(2024, 9, 30),
             "TT 02/2024/TT-VKSTC", True),
    Document("TT 01/2020/TT-VKSTC", r"(?<!\d)0?1/2020/tt-vks", dt.date(2020, 12, 15), dt.date(2024, 9, 30),
             "TT 02/2024/TT-VKSTC", False),
    Document("NĐ 98/2023/NĐ-CP", r"(?<!\d)98/2023(?!/(?!nd))", dt.date(2024, 1, 1), dt.date(2025, 6, 30),
             "NĐ 152/2025/NĐ-CP", False),
    Document("TT 01/2024/TT-BNV", r"(?<!\d)0?1/2024/tt-bnv", None, dt.date(2025, 8, 4), "TT 15/2025/TT-BNV", False),
    Document("Luật TĐKT 06/2022/QH15", r"luat[^;]*(tdkt|thi dua)[^;]*2022|06/2022/qh", dt.date(2024, 1, 1), None, "",
             True),
    Document("TT 02/2024/TT-VKSTC", r"(?<!\d)0?2/2024/tt-vks", dt.date(2024, 10, 1), None, "", True),
    Document("NĐ 152/2025/NĐ-CP", r"(?<!\d)152/2025(?!/(?!nd))", dt.date(2025, 7, 1), None, "", False),
    Document("TT 15/2025/TT-BNV", r"(?<!\d)15/2025/tt-bnv", dt.date(2025, 8, 5), None, "", False),
)  # fmt: skip
