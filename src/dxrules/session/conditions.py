"""Conditions over the facts of a match, made ready to be asked often.

Nearly all of them compare a fact of one match with a fact of another, such as `call.at > report.at`: those are read
and compared in place, a tenth of what the interpreter takes. The interpreter decides all others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import cast

from dxrules import expression as ex
from dxrules.errors import FactError
from dxrules.matching import MatchFacts, Present, inner
from dxrules.meaning import compare, value
from dxrules.pattern import PatternRule
from dxrules.schema import FactType
from dxrules.session.found import value_of
from dxrules.values import Plain

Bound = Mapping[str, Present]
"""One fact for each name."""

Condition = Callable[[Bound], bool | None]
"""Whether it is true of some facts (Kleene)."""

Pair = Callable[[Present, Present], bool]
"""Whether two facts may be part of one match."""


class Conditions:
    """Makes the conditions of a rule ready.

    Args:
        rule: the rule.
        parameters: the values of the parameters.
        day: on which they hold.
    """

    def __init__(self, rule: PatternRule, parameters: Mapping[str, Plain], day: dt.date) -> None:
        self._rule = rule
        self._types = {match.name: match.fact_type for match in (*rule.match, *rule.absent)}
        self._parameters = parameters
        self._day = day

    def ready(self, expr: ex.Expr) -> Condition:
        """A condition."""
        parts = [_comparison(part, self._types) for part in ex.conjuncts(expr)]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            return known[0] if len(known) == 1 else _all_of(known)
        parameters, day = self._parameters, self._day
        return lambda bound: cast("bool | None", value(expr, MatchFacts(bound, parameters, day)))

    def pair(self, one: str, two: str) -> Pair | None:
        """What the rule asks of two of its facts beside their joins; None when that is nothing.

        It looks at `within`, and at those parts of `where` that read these two only: of a match every part is true.

        Args:
            one: the name of the match that the one fact stands for.
            two: the name of the match that the other stands for.
        """
        within = self._rule.within
        where = () if self._rule.where is None else ex.conjuncts(self._rule.where)
        parts = [self.ready(part) for part in where if _names(part) == {one, two}]
        if within is None and not parts:
            return None

        def may_go(first: Present, second: Present) -> bool:
            if within is not None and not _near(first.at, second.at, within):
                return False
            bound = {one: first, two: second}
            try:
                return all(part(bound) is True for part in parts)
            except FactError:
                return True  # whoever settles the match finds the error

        return may_go


def _near(one: dt.datetime | None, two: dt.datetime | None, within: dt.timedelta) -> bool:
    return one is None or two is None or abs(one - two) <= within


def _names(expr: ex.Expr) -> set[str]:
    """The names of the matches that a condition reads."""
    return {ref.fact.path[0] for ref in ex.facts_of(expr).values()}


def _comparison(expr: ex.Expr, types: Mapping[str, FactType]) -> Condition | None:
    """A comparison of two facts; None for any other condition."""
    if not isinstance(expr, ex.Compare):
        return None
    left, right, op = ex.peel(expr.left), ex.peel(expr.right), expr.op
    if not isinstance(left, ex.FactRef) or not isinstance(right, ex.FactRef):
        return None
    one, two = left.fact.path[0], right.fact.path[0]
    own, other = inner(left, types[one]), inner(right, types[two])

    def holds(bound: Bound) -> bool | None:
        first, second = value_of(bound[one], own), value_of(bound[two], other)
        return None if first is None or second is None else compare(op, first, second)

    return holds


def _all_of(parts: list[Condition]) -> Condition:
    def every(bound: Bound) -> bool | None:
        truths = [part(bound) for part in parts]
        if False in truths:
            return False
        return None if None in truths else True

    return every
