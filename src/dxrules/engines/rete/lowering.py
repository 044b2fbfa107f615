"""Rules' conditions as durable-rules can evaluate them: one that finds what is surely true, one what is surely false.

Negation is pushed down to the comparisons (De Morgan), and each comparison becomes definite: an unknown fact is a
property that the engine's fact does not have, which passes no comparison. So `not (a == 1)` becomes `a != 1`, and
neither holds while `a` is unknown. Both conditions keep Kleene's value: what is true finds the one, what is false the
other, and what is unknown finds neither; a conjunction that contradicts itself, too, is found by neither while its
fact is unknown.

durable-rules is handed whole numbers, truth values and text, and compares them with literals. Whatever else a
condition says is decided in Python first, by `dxrules.meaning`, and handed over as one truth value.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.engines.rete.conditions import ALWAYS, NEVER, OPPOSITE, Comparison, Condition, Value, all_of, any_of, cost
from dxrules.engines.rete.ruleset import MAX_INT, MAX_TEXT, encode
from dxrules.errors import FactError
from dxrules.meaning import Facts, value
from dxrules.rulebook import Epoch
from dxrules.values import Plain

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_FIRST = dt.datetime(1, 1, 1)
_TICK = dt.timedelta(microseconds=1)
_MAX_LITERAL = 2 ** (8 * struct.calcsize("l") - 1) - 1  # durable-rules reads literals as C's long: 32 bits on Windows


class UnfitError(Exception):
    """A value that durable-rules does not compare exactly."""


@attrs.frozen
class Property:
    """A property of the engine's facts: a value that is handed over, and its number."""

    expr: ex.Expr

    def read(self, facts: Facts) -> Value | None:
        """The value as it is handed over; None when it is unknown.

        Raises:
            FactError: the fact holds what its class does not take.
            UnfitError: durable-rules does not compare such a value exactly.
        """
        return handed_over(value(self.expr, facts), self.expr)


@attrs.frozen
class Lowered:
    """A condition, lowered: when it is surely true, and when it is surely false."""

    true: Condition
    false: Condition

    def turned(self) -> Lowered:
        """Its negation."""
        return Lowered(self.false, self.true)


@attrs.frozen
class LoweredEpoch:
    """The rules of an epoch, lowered, and the properties that their conditions test, in the order of their numbers.

    `undated` says whether a condition hangs on a parameter before its first date, which no fact makes known.
    """

    rules: tuple[Lowered, ...]
    properties: tuple[Property, ...]
    undated: bool


def lower(epoch: Epoch) -> LoweredEpoch:
    """Lower the conditions of an epoch. One beyond a ruleset's budget becomes one truth value, decided in Python."""
    lowering = _Lowering(epoch.parameters)
    rules = [lowering.rule(rule.when) for rule in epoch.rules]
    return LoweredEpoch(tuple(rules), tuple(lowering.properties), lowering.undated)


def handed_over(found: Plain, expr: ex.Expr) -> Value | None:
    """A value as durable-rules is given it: dates and times by their number, members of an enum by their place.

    Raises:
        UnfitError: it does not compare such a value exactly.
    """
    match found:
        case None | bool():
            return found
        case int():
            if abs(found) > MAX_INT:
                raise UnfitError
            return found
        case str():
            if expr.type.kind == "enum":
                return expr.type.members.index(found)
            return text(found)
        case dt.datetime():
            return (found - _FIRST) // _TICK
        case dt.date():
            return found.toordinal()
        case _:
            raise UnfitError


def text(found: str) -> str:
    """A text that durable-rules compares exactly: below 65,536 bytes as it is written.

    Raises:
        UnfitError: it is longer, or half of a pair of surrogates, which no file can hold.
    """
    try:
        size = len(encode(found).encode()) - 2
    except UnicodeEncodeError:
        raise UnfitError from None
    if size > MAX_TEXT:
        raise UnfitError
    return found


@attrs.define
class _Lowering:
    parameters: Mapping[str, Plain]
    properties: dict[Property, int] = attrs.field(factory=dict)
    undated: bool = False

    def rule(self, expr: ex.Expr) -> Lowered:
        """A rule's condition, within the budget."""
        try:
            found = self.lower(expr)
        except FactError:  # numbers that no float can hold: an error of each decision, not of the rulebook
            return self.decided(expr)
        return found if cost(found.true).fits and cost(found.false).fits else self.decided(expr)

    def lower(self, expr: ex.Expr) -> Lowered:
        """A condition, without regard to the budget."""
        expr = ex.peel(expr)
        if not ex.facts_of(expr):
            return self.fixed(expr)
        match expr:
            case ex.And(items=items):
                parts = [self.lower(item) for item in items]
                return Lowered(all_of(part.true for part in parts), any_of(part.false for part in parts))
            case ex.Or(items=items):
                parts = [self.lower(item) for item in items]
                return Lowered(any_of(part.true for part in parts), all_of(part.false for part in parts))
            case ex.Not(item=item):
                return self.lower(item).turned()
            case ex.In(item=item, values=(only,), negated=negated):
                return self.compare("!=" if negated else "==", item, only) or self.decided(expr)
            case ex.Compare(op=op, left=left, right=right):
                if not ex.facts_of(left):
                    left, right, op = right, left, cast("ex.CompareOp", _TURNED.get(op, op))
                return self.compare(op, left, right) or self.decided(expr)
            case _:
                return self.decided(expr)

    def fixed(self, expr: ex.Expr) -> Lowered:
        """A condition that reads no fact."""
        truth = self.constant(expr)
        return Lowered(ALWAYS if truth is True else NEVER, ALWAYS if truth is False else NEVER)

    def compare(self, op: str, left: ex.Expr, right: ex.Expr) -> Lowered | None:
        """A comparison with a literal, where durable-rules can do it."""
        if ex.facts_of(right):
            return None
        limit = self.constant(right)
        if limit is None:
            return Lowered(NEVER, NEVER)
        if left.type.kind == "bool":
            return self.lower(left) if (limit is True) is (op == "==") else self.lower(left).turned()
        if left.type.kind not in ("int", "text", "enum", "date", "datetime") or isinstance(limit, float):
            return None
        try:
            literal = handed_over(limit, left)
        except UnfitError:
            return None
        if isinstance(literal, int) and abs(literal) > _MAX_LITERAL:
            return None
        return self.tested(left, op, cast(Value, literal))

    def decided(self, expr: ex.Expr) -> Lowered:
        """A truth value that is decided in Python; for a fact that is one, the fact itself."""
        return self.tested(expr, "==", True)

    def tested(self, expr: ex.Expr, op: str, literal: Value) -> Lowered:
        """A property compared with a literal."""
        number = self.properties.setdefault(Property(ex.peel(expr)), len(self.properties))
        if isinstance(literal, bool):
            return Lowered(Comparison(number, "==", literal), Comparison(number, "==", not literal))
        return Lowered(Comparison(number, op, literal), Comparison(number, OPPOSITE[op], literal))

    def constant(self, expr: ex.Expr) -> Plain:
        """The value of an expression that reads no fact."""
        found = value(expr, _NoFacts(self.parameters))
        self.undated = self.undated or found is None
        return found


@attrs.frozen
class _NoFacts:
    """For expressions that read no fact. None of them reads the day either: `days_since` takes a fact."""

    parameters: Mapping[str, Plain]

    @property
    def as_of(self) -> dt.date:
        raise AssertionError

    def read(self, ref: ex.FactRef) -> Plain:
        raise AssertionError(ref)

    def unknown_name(self, ref: ex.FactRef) -> str:
        raise AssertionError(ref)
