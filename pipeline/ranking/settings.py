"""What the province may set about the ranking: the parameters of the records XH-…, read once a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.rulebook import Rulebook


class Step(StrEnum):
    """Steps that part units with equal percentages; the better unit has more of it, except where said."""

    TRADE = "CHUYEN_MON"  # percentage of the points of the professional group
    DEDUCTIONS = "IT_DIEM_TRU"  # fewer points deducted
    BREAKTHROUGH = "DOT_PHA"  # a breakthrough reached, with evidence
    DIFFICULTY = "VUNG_KHO"  # more difficult area
    EVIDENCE = "MINH_CHUNG"  # greater share of points with evidence
    WOMEN = "TY_LE_NU"  # share of women at or above the least; off unless the province names it


class Band(StrEnum):
    """Groups by percentage, the best first."""

    EXCELLENT = "XUAT_SAC"
    GOOD = "TOT"
    COMPLETED = "HOAN_THANH"
    NOT_COMPLETED = "CHUA"


@dataclass(frozen=True, slots=True)
class Settings:
    """Parameters in force. Shares are between 0 and 1."""

    close: float  #: share of points below which neighbours are close
    steps: tuple[Step, ...]  #: tie-break chain in its order; names that are no step are left out
    trade_group: str  #: name of the professional group in BANG_DIEM
    difficulty_column: bool  #: whether the parallel rank with priority is shown
    communes: bool  #: difficulty from the share of communes instead of the level set by the province
    hardest: float  #: level of difficulty that counts as 1
    priority: float  #: share of the full points added for difficulty 1 (parallel rank only)
    most_priority: float  #: its cap, as a share of the full points
    women: float  #: least share of women for the step TY_LE_NU
    undecided_ranked: bool  #: whether a unit with a gate not yet decided stands in the official ranks
    bands: tuple[tuple[Band, float], ...]  #: band and least share of points, the best first; the last begins at −∞
    near: float  #: points from a threshold
    top_share: float  #: greatest share of a block in the top band
    most_bonus: float  #: points
    not_occurred: float  #: share of the full points beyond which a rank is conditional
    unproved: float  #: share of points without evidence beyond which XH-03 speaks
    mismatch: float  #: points between self-score and computed beyond which XH-02 speaks
    rank_change: float  #: places by which a rank must move for XH-06
    few: float  #: fewest ranked units of a block for XH-06
    swing: float  #: weights swing by this share up or down
    draws: int
    seed: int
    above_claim: float  #: share of a criterion's points by which XH-09 lets an appraised score exceed the self-score
    far_from_data: float  #: the same for the distance from the computed score, either way
    unsure: float  #: a pair is to be discussed where the lower unit overtakes in at least this share of the draws


def settings_of(rules: Rulebook) -> Settings:
    """Read the parameters in force."""

    def number(code: str, name: str) -> float:
        return rules.number(f"XH-{code}", name)

    uses = rules.codes("XH-04", "dung_muc_kho")
    chain = [Step(code) for code in dict.fromkeys(rules.codes("XH-04", "thu_tu_ngang")) if code in list(Step)]
    return Settings(
        close=number("04", "sat_nhau"),
        steps=tuple(step for step in chain if step is not Step.DIFFICULTY or "PHAN_DINH" in uses),
        trade_group=rules.word("XH-04", "nhom_chuyen_mon"),
        difficulty_column="COT_RIENG" in uses,
        communes=rules.word("XH-04", "nguon_muc_kho") == "XA",
        hardest=number("04", "muc_kho_cao_nhat"),
        priority=number("04", "he_so_kho"),
        most_priority=number("04", "tran_kho"),
        women=number("04", "nu_toi_thieu"),
        undecided_ranked=rules.word("XH-04", "cho_ket_luan") == "TRONG_HANG",
        bands=(
            (Band.EXCELLENT, number("05", "xuat_sac")),
            (Band.GOOD, number("05", "tot")),
            (Band.COMPLETED, number("05", "hoan_thanh")),
            (Band.NOT_COMPLETED, float("-inf")),
        ),
        near=number("05", "sat_nguong"),
        top_share=number("05", "tran_xuat_sac"),
        most_bonus=number("05", "tran_thuong"),
        not_occurred=number("07", "phan"),
        unproved=number("03", "phan"),
        mismatch=number("02", "lech"),
        rank_change=number("06", "doi_hang"),
        few=number("06", "it_don_vi"),
        swing=number("06", "bien_do"),
        draws=max(1, int(number("06", "so_lan"))),
        seed=int(number("06", "hat_giong")),
        above_claim=number("09", "hon_tu_cham"),
        far_from_data=number("09", "xa_so_lieu"),
        unsure=number("06", "can_thao_luan"),
    )
