"""Formulas as alternatives: each a conjunction with at most one test a term, as an index can hold them.

Distribution keeps a Kleene value. Where it would make too many alternatives, a part of the formula stays whole: it
becomes a term of its own, whose truth is computed.
"""

from __future__ import annotations

import attrs

from dxrules import expression as ex
from dxrules.engines.compiled.normal import AllOf, AnyOf, Formula, Known, Term, Test, Truth, tests_of
from dxrules.engines.compiled.sets import Values

MAX_ALTERNATIVES = 32  # conjunctions that one rule may become
_TRUE = Values(frozenset({True}), True, frozenset({True, False}))


@attrs.frozen
class Conjunction:
    """Tests on different terms that must all hold. `open` marks one that can never be surely true."""

    tests: tuple[Test, ...]
    open: bool = False


@attrs.frozen
class Whole(ex.Expr):
    """A formula that is computed as a whole, as the expression of a term."""

    formula: Formula


def alternatives(formula: Formula) -> list[Conjunction]:
    """The conjunctions of which one must hold; none for a formula that is false whatever the fact."""
    if isinstance(formula, Known):
        return [] if formula.truth is False else [Conjunction((), formula.truth is None)]
    if isinstance(formula, Test):
        return [Conjunction((formula,))]
    if isinstance(formula, AnyOf):
        found = [each for item in formula.items for each in alternatives(item)]
        return _distinct(found) if len(found) <= MAX_ALTERNATIVES else [Conjunction((whole(formula),))]
    product = [Conjunction(())]
    for item in sorted(formula.items, key=_width):
        factor = alternatives(item)
        if len(product) * len(factor) > MAX_ALTERNATIVES:
            factor = [Conjunction((whole(item),))]
        product = [joined for one in product for two in factor if (joined := _merge(one, two)) is not None]
    return _distinct(product)


def _width(formula: Formula) -> int:
    """Roughly how many alternatives a formula has; tests come first, so that products stay small for long."""
    if isinstance(formula, AllOf):
        width = 1
        for item in formula.items:
            width = min(width * _width(item), MAX_ALTERNATIVES + 1)
        return width
    return sum(map(_width, formula.items)) if isinstance(formula, AnyOf) else 1


def whole(formula: Formula) -> Test:
    """A test that a formula, computed as a whole, is true."""
    refs = {ref.fact.name: ref for test in tests_of(formula) for ref in test.term.refs}
    term = Term(f"whole {formula!r}", "bool", Whole(formula), tuple(refs.values()))
    return Test(term, _TRUE, None)


def _merge(one: Conjunction, two: Conjunction) -> Conjunction | None:
    """Both conjunctions in one; None when it is false whatever the fact."""
    tests = {test.term: test for test in one.tests}
    for test in two.tests:
        other = tests.get(test.term)
        if other is None:
            tests[test.term] = test
            continue
        both = Test(test.term, other.allowed & test.allowed, _and(other.unknown, test.unknown))  # type: ignore[operator]
        if both.allowed.empty and both.unknown is False:
            return None
        tests[test.term] = both
    return Conjunction(tuple(tests.values()), one.open or two.open)


def _and(one: Truth, two: Truth) -> Truth:
    if one is False or two is False:
        return False
    return None if one is None or two is None else True


def _distinct(found: list[Conjunction]) -> list[Conjunction]:
    return list(dict.fromkeys(found))
