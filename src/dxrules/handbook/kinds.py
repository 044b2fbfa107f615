"""What rules on one fact and pattern rules have in common: whom they are about, and what they read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from dxrules import expression as ex
from dxrules.matching import inner
from dxrules.pattern import Match, PatternRule
from dxrules.rulebook import Rule
from dxrules.schema import Fact, FactType

AnyRule = Rule | PatternRule


@attrs.frozen
class Read:
    """A fact that a rule reads, and the fact type that it belongs to."""

    fact_type: FactType
    fact: Fact

    @property
    def key(self) -> tuple[str, str]:
        """The names of both."""
        return self.fact_type.name, self.fact.name


def owner_of(rule: AnyRule) -> FactType:
    """The fact type whose decisions the rule's outcome is part of."""
    return rule.fact_type if isinstance(rule, Rule) else rule.about.fact_type


def outcome_key(rule: AnyRule) -> str:
    """What tells the outcome of a rule from others: its kind and target."""
    return f"{rule.kind} {rule.target or ''}"


def parameters_of(rule: AnyRule) -> Iterator[str]:
    """The parameters that a rule reads."""
    for condition in (rule.when,) if isinstance(rule, Rule) else rule.conditions():
        yield from (node.name for node in ex.walk(condition) if isinstance(node, ex.ParamRef))


def reads_of(rule: AnyRule) -> tuple[Read, ...]:
    """The facts that a rule reads, each once, in written order."""
    if isinstance(rule, Rule):
        return tuple(Read(rule.fact_type, ref.fact) for ref in ex.facts_of(rule.when).values())
    return tuple({each.key: each for each in _reads_of_pattern(rule)}.values())


def _reads_of_pattern(rule: PatternRule) -> Iterator[Read]:
    matches = {each.name: each for each in (*rule.match, *rule.absent)}
    for each in matches.values():
        if each.when is not None:
            yield from (Read(each.fact_type, ref.fact) for ref in ex.facts_of(each.when).values())
        yield from (Read(each.fact_type, ref.fact) for ref in each.shared)
        for join in each.joined:
            yield Read(each.fact_type, join.own.fact)
            yield Read(matches[join.other].fact_type, join.theirs.fact)
        if each.where is not None:
            yield from _behind(each.where, matches)
    for expr in (rule.where, rule.after):
        if isinstance(expr, ex.Expr):
            yield from _behind(expr, matches)
    if rule.within is not None or isinstance(rule.after, dt.timedelta):
        events = (each.fact_type for each in rule.match if each.is_event)
        yield from (Read(each, each.moment) for each in events if each.moment is not None)
    if rule.about.ref is not None:
        yield Read(matches[rule.about.match].fact_type, rule.about.ref.fact)


def _behind(expr: ex.Expr, matches: dict[str, Match]) -> Iterator[Read]:
    """The facts in a condition on several matches, each of the type of its match."""
    for ref in ex.facts_of(expr).values():
        if len(ref.fact.path) > 1:  # a match alone stands for no fact of it
            fact_type = matches[ref.fact.path[0]].fact_type
            yield Read(fact_type, inner(ref, fact_type).fact)
