"""Which places in which pattern rules a fact may take, by what it is alone."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import attrs

from dxrules import engines
from dxrules import expression as ex
from dxrules.pattern import Match, PatternRule
from dxrules.rulebook import Rule, Rulebook
from dxrules.schema import FactType

RoleKind = Literal["single", "counted", "absent"]


@attrs.frozen
class Role:
    """A place that a fact may take: in which rule, as what, and which of those."""

    rule: int
    kind: RoleKind
    place: int


class Roles:
    """The roles that facts may take in some pattern rules, decided by the compiled engine.

    The `when` of each match is a rule of a rulebook of its own. A fact takes the places whose condition is true; as an
    absent fact also those whose condition is unknown.
    """

    def __init__(self, patterns: Sequence[PatternRule], rulebook: Rulebook) -> None:
        self._roles: list[Role] = []
        rules: list[Rule] = []
        for number, pattern in enumerate(patterns):
            for role, match in _places(number, pattern):
                rules.append(_rule(str(len(self._roles)), match, pattern))
                self._roles.append(role)
        types = {rule.fact_type.cls: rule.fact_type for rule in rules}
        self._classes = tuple(types)
        inner = Rulebook(tuple(types.values()), tuple(rules), rulebook.parameters, {}, {}, "", frozenset())
        self._engine = engines.make(inner, "compiled")
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Role, ...]] = {}
        self.cuts: tuple[dt.date, ...] = inner.cuts()

    def of(self, fact: Any, fact_type: FactType, day: dt.date) -> tuple[Role, ...]:
        """The roles that a fact may take on a day."""
        if fact_type.cls not in self._classes:
            return ()
        decision = self._engine.evaluate(fact, day)
        codes = decision.codes
        unknown = tuple([each.rule for each in decision.undetermined]) if len(decision.undetermined) else ()
        found = self._known.get((codes, unknown))
        if found is None:
            sure = [self._roles[int(code)] for code in codes]
            unsure = [self._roles[int(code)] for code in unknown]
            found = (*sure, *(role for role in unsure if role.kind == "absent"))
            self._known[codes, unknown] = found
        return found

    def ever(self, fact: Any, fact_type: FactType, first: dt.date, last: dt.date) -> bool:
        """Whether a fact may take any role between two days."""
        days = [first, *self.cuts[bisect_right(self.cuts, first) : bisect_right(self.cuts, last)]]
        return any(self.of(fact, fact_type, day) for day in days)


def _places(number: int, pattern: PatternRule) -> Iterable[tuple[Role, Match]]:
    singles = [match for match in pattern.match if not match.counted or match.shared]
    for place, match in enumerate(singles):
        yield Role(number, "single", place), match
    for match in pattern.match:
        if match.counted:
            yield Role(number, "counted", 0), match
    for place, match in enumerate(pattern.absent):
        yield Role(number, "absent", place), match


def _rule(name: str, match: Match, pattern: PatternRule) -> Rule:
    when = match.when if match.when is not None else ex.Const(value=True, of=ex.BOOL)
    return Rule(
        name=name,
        pack="",
        fact_type=match.fact_type,
        when=when,
        kind="inform",
        target=None,
        severity="low",
        deadline="none",
        priority=0,
        message={},
        valid_from=pattern.valid_from,
        valid_until=pattern.valid_until,
        place=int(name),
    )
