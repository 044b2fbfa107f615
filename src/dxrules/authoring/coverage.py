"""Coverage: which rules, and which of their clauses, examples and cases saw true, false and unknown.

A clause is a written line of a condition. The clauses of a rule are looked at with the facts of its own examples, and
of all cases; those of a definition, with the facts of the examples of every rule that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.authoring.trying import Tried
from dxrules.errors import FactError
from dxrules.language.examples import ExampleFacts, ParameterValues
from dxrules.meaning import Facts, InstanceFacts, value
from dxrules.rulebook import Rule, Rulebook

Truth = bool | None
TRUTHS: tuple[Truth, ...] = (True, False, None)


@attrs.frozen(eq=False)
class Seen:
    """A rule, definition or clause with the truths that it was seen to have, and how often."""

    text: str
    path: str
    line: int
    counts: Mapping[Truth, int]

    @property
    def lacks(self) -> tuple[bool, ...]:
        """Which of true and false it was never seen to be."""
        return tuple(truth for truth in (True, False) if not self.counts.get(truth))


@attrs.frozen(eq=False)
class Covered:
    """What was seen of one rule, or of one definition (whose `whole` is its value)."""

    kind: str
    name: str
    fact_type: str
    pack: str
    whole: Seen
    clauses: tuple[Seen, ...]

    @property
    def complete(self) -> bool:
        """Whether it and all its clauses were seen true and seen false."""
        return not self.whole.lacks and not any(each.lacks for each in self.clauses)


def coverage(rulebook: Rulebook, cases: Iterable[Tried]) -> list[Covered]:
    """What the examples of a rulebook and some cases saw, rule by rule, then definition by definition."""
    tried = list(cases)
    found = [_rule(rulebook, rule, tried) for rule in rulebook.rules]
    for fact_type, definitions in rulebook.definitions.items():
        for name, body in definitions.items():
            if body.type == ex.BOOL and not isinstance(ex.peel(body), ex.FactRef):
                found.append(_definition(rulebook, fact_type, name, body, tried))
    return found


def _rule(rulebook: Rulebook, rule: Rule, tried: list[Tried]) -> Covered:
    whole: dict[Truth, int] = {}
    for example in rule.examples:
        whole[example.fires] = whole.get(example.fires, 0) + 1
    for each in tried:
        if rule.fact_type is rulebook.fact_type_of(type(each.case.fact)) and rule.valid(each.case.as_of):
            waiting = {open_.rule for open_ in each.decision.undetermined}
            truth = None if rule.name in waiting else rule.name in each.decision.codes
            whole[truth] = whole.get(truth, 0) + 1
    facts = [*_of_examples(rulebook, [rule]), *_of_cases(rulebook, rule.fact_type.name, tried)]
    path, line = _place(rule)
    clauses = tuple(_clause(each, facts) for each in own_clauses(rule.when))
    return Covered("rule", rule.name, rule.fact_type.name, rule.pack, Seen(rule.name, path, line, whole), clauses)


def _definition(rulebook: Rulebook, fact_type: str, name: str, body: ex.Expr, tried: list[Tried]) -> Covered:
    users = [rule for rule in rulebook.rules if rule.fact_type.name == fact_type and name in names_used(rule.when)]
    facts = [*_of_examples(rulebook, users), *_of_cases(rulebook, fact_type, tried)]
    clauses = tuple(_clause(each, facts) for each in own_clauses(body))
    first = clauses[0] if clauses else Seen(name, "", 1, {})
    whole = Seen(name, first.path, first.line, _count(body, facts))
    return Covered("definition", name, fact_type, "", whole, clauses)


def own_clauses(expr: ex.Expr) -> Iterator[ex.Clause]:
    """The written lines of a condition, in order; those of the definitions that it names are not among them."""
    if isinstance(expr, ex.Clause):
        yield expr
    elif not isinstance(expr, ex.DefRef):
        for child in ex.children(expr):
            yield from own_clauses(child)


def names_used(expr: ex.Expr) -> set[str]:
    """The definitions that an expression hangs on."""
    return {node.name for node in ex.walk(expr) if isinstance(node, ex.DefRef)}


def _of_examples(rulebook: Rulebook, rules: Iterable[Rule]) -> Iterator[Facts]:
    for rule in rules:
        for example in rule.examples:
            values = ParameterValues(rulebook.parameters, example.as_of)
            yield ExampleFacts(rule.fact_type, example.given, values, example.as_of)


def _of_cases(rulebook: Rulebook, fact_type: str, tried: Iterable[Tried]) -> Iterator[Facts]:
    for each in tried:
        if rulebook.fact_type_of(type(each.case.fact)).name == fact_type:
            day = each.case.as_of
            yield InstanceFacts(each.case.fact, ParameterValues(rulebook.parameters, day), day)


def _clause(clause: ex.Clause, facts: Iterable[Facts]) -> Seen:
    path, line = "", 1
    if clause.span is not None:
        path, line = clause.span.source.path, clause.span.source.position(clause.span.start)[0]
    return Seen(" ".join(clause.text.split()), path, line, _count(clause, facts))


def _count(expr: ex.Expr, facts: Iterable[Facts]) -> dict[Truth, int]:
    counts: dict[Truth, int] = {}
    for each in facts:
        try:
            truth = cast("Truth", value(expr, each))
        except FactError:
            continue
        counts[truth] = counts.get(truth, 0) + 1
    return counts


def _place(rule: Rule) -> tuple[str, int]:
    if rule.span is None:
        return "", 1
    return rule.span.source.path, rule.span.source.position(rule.span.start)[0]
