"""QT-03: the arithmetic of each ballot record."""

from __future__ import annotations

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from schemas.sheets import UNIT_TEMPLATE

#: variant → (field at which it is said, smaller or equal side, other side); sums on both sides.
BALANCES = {
    "issued": ("phieu_thu", ("phieu_thu",), ("phieu_phat",)),
    "returned": ("phieu_thu", ("phieu_thu",), ("phieu_hop_le", "phieu_khong_hop_le")),
    "valid": ("phieu_hop_le", ("phieu_hop_le",), ("dong_y", "khong_dong_y", "khong_y_kien")),
}
_WORDS = {
    "phieu_thu": "thu",
    "phieu_phat": "phat",
    "phieu_hop_le": "hop_le",
    "phieu_khong_hop_le": "khong_hop_le",
    "dong_y": "dong_y",
    "khong_dong_y": "khong_dong_y",
    "khong_y_kien": "khong_y_kien",
}


def balance(case: Evidence) -> Checked:
    """Issued ≥ returned = valid + invalid, valid = for + against + abstained, on every row of PHIEU."""
    ledger = Ledger(case, "QT-03", "PHIEU")
    ballots = ledger.look(case.frame("PHIEU"))
    for variant, (at, left, right) in BALANCES.items():
        fields = list(dict.fromkeys((*left, *right)))
        known = ballots[fields].notna().all(axis=1)
        one, other = ballots[list(left)].sum(axis=1), ballots[list(right)].sum(axis=1)
        wrong = known & ((one > other) if variant == "issued" else (one != other))
        numbers = {_WORDS[name]: ballots[name] for name in fields}
        ledger.say(variant, ballots[wrong], at, tong=other, **numbers)
    # Each missing number is named once, whatever balances need it.
    for name in _WORDS:
        heading = UNIT_TEMPLATE.by_code["PHIEU"].by_name[name].heading
        ledger.unjudged(ballots[ballots[name].isna()], name, cot=heading)
    return ledger.close()


CHECKS = (Check("QT-03", balance),)
