"""Conditions in normal form: tests on one term each, joined by `and` and `or`, with nothing negated in between.

Everything here keeps the Kleene value: negation is pushed to the tests (De Morgan), `is` tests are pushed below the
connectives, parameters are the constants that they are within an epoch. What must not be dropped is not: `a and not a`
stays, for it is unknown when `a` is.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, cast

import attrs

from dxrules import expression as ex
from dxrules.engines.compiled.sets import Allowed, Steps, Values, compared, one_of
from dxrules.meaning import value
from dxrules.values import Plain

ORDERED = ("int", "float", "date", "datetime")
_BOTH = frozenset({True, False})
TRUE = Values(frozenset({True}), True, _BOTH)

Truth = bool | None
Results = tuple[Truth, Truth, Truth]
"""What a truth becomes on its way up: for true, for false, for unknown."""

SAME: Results = (True, False, None)
OPPOSITE: Results = (False, True, None)


@attrs.frozen(cache_hash=True)
class Term:
    """Something that has one value a fact: a fact itself, or what is computed from facts.

    Attributes:
        key: names it; equal terms have equal keys.
        kind: the kind of its value.
        expr: how it is computed; a `FactRef` for a fact itself.
        refs: the facts that it reads.
    """

    key: Hashable
    kind: str
    expr: ex.Expr = attrs.field(eq=False, repr=False)
    refs: tuple[ex.FactRef, ...] = attrs.field(eq=False, repr=False)

    @property
    def is_fact(self) -> bool:
        """Whether it is a fact itself."""
        return isinstance(self.expr, ex.FactRef)

    @property
    def floats(self) -> tuple[ex.Expr, ...]:
        """The numbers in it that may come to NaN, which is unknown, though every fact is known."""
        sides = (self.expr.left, self.expr.right) if isinstance(self.expr, ex.Compare) else (self.expr,)
        return tuple(each for each in sides if isinstance(each, (ex.Arith, ex.Neg)) and each.type.kind == "float")


@attrs.frozen(cache_hash=True)
class Test:
    """A test on one term: true for the allowed values, false for others; `unknown` is its truth for no value."""

    term: Term
    allowed: Allowed
    unknown: Truth


@attrs.frozen
class Known:
    """A truth that no fact changes."""

    truth: Truth


@attrs.frozen(cache_hash=True)
class AllOf:
    """Every part holds."""

    items: tuple[Formula, ...]


@attrs.frozen(cache_hash=True)
class AnyOf:
    """Some part holds."""

    items: tuple[Formula, ...]


@attrs.frozen(cache_hash=True)
class Same:
    """Both sides have the same truth."""

    left: Formula
    right: Formula


Formula = Test | Known | AllOf | AnyOf | Same


@attrs.frozen
class Whole(ex.Expr):
    """A formula whose truth is computed as a whole, as the expression of a term."""

    formula: Formula


def normal(expr: ex.Expr, parameters: Mapping[str, Plain], results: Results = SAME) -> Formula:
    """The normal form of a condition, or of what `results` makes of its truth.

    Args:
        expr: the condition.
        parameters: their values in the epoch.
        results: what true, false and unknown become.
    """
    return _Lowering(parameters).lower(expr, results)


@attrs.frozen
class _Lowering:
    parameters: Mapping[str, Plain]

    def lower(self, expr: ex.Expr, results: Results) -> Formula:
        expr = ex.peel(expr)
        match expr:
            case ex.And(items=items):
                return self.junction(items, results, all_of=True)
            case ex.Or(items=items):
                return self.junction(items, results, all_of=False)
            case ex.Not(item=item):
                return self.lower(item, (results[1], results[0], results[2]))
            case ex.IsNone(item=item, negated=negated):
                yes, no = (results[1], results[0]) if negated else (results[0], results[1])
                return self.lower(item, (no, no, yes))
            case ex.IsBool(item=item, value=wanted, negated=negated):
                yes, no = (results[1], results[0]) if negated else (results[0], results[1])
                return self.lower(item, (yes, no, no) if wanted else (no, yes, no))
            case ex.Compare():
                return self.compare(expr, results)
            case ex.In(item=item, values=values, negated=negated):
                literals = [each.value for each in values]
                return self.listed(item, literals, _turned(results) if negated else results)
            case ex.Contains(member=member, item=item, negated=negated):
                term = Term(f"{_key(item)} has {member.value!r}", "bool", expr, self.refs(item))
                return _test(term, TRUE, _turned(results) if negated else results)
            case ex.StartsWith(item=item, prefix=prefix):
                term = Term(f"{_key(item)} starts {prefix!r}", "bool", expr, self.refs(item))
                return _test(term, TRUE, results)
            case _:
                if not ex.facts_of(expr):
                    return Known(results[_index(self.constant(expr))])
                return self.plain(expr, results)

    def junction(self, items: tuple[ex.Expr, ...], results: Results, *, all_of: bool) -> Formula:
        """An `and` or `or` under results: the parts under the same results, joined by the one or the other."""
        yes, no, unknown = results
        if yes == no == unknown:
            return Known(yes)
        if yes == no:  # whether it is unknown: a test on its own truth, lest nested tests double each time
            return self.tested(self.junction(items, SAME, all_of=all_of), results)
        # The strongest truth of an `and` is false, of an `or` true: what it becomes decides how the parts are joined.
        strong = no if all_of else yes
        parts = [self.lower(item, results) for item in items]
        return joined(parts, all_of=strong is False)

    def compare(self, expr: ex.Compare, results: Results) -> Formula:
        if expr.op == "!=":
            return self.compare(ex.Compare("==", expr.left, expr.right), _turned(results))
        left, right = self.inline(expr.left), self.inline(expr.right)
        if any(isinstance(each, ex.Const) and each.value is None for each in (*_parts(left), *_parts(right))):
            return Known(results[2])  # a parameter before its first date: unknown whatever the fact
        if left.type.kind == "bool" and not isinstance(left, ex.Const) and not isinstance(right, ex.Const):
            return self.tested(Same(self.lower(left, SAME), self.lower(right, SAME)), results)
        if isinstance(left, ex.Const) and isinstance(right, ex.Const):
            return Known(results[_index(self.constant(ex.Compare(expr.op, left, right)))])
        op: str = expr.op
        if isinstance(left, ex.Const):
            left, right = right, left
            op = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
        if not isinstance(right, ex.Const):
            term = Term(f"({_key(left)} {op} {_key(right)})", "bool", ex.Compare(cast("Any", op), left, right),
                        self.refs(left, right))  # fmt: skip
            return _test(term, TRUE, results)
        if left.type.kind == "bool":
            return self.lower(left, results if right.value is True else _turned(results))
        return self.ordered_or_listed(left, op, right.value, results)

    def tested(self, formula: Formula, results: Results) -> Formula:
        """What results make of the truth of a formula that is computed as a whole."""
        if isinstance(formula, Known):
            return Known(results[_index(formula.truth)])
        return _test(whole(formula), TRUE, results)

    def ordered_or_listed(self, left: ex.Expr, op: str, limit: Plain, results: Results) -> Formula:
        kind = left.type.kind
        if kind in ORDERED:
            return _test(self.term(left), compared(op, limit, kind), results)
        return self.listed(left, [limit], results)

    def listed(self, item: ex.Expr, literals: list[Plain], results: Results) -> Formula:
        item = ex.peel(item)
        kind = item.type.kind
        term = self.term(item)
        if kind in ORDERED:
            return _test(term, one_of(literals, kind), results)
        return _test(term, Values(frozenset(literals), True, _universe(item)), results)

    def plain(self, expr: ex.Expr, results: Results) -> Formula:
        """A truth-valued fact, or (below an `is None`) any fact or group."""
        term = self.term(expr)
        if term.kind == "bool":
            return _test(term, TRUE, results)
        if term.kind in ORDERED:
            return _test(term, Steps(True), results)
        return _test(term, ~Values(frozenset(), True, _universe(expr)), results)

    # Terms

    def constant(self, expr: ex.Expr) -> Plain:
        return value(expr, _NoFacts(self.parameters))

    def term(self, expr: ex.Expr) -> Term:
        expr = self.inline(expr)
        return Term(_key(expr), expr.type.kind, expr, self.refs(expr))

    def refs(self, *exprs: ex.Expr) -> tuple[ex.FactRef, ...]:
        found: dict[str, ex.FactRef] = {}
        for expr in exprs:
            found.update(ex.facts_of(expr))
        return tuple(found.values())

    def inline(self, expr: ex.Expr) -> ex.Expr:
        """A value without names, and with a constant for whatever reads no fact."""
        expr = ex.peel(expr)
        match expr:
            case ex.Arith(op=op, left=left, right=right):
                expr = ex.Arith(op, self.inline(left), self.inline(right))
                fixed = isinstance(expr.left, ex.Const) and isinstance(expr.right, ex.Const)
            case ex.Neg(item=item):
                expr = ex.Neg(self.inline(item))
                fixed = isinstance(expr.item, ex.Const)
            case ex.ParamRef():
                fixed = True
            case ex.Const() | ex.FactRef() | ex.Len() | ex.DaysSince():
                return expr
            case _:  # a condition
                fixed = not ex.facts_of(expr)
        return ex.Const(self.constant(expr), expr.type) if fixed else expr


def _key(expr: ex.Expr) -> str:
    """Names a value: equal ones have equal keys."""
    expr = ex.peel(expr)
    match expr:
        case ex.FactRef(fact=fact):
            return fact.name
        case ex.Const(value=literal):
            return repr(literal)
        case ex.Len(item=item):
            return f"len({_key(item)})"
        case ex.DaysSince(item=item):
            return f"days_since({_key(item)})"
        case ex.Neg(item=item):
            return f"-({_key(item)})"
        case ex.Arith(op=op, left=left, right=right):
            return f"({_key(left)} {op} {_key(right)})"
        case _:
            raise AssertionError(expr)


def whole(formula: Formula) -> Term:
    """The truth of a formula as one term."""
    refs = {ref.fact.name: ref for test in tests_of(formula) for ref in test.term.refs}
    return Term(formula, "bool", Whole(formula), tuple(refs.values()))


@attrs.frozen
class _NoFacts:
    """For expressions that read no fact. None of them reads the day either: `days_since` takes a fact."""

    parameters: Mapping[str, Plain]
    as_of: Any = None

    def read(self, ref: ex.FactRef) -> Plain:
        raise AssertionError(ref)

    def unknown_name(self, ref: ex.FactRef) -> str:
        raise AssertionError(ref)


def _universe(item: ex.Expr) -> frozenset[Any] | None:
    """Every value that an item can have, where they can be listed."""
    kind = item.type.kind
    return _BOTH if kind == "bool" else frozenset(item.type.members) if kind == "enum" else None


def _parts(expr: ex.Expr) -> list[ex.Expr]:
    """A number and what it is calculated from."""
    if isinstance(expr, (ex.Arith, ex.Neg)):
        return [expr, *(part for child in ex.children(expr) for part in _parts(child))]
    return [expr]


def _turned(results: Results) -> Results:
    return results[1], results[0], results[2]


def _index(truth: Plain) -> int:
    return 2 if truth is None else 0 if truth else 1


def _test(term: Term, allowed: Allowed, results: Results) -> Formula:
    yes, no, unknown = results
    if yes == no:
        none = allowed & ~allowed  # type: ignore[operator]  # both are of one class
        allowed = ~none if yes else none
    elif not yes:
        allowed = ~allowed
    if (allowed.full and unknown is True) or (allowed.empty and unknown is False):
        return Known(unknown)
    return Test(term, allowed, unknown)


def joined(parts: list[Formula], *, all_of: bool) -> Formula:
    """Parts under one connective: constants folded, the same connective below it taken up, repetitions dropped."""
    kind = AllOf if all_of else AnyOf
    found: dict[Formula, None] = {}
    for part in parts:
        inner = part.items if isinstance(part, kind) else (part,)
        for each in inner:
            if each == Known(not all_of):
                return each
            if each != Known(all_of):
                found[each] = None
    if not found:
        return Known(all_of)
    return next(iter(found)) if len(found) == 1 else kind(tuple(found))


def tests_of(formula: Formula) -> list[Test]:
    """Every test in a formula, in order."""
    if isinstance(formula, Test):
        return [formula]
    if isinstance(formula, Known):
        return []
    if isinstance(formula, Same):
        return [*tests_of(formula.left), *tests_of(formula.right)]
    return [test for item in formula.items for test in tests_of(item)]
