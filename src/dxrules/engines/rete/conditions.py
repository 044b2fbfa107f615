"""Conditions as durable-rules evaluates them: definite comparisons, joined by `and` and `or`, and what they cost it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs

Value = bool | int | str

BUDGET = 60
"""Comparisons, and ways to match, in one ruleset: below each of durable-rules' fixed limits. The least of them is 64
conditions that wait for one fact (error 303); the others are 127 alternatives below one condition, 255 rules that end
in one, and 511 first conditions, beyond which it hangs or crashes."""

MAX_JUNCTIONS = 15
"""`and` and `or` in one rule: durable-rules has 32 places, and each takes two."""

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_WRITTEN = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


@attrs.frozen
class Comparison:
    """A property compared with a value of its type. A fact without the property does not pass, whatever the operator.

    Text and truth values are only tested for being equal or not.
    """

    property: int
    op: str
    value: Value


@attrs.frozen
class AllOf:
    """Every part holds; without parts, always."""

    items: tuple[Condition, ...]


@attrs.frozen
class AnyOf:
    """Some part holds; without parts, never."""

    items: tuple[Condition, ...]


Condition = Comparison | AllOf | AnyOf

ALWAYS = AllOf(())
NEVER = AnyOf(())


def all_of(items: Iterable[Condition]) -> Condition:
    """Parts joined by `and`: what always holds left out, repetitions dropped, `and` within `and` taken up."""
    return _joined(items, AllOf, ALWAYS, NEVER)


def any_of(items: Iterable[Condition]) -> Condition:
    """Parts joined by `or`, alike."""
    return _joined(items, AnyOf, NEVER, ALWAYS)


def _joined(items: Iterable[Condition], kind: type[AllOf | AnyOf], neutral: Condition, strong: Condition) -> Condition:
    found: dict[Condition, None] = {}
    for item in items:
        if item == strong:
            return strong
        found.update(dict.fromkeys(item.items) if isinstance(item, kind) else {item: None})
    return next(iter(found)) if len(found) == 1 else kind(tuple(found)) if found else neutral


@attrs.frozen
class Cost:
    """What a condition costs durable-rules: comparisons, ways in which it can match, and junctions."""

    comparisons: int
    ways: int
    junctions: int

    @property
    def size(self) -> int:
        """What it takes of a ruleset's budget."""
        return max(self.comparisons, self.ways)

    @property
    def fits(self) -> bool:
        """Whether a ruleset can hold it."""
        return self.size <= BUDGET and self.junctions <= MAX_JUNCTIONS


def cost(condition: Condition) -> Cost:
    """The cost of a condition.

    >>> either = any_of([Comparison(0, "==", 1), Comparison(1, "==", 1)])
    >>> cost(all_of([either, Comparison(2, ">", 5)]))
    Cost(comparisons=3, ways=2, junctions=2)
    """
    if isinstance(condition, Comparison):
        return Cost(1, 1, 0)
    parts = [cost(item) for item in condition.items]
    ways = [part.ways for part in parts]
    return Cost(
        sum(part.comparisons for part in parts),
        math.prod(ways) if isinstance(condition, AllOf) else sum(ways),
        1 + sum(part.junctions for part in parts),
    )


def comparisons_of(condition: Condition) -> list[Comparison]:
    """Every comparison in a condition, in order."""
    if isinstance(condition, Comparison):
        return [condition]
    return [each for item in condition.items for each in comparisons_of(item)]


def written(condition: Condition) -> object:
    """A condition in durable-rules' own form; its properties are called `p0`, `p1` and so on."""
    if isinstance(condition, Comparison):
        compared = {f"p{condition.property}": condition.value}
        return compared if condition.op == "==" else {_WRITTEN[condition.op]: compared}
    return {"$and" if isinstance(condition, AllOf) else "$or": [written(item) for item in condition.items]}
