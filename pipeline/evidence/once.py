"""Tables that several checks and sheets ask for, made once a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Concatenate, ParamSpec

import pandas as pd

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

P = ParamSpec("P")


def once(
    make: Callable[Concatenate[Evidence, P], pd.DataFrame],
) -> Callable[Concatenate[Evidence, P], pd.DataFrame]:
    """Decorate a function of the evidence (and plain values) so that its table is made once for the same values.

    Everyone gets a frame of their own over shared columns: pandas copies a column when somebody writes into it, so
    nobody can spoil another's. What was made goes when the evidence does.
    """

    asked = signature(make)

    @wraps(make)
    def held(case: Evidence, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        call = asked.bind(case, *args, **kwargs)
        call.apply_defaults()
        key = (make, *list(call.arguments.values())[1:])
        if key not in case.made:
            case.made[key] = make(case, *args, **kwargs)
        return case.made[key].copy(deep=False)

    return held
