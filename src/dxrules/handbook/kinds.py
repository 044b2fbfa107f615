"""What rules on one fact and pattern rules have in common: whom they are about, and what they read."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from dxrules import expression as ex
from dxrules import matching
from dxrules.pattern import PatternRule
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
    read = matching.reads_of(rule)
    every = [Read(each.fact_type, ref.fact) for each in (*rule.match, *rule.absent) for ref in read[each.name].values()]
    return tuple({each.key: each for each in every}.values())
