"""Formulas as alternatives: each a conjunction with at most one test a term, as an index can hold them.

Distribution keeps a Kleene value. Where it would make too many alternatives, a part of the formula stays whole: it
becomes a term of its own, whose truth is computed.
"""

from __future__ import annotations

import attrs

from dxrules.engines.compiled.normal import TRUE, AllOf, AnyOf, Formula, Known, Test, Truth, joined, whole

MAX_ALTERNATIVES = 32  # conjunctions that one rule may become


@attrs.frozen
class Conjunction:
    """Tests on different terms that must all hold. `open` marks one that can never be surely true."""

    tests: tuple[Test, ...]
    open: bool = False


def alternatives(formula: Formula) -> list[Conjunction]:
    """The conjunctions of which one must hold; none for a formula that is false whatever the fact."""
    if isinstance(formula, Known):
        return [] if formula.truth is False else [Conjunction((), formula.truth is None)]
    if isinstance(formula, Test):
        return [Conjunction((formula,))]
    if isinstance(formula, AnyOf):
        found = [each for item in formula.items for each in alternatives(item)]
        return _distinct(found) if len(found) <= MAX_ALTERNATIVES else [_as_whole(formula)]
    assert isinstance(formula, AllOf)
    product = [Conjunction(())]
    items = sorted(formula.items, key=_width)
    for place, item in enumerate(items):
        factor = alternatives(item)
        rest = len(product) * len(factor) > MAX_ALTERNATIVES
        if rest:  # those that follow are no narrower
            factor = [_as_whole(*items[place:])]
        product = [merged for one in product for two in factor if (merged := _merge(one, two)) is not None]
        if rest:
            break
    return _distinct(product)


def _width(formula: Formula) -> int:
    """Roughly how many alternatives a formula has; tests come first, so that products stay small for long."""
    if isinstance(formula, AllOf):
        width = 1
        for item in formula.items:
            width = min(width * _width(item), MAX_ALTERNATIVES + 1)
        return width
    return sum(map(_width, formula.items)) if isinstance(formula, AnyOf) else 1


def _as_whole(*formulas: Formula) -> Conjunction:
    """One conjunction that asks for the truth of formulas, all of which must hold, as a whole."""
    formula = formulas[0] if len(formulas) == 1 else joined(list(formulas), all_of=True)
    return Conjunction((Test(whole(formula), TRUE, None),))


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
