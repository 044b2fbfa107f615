"""The picture of a rulebook: which facts feed which rules, and what these conclude."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import attrs

from dxrules.explain.text import label_of
from dxrules.explain.words import effect
from dxrules.handbook.kinds import AnyRule, Read, outcome_key, owner_of, reads_of
from dxrules.pattern import PatternRule
from dxrules.rulebook import Lang, Rulebook

Column = Literal["fact", "rule", "outcome"]
_ROUNDS = 4  # of putting nodes beside what they hang together with; more changes hardly anything


@attrs.frozen
class Node:
    """A fact, a rule or an outcome. `key` is unique in its picture; `style` says of what kind a rule or outcome is."""

    key: str
    column: Column
    text: str
    style: str = ""
    fact: Read | None = attrs.field(default=None, eq=False)
    rule: AnyRule | None = attrs.field(default=None, eq=False)


@attrs.frozen
class Graph:
    """Nodes by column, in the order in which they are drawn; edges by keys, with how many rules each is for."""

    facts: tuple[Node, ...]
    rules: tuple[Node, ...]
    outcomes: tuple[Node, ...]
    edges: tuple[tuple[str, str, int], ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes."""
        return (*self.facts, *self.rules, *self.outcomes)


def graph_of(rulebook: Rulebook, rules: Iterable[AnyRule], lang: Lang, *, with_rules: bool = True) -> Graph:
    """The picture of some rules of a rulebook; without the rules themselves, facts lead to outcomes."""
    rules = tuple(rules)
    several = len({each.fact_type.name for rule in rules for each in reads_of(rule)}) > 1
    columns: dict[Column, dict[str, Node]] = {"fact": {}, "rule": {}, "outcome": {}}
    edges: dict[tuple[str, str], int] = {}
    for rule in rules:
        outcome = _outcome(rulebook, rule, lang)
        columns["outcome"].setdefault(outcome.key, outcome)
        end = outcome
        if with_rules:
            style = f"{rule.kind} pattern" if isinstance(rule, PatternRule) else rule.kind
            end = Node(f"rule {owner_of(rule).name} {rule.name}", "rule", rule.name, style, rule=rule)
            columns["rule"][end.key] = end
            edges[end.key, outcome.key] = 1
        for read in reads_of(rule):
            fact = _fact(read, lang, several=several)
            columns["fact"].setdefault(fact.key, fact)
            edges[fact.key, end.key] = edges.get((fact.key, end.key), 0) + 1
    facts, middle, outcomes = _ordered([list(each.values()) for each in columns.values()], list(edges))
    return Graph(facts, middle, outcomes, tuple((start, end, count) for (start, end), count in edges.items()))


def _outcome(rulebook: Rulebook, rule: AnyRule, lang: Lang) -> Node:
    text = effect(rule.kind, None if rule.target is None else rulebook.called(rule.target, lang), lang)
    return Node(f"outcome {outcome_key(rule)}", "outcome", text, rule.kind)


def _fact(read: Read, lang: Lang, *, several: bool) -> Node:
    text = label_of(read.fact.name, read.fact, lang)
    shown = f"{read.fact_type.name}: {text}" if several else text
    return Node(f"fact {' '.join(read.key)}", "fact", shown, fact=read)


def _ordered(columns: Sequence[list[Node]], edges: Sequence[tuple[str, str]]) -> list[tuple[Node, ...]]:
    """The columns, their nodes moved near what they are joined to, so that few lines cross.

    The barycentre heuristic of Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System
    Structures, IEEE Transactions on Systems, Man and Cybernetics 11 (1981).
    """
    near: dict[str, list[str]] = {}
    for start, end in edges:
        near.setdefault(start, []).append(end)
        near.setdefault(end, []).append(start)
    found = [list(column) for column in columns]
    where = {node.key: place / max(1, len(column)) for column in found for place, node in enumerate(column)}
    for _ in range(_ROUNDS):
        for column in (*found, *reversed(found)):
            centre = {node.key: _mean([where[key] for key in near.get(node.key, ())]) for node in column}
            column.sort(key=lambda node: centre[node.key])
            where.update((node.key, place / len(column)) for place, node in enumerate(column))
    return [tuple(column) for column in found]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
