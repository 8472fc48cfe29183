"""A small calculator of the workbook's formulas, so that a change can be followed without a spreadsheet program.

It knows the functions that DIEM_CHI_TIET and the sheets led by it use, compares and adds as Excel does (an empty cell
is 0 and an empty text, a text is greater than any number), and reads every other cell as stored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<area>(?:[A-Z_0-9]+!)?\$?[A-Z]{1,2}\$?\d+(?::\$?[A-Z]{1,2}\$?\d+)?(?![\w(]))"""
    r"""|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Z]+)(?=\()|(?P<sign><=|>=|<>|[-+*/&=<>(),]))"""
)


class Calculator:
    """Values of cells as formulas give them, after some cells were typed into."""

    def __init__(
        self, formulas: openpyxl.Workbook, stored: openpyxl.Workbook, typed: Mapping[tuple[str, str], Any] | None = None
    ) -> None:
        self._formulas, self._stored = formulas, stored
        self._known: dict[tuple[str, str], Any] = dict(typed or {})

    def cell(self, sheet: str, address: str) -> Any:
        """The value of a cell; None: nothing stands there."""
        key = (sheet, address)
        if key not in self._known:
            cell = self._formulas[sheet][address]
            self._known[key] = _Reading(self, sheet, cell.value[1:]).value() if cell.data_type == "f" else (
                self._stored[sheet][address].value
            )  # fmt: skip
        return self._known[key]

    def area(self, sheet: str, text: str) -> list[Any]:
        """Values of a range, row by row."""
        found = self._formulas[sheet][text.replace("$", "")]
        rows = found if isinstance(found, tuple) else ((found,),)
        return [self.cell(sheet, cell.coordinate) for row in rows for cell in row]


class _Area(list[Any]):
    """Values of a range, which functions treat otherwise than a single value."""


def _number(value: Any) -> float:
    value = value[0] if isinstance(value, _Area) else value
    if value is None:
        return 0.0
    assert not isinstance(value, str), f"#VALUE! {value!r}"
    return float(value)


def _numbers(values: list[Any]) -> list[float]:
    flat = [one for value in values for one in (value if isinstance(value, _Area) else [value])]
    return [float(one) for one in flat if isinstance(one, int | float) and not isinstance(one, bool)]


def _rounded(value: Any, digits: Any) -> float:
    scale = 10 ** int(digits)
    return math.copysign(math.floor(abs(_number(value)) * scale + 0.5) / scale, _number(value))


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, _Area) and len(value) == 1 else value


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ISNUMBER": lambda v: isinstance(_one(v), int | float),
    "N": lambda v: _number(v) if isinstance(_one(v), int | float) else 0.0,
    "AND": lambda *v: all(bool(_one(one)) for one in v),
    "SUM": lambda *v: math.fsum(_numbers(list(v))),
    "MIN": lambda *v: min(_numbers(list(v))),
    "COUNT": lambda *v: len(_numbers(list(v))),
    "ROUND": _rounded,
    "RANK": lambda v, area: 1 + sum(one > _number(v) for one in _numbers([area])),
    "COUNTIF": lambda area, v: sum(one == _number(v) for one in _numbers([area])),
}


class _Reading:
    """One formula while it is read from the left."""

    def __init__(self, calculator: Calculator, sheet: str, text: str) -> None:
        self.calculator, self.sheet = calculator, sheet
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            assert found and found.lastgroup, f"unknown at {text[at:]!r}"
            self.tokens.append((found.lastgroup, found.group(found.lastgroup)))
            at = found.end()

    def value(self) -> Any:
        result = _one(self._compared())
        assert not self.tokens, self.tokens
        return result

    def _next(self, *signs: str) -> str:
        if self.tokens and self.tokens[0][1] in signs and self.tokens[0][0] == "sign":
            return self.tokens.pop(0)[1]
        return ""

    def _compared(self) -> Any:
        left = self._joined()
        while sign := self._next("=", "<", ">", "<=", ">=", "<>"):
            left = _compare(_one(left), _one(self._joined()), sign)
        return left

    def _joined(self) -> Any:
        left = self._added()
        while self._next("&"):
            left = _written(_one(left)) + _written(_one(self._added()))
        return left

    def _added(self) -> Any:
        left = self._times()
        while sign := self._next("+", "-"):
            right = _number(self._times())
            left = _number(left) + (right if sign == "+" else -right)
        return left

    def _times(self) -> Any:
        left = self._atom()
        while sign := self._next("*", "/"):
            right = _number(self._atom())
            left = _number(left) * right if sign == "*" else _number(left) / right
        return left

    def _atom(self) -> Any:
        if self._next("-"):
            return -_number(self._atom())
        if self._next("("):
            inner = self._compared()
            assert self._next(")")
            return inner
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "number":
            return float(text)
        if kind == "area":
            sheet, _, place = text.rpartition("!")
            return _Area(self.calculator.area(sheet or self.sheet, place))
        assert kind == "name", text
        return self._call(text)

    def _call(self, name: str) -> Any:
        assert self._next("(")
        if name == "IF":
            return self._choose()
        values = [self._compared()]
        while self._next(","):
            values.append(self._compared())
        assert self._next(")")
        return _FUNCTIONS[name](*values)

    def _choose(self) -> Any:
        """IF computes only the branch that it takes: the other may be an error."""
        chosen = bool(_one(self._compared()))
        assert self._next(",")
        first = self._branch(chosen)
        assert self._next(",")
        second = self._branch(not chosen)
        assert self._next(")")
        return first if chosen else second

    def _branch(self, taken: bool) -> Any:
        if taken:
            return self._compared()
        depth = 0
        while not (depth == 0 and self.tokens[0] in (("sign", ","), ("sign", ")"))):
            text = self.tokens.pop(0)
            depth += (text == ("sign", "(")) - (text == ("sign", ")"))
        return None


def _written(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:g}"


def _compare(left: Any, right: Any, sign: str) -> bool:
    """Order of Excel: numbers before texts; an empty cell is as the other side needs it."""
    left = ("" if isinstance(right, str) else 0.0) if left is None else left
    right = ("" if isinstance(left, str) else 0.0) if right is None else right
    a, b = ((isinstance(v, str), v) for v in (left, right))
    return {"=": a == b, "<>": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign]
