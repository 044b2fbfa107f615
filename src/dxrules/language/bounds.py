"""What whole numbers can come to when they are calculated with: what could pass the limits is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from dxrules import expression as ex
from dxrules.schema import MAX_INT
from dxrules.values import Plain

MAX_RESULT = 2**63 - 1  # what integers may come to when they are calculated with
_MAX_DAYS = (dt.date.max - dt.date.min).days


def bounds(item: ex.Expr, parameters: Mapping[str, Sequence[Plain]]) -> tuple[int, int]:
    """The least and the greatest value of a whole number, whatever the facts are."""
    item = ex.peel(item)
    match item:
        case ex.Const(value=int() as value):
            return value, value
        case ex.ParamRef(name=name):
            values = [value for value in parameters[name] if isinstance(value, int)]
            return min(values), max(values)
        case ex.Arith(bounds=(low, high)):
            return low, high
        case ex.Neg(item=inner):
            low, high = bounds(inner, parameters)
            return -high, -low
        case ex.Len(item=inner):
            return 0, len(inner.type.members)
        case ex.DaysSince():
            return -_MAX_DAYS, _MAX_DAYS
        case _:
            return -MAX_INT, MAX_INT


def combine(operator: str, one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    """The least and greatest result of a calculation, from those of its sides."""
    if operator == "+":
        return one[0] + two[0], one[1] + two[1]
    if operator == "-":
        return one[0] - two[1], one[1] - two[0]
    products = [a * b for a in one for b in two]
    return min(products), max(products)
