"""Roll-ups: what the facts of one type, such as cards, add up to in another, such as their account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import attrs

from dxrules.expression import Expr
from dxrules.schema import Fact, FactType

Function = Literal["count", "at_least", "sum", "min", "max", "any", "all", "same", "distinct", "most"]
CONDITION_ONLY: tuple[Function, ...] = ("count", "any", "all")
FUNCTIONS: tuple[Function, ...] = ("count", "at_least", "sum", "min", "max", "any", "all", "same", "distinct", "most")


@attrs.frozen
class Aggregate:
    """One fact that is rolled up: `function` over `value`, of those facts for which `where` is true.

    It is unknown when `where` is undetermined for any, or a value that counts is unknown. Of `at_least` the value says
    which facts may count as well: it is unknown only where it would be zero while one of them may.
    """

    fact: Fact
    function: Function
    value: Expr | None
    where: Expr | None


@attrs.frozen(eq=False)
class Rollup:
    """How facts of the type `of` with one `key` add up to a fact of the type `to`.

    `fill` names facts of the former that take a fact of the latter where they are unknown themselves.
    """

    of: FactType
    to: FactType
    key: str
    facts: tuple[Aggregate, ...]
    fill: tuple[tuple[str, str], ...]


def total(function: Function, parts: Sequence[tuple[bool | None, Any]]) -> Any:
    """What some facts come to: for each, whether it counts, and its value. None is unknown.

    >>> total("count", [(True, True), (False, False)]), total("sum", [(True, 3), (True, None)])
    (1, None)
    >>> total("at_least", [(True, False), (False, True)]), total("at_least", [(False, True)])
    (1, None)
    """
    if function in ("any", "all"):
        truths = [truth for truth, _ in parts]
        decided = function == "any"
        if decided in truths:
            return decided
        return None if None in truths else not decided
    if function == "at_least":
        surely = sum(truth is True for truth, _ in parts)
        return surely or (None if any(truth is None or maybe is not False for truth, maybe in parts) else 0)
    if any(truth is None or (truth and value is None) for truth, value in parts):
        return None
    return _TOTALS[function]([value for truth, value in parts if truth])


def _same(values: list[Any]) -> Any:
    return values[0] if values and all(each == values[0] for each in values) else None


def _most(values: list[Any]) -> int:
    return max((values.count(each) for each in set(values)), default=0)


_TOTALS: Mapping[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "sum": sum,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "same": _same,
    "distinct": lambda values: len(set(values)),
    "most": _most,
}
