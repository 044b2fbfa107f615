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


@attrs.frozen(eq=False)
class RoleSet:
    """The roles that a fact takes, one object for all facts that take the same.

    Attributes:
        alone: the rules of which it is the only single fact.
        joined: the places, each of a rule, that it takes beside other single facts.
        counted: the rules in which it may be counted.
        absent: the places, each of a rule, at which it may be an absent fact.
    """

    alone: tuple[int, ...]
    joined: tuple[tuple[int, int], ...]
    counted: tuple[int, ...]
    absent: tuple[tuple[int, int], ...]


class Roles:
    """The roles that facts may take in some pattern rules, decided by the compiled engine.

    The `when` of each match is a rule of a rulebook of its own. A fact takes the places whose condition is true; as an
    absent fact also those whose condition is unknown.
    """

    def __init__(self, patterns: Sequence[PatternRule], rulebook: Rulebook) -> None:
        self._roles: list[Role] = []
        self._singles = [len(_singles(pattern)) for pattern in patterns]
        rules: list[Rule] = []
        for number, pattern in enumerate(patterns):
            for role, match in _places(number, pattern):
                rules.append(_rule(str(len(self._roles)), match, pattern))
                self._roles.append(role)
        types = {rule.fact_type.cls: rule.fact_type for rule in rules}
        self._classes = frozenset(types)
        inner = Rulebook(tuple(types.values()), tuple(rules), rulebook.parameters, {}, {}, "", frozenset())
        self._engine = engines.make(inner, "compiled")
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], RoleSet | None] = {}
        self.cuts: tuple[dt.date, ...] = inner.cuts()

    def of(self, fact: Any, fact_type: FactType, day: dt.date) -> RoleSet | None:
        """The roles that a fact may take on a day; None when it may take none."""
        if fact_type.cls not in self._classes:
            return None
        decision = self._engine.evaluate(fact, day)
        unsure = decision.undetermined
        unknown = tuple([each.rule for each in unsure]) if len(unsure) else ()
        try:
            return self._known[decision.codes, unknown]
        except KeyError:
            found = self._known[decision.codes, unknown] = self._set(decision.codes, unknown)
            return found

    def _set(self, codes: tuple[str, ...], unknown: tuple[str, ...]) -> RoleSet | None:
        unsure = [self._roles[int(code)] for code in unknown]
        roles = [*(self._roles[int(code)] for code in codes), *(role for role in unsure if role.kind == "absent")]
        if not roles:
            return None
        singles = [role for role in roles if role.kind == "single"]
        return RoleSet(
            tuple(role.rule for role in singles if self._singles[role.rule] == 1),
            tuple((role.rule, role.place) for role in singles if self._singles[role.rule] > 1),
            tuple(role.rule for role in roles if role.kind == "counted"),
            tuple((role.rule, role.place) for role in roles if role.kind == "absent"),
        )

    def later(self, fact: Any, fact_type: FactType, first: dt.date, last: dt.date) -> bool:
        """Whether a fact may take any role from some day after the first until the last."""
        days = self.cuts[bisect_right(self.cuts, first) : bisect_right(self.cuts, last)]
        return any(self.of(fact, fact_type, day) is not None for day in days)


def _singles(pattern: PatternRule) -> list[Match]:
    """The matches that stand for one fact, or for a first one of several."""
    return [match for match in pattern.match if not match.counted or match.shared]


def _places(number: int, pattern: PatternRule) -> Iterable[tuple[Role, Match]]:
    for place, match in enumerate(_singles(pattern)):
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
