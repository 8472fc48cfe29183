"""The dictionary of rotation rules, the grid of merit sensitivities, and what a committee is like by default."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: How closely a committee may follow recorded merit: utilities are this times the standardised merit.
BETAS = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0])
#: How common each is among units, until a province of 200 series says better.
COMMON = np.array([0.03, 0.10, 0.25, 0.30, 0.20, 0.09, 0.03])


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of taking turns, from the second year with a choice on."""

    name: str
    kind: str  #: how the likelihood reads it
    amount: float  #: strength of a soft rule; else share of years in which the honest choice is made
    words: str


RULES = (
    Rule("soft3", "soft", 3.0, "người chờ lâu được ưu tiên phần nào"),
    Rule("soft8", "soft", 8.0, "người chờ lâu được ưu tiên rõ"),
    Rule("queue.1", "queue", 0.1, "lần lượt theo hàng"),
    Rule("queue.35", "queue", 0.35, "lần lượt theo hàng, có năm ngoại lệ"),
    Rule("cycle.1", "cycle", 0.1, "hết lượt mọi người mới quay lại"),
    Rule("cycle.35", "cycle", 0.35, "hết lượt mọi người mới quay lại, có năm ngoại lệ"),
    Rule("avoid", "avoid", 0.1, "người vừa được năm trước đứng ngoài"),
    Rule("clique.1", "clique", 0.1, "xoay vòng trong một nhóm"),
    Rule("clique.3", "clique", 0.3, "xoay vòng trong một nhóm, có năm ngoại lệ"),
    Rule("alter", "alter", 2.0, "cách năm lại được"),
    Rule("group.1", "group", 0.1, "các tổ thay nhau"),
)
GROUP = next(number for number, rule in enumerate(RULES) if rule.kind == "group")
#: Weight of a circle of no more people than places: the same few winning always is lawful, and no turn at all.
SMALL_CLIQUE = 1e-12
