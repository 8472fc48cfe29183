"""One tally of the council: what balances, what it needs, what it lacks; as values and as the formulas for them.

Formulas use functions of Excel 2010 only. Slack against rounding is that of pipeline/evidence/voters.py.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.evidence.voters import MOST_ROUNDING, SHARE_ROUNDING

#: Cells that people type, in their order.
COUNTS = ("tong", "phat", "thu", "hop_le", "khong_hop_le", "dong_y", "khong_dong_y", "khong_y_kien")
BALLOTS = COUNTS[1:]
PASSED, BALANCED, INCOMPLETE = "● Đạt", "● Cân", "? Chưa gõ đủ số"
#: What is said of a tally that does not balance, in the order in which it is looked at.
TOO_MANY, RETURNED, SORTED, COUNTED = (
    "■ Phát ra nhiều hơn số thành viên",
    "■ Thu về nhiều hơn phát ra",
    "■ Thu về khác hợp lệ + không hợp lệ",
    "■ Hợp lệ khác tổng các ý kiến",
)


def missing_text(votes: float) -> str:
    """`■ Còn thiếu 2 phiếu`."""
    return f"■ Còn thiếu {votes:.0f} phiếu"


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of one tally; None where nothing was typed."""

    counts: Mapping[str, float | None]
    share: float | None  #: needed, 0 to 1

    @classmethod
    def of(cls, counts: Mapping[str, Any], share: float | None) -> Tally:
        """Take numbers and leave out what is none."""
        found = {name: float(v) if isinstance(v := counts.get(name), int | float) else None for name in COUNTS}
        return cls(found, share)

    @property
    def begun(self) -> bool:
        """Whether any ballot was counted."""
        return any(self.counts[name] is not None for name in BALLOTS)

    @property
    def needed(self) -> float | None:
        """Least votes that reach the share of all members."""
        members = self.counts["tong"]
        if members is None or self.share is None or members <= 0:
            return None
        return float(max(math.ceil(members * self.share - min(members * SHARE_ROUNDING, MOST_ROUNDING)), 0))

    @property
    def part(self) -> float | None:
        """Votes for, of all members."""
        members, votes = self.counts["tong"], self.counts["dong_y"]
        return votes / members if members and votes is not None else None

    @property
    def missing(self) -> float | None:
        """Votes that it lacks, 0 when it has passed."""
        votes, needed = self.counts["dong_y"], self.needed
        return None if votes is None or needed is None else max(needed - votes, 0.0)

    @property
    def result(self) -> str:
        """What stands under «Kết quả»."""
        return "" if self.missing is None else missing_text(self.missing) if self.missing else PASSED

    @property
    def balance(self) -> str:
        """What stands under «Phiếu cân»."""
        c = {name: value for name, value in self.counts.items() if value is not None}
        if not self.begun:
            return ""
        if len(c) < len(COUNTS):
            return INCOMPLETE
        if c["phat"] > c["tong"]:
            return TOO_MANY
        if c["thu"] > c["phat"]:
            return RETURNED
        if c["thu"] != c["hop_le"] + c["khong_hop_le"]:
            return SORTED
        return BALANCED if c["hop_le"] == c["dong_y"] + c["khong_dong_y"] + c["khong_y_kien"] else COUNTED

    def cells(self, at: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
        """Formula and value of the computed cells, with the addresses of the row's cells."""
        a = dict(at)
        slack = f"MIN({a['tong']}*{SHARE_ROUNDING:f},{MOST_ROUNDING:f})"
        known = f"AND(ISNUMBER({a['tong']}),ISNUMBER({a['nguong']}))"
        ballots = f"{a['phat']}:{a['khong_y_kien']}"
        return {
            "can": (f'=IF({known},MAX(ROUNDUP({a["tong"]}*{a["nguong"]}-{slack},0),0),"")', self.needed),
            "ty_le": (
                f'=IF(AND(ISNUMBER({a["dong_y"]}),N({a["tong"]})>0),{a["dong_y"]}/{a["tong"]},"")', self.part,
            ),
            "ket_qua": (
                f'=IF(AND(ISNUMBER({a["dong_y"]}),ISNUMBER({a["can"]})),IF({a["dong_y"]}>={a["can"]},"{PASSED}",'
                f'"■ Còn thiếu "&({a["can"]}-{a["dong_y"]})&" phiếu"),"")',
                self.result,
            ),
            "can_doi": (
                f'=IF(COUNT({ballots})=0,"",IF(COUNT({a["tong"]}:{a["khong_y_kien"]})<{len(COUNTS)},"{INCOMPLETE}",'
                f'IF({a["phat"]}>{a["tong"]},"{TOO_MANY}",IF({a["thu"]}>{a["phat"]},"{RETURNED}",'
                f'IF({a["thu"]}<>{a["hop_le"]}+{a["khong_hop_le"]},"{SORTED}",'
                f'IF({a["hop_le"]}={a["dong_y"]}+{a["khong_dong_y"]}+{a["khong_y_kien"]},"{BALANCED}","{COUNTED}"))))))',
                self.balance,
            ),
        }  # fmt: skip
