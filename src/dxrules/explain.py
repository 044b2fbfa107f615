"""Explanations: the clauses of rules with their truth and the values that they read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.errors import FactError
from dxrules.meaning import Facts, InstanceFacts, missing_of_rule, settle, value
from dxrules.render import show
from dxrules.rulebook import Epoch, Rule

_MARK = {True: "true", False: "false", None: "unknown"}


@attrs.frozen
class ClauseExplanation:
    """One written clause: its text, its truth (None is unknown), and the facts that it reads with their values."""

    text: str
    truth: bool | None
    values: tuple[tuple[str, str], ...]


@attrs.frozen
class RuleExplanation:
    """One rule: its effective truth, its message, its clauses, and what it waits for when it is undetermined."""

    code: str
    kind: str
    target: str | None
    truth: bool | None
    source: tuple[str, ...]
    clauses: tuple[ClauseExplanation, ...]
    missing: tuple[str, ...]


@attrs.frozen
class Explanation:
    """Why a decision is what it is. `str(explanation)` is readable text; personal data is masked in it."""

    rules: tuple[RuleExplanation, ...]

    def __str__(self) -> str:
        fired = [line for rule in self.rules if rule.truth is not None for line in _lines(rule)]
        waiting = [_waiting(rule) for rule in self.rules if rule.truth is None]
        head = ["undetermined, each with the facts that it waits for:"] if waiting else []
        return "\n".join([*fired, *head, *waiting]) or "no rule fires"


def _lines(rule: RuleExplanation) -> Iterator[str]:
    about = f" {rule.target}" if rule.target else ""
    source = f"  [{', '.join(rule.source)}]" if rule.source else ""
    yield f"{rule.code}: {rule.kind}{about}{source}"
    for clause in rule.clauses:
        yield f"  {_MARK[clause.truth]:7}  {' '.join(clause.text.split())}"
        if clause.values:
            yield f"           {', '.join(f'{name} = {text}' for name, text in clause.values)}"


def _waiting(rule: RuleExplanation) -> str:
    return f"  {rule.code}: {', '.join(rule.missing)}"


def explain(epoch: Epoch, places: list[int], fact: object, as_of: dt.date) -> Explanation:
    """Explain the rules at some places of an epoch, which were decided for a fact."""
    facts = InstanceFacts(fact, epoch.parameters, as_of)
    truths = [_truth(rule.when, facts) for rule in epoch.rules]
    effective = settle(epoch, truths)
    return Explanation(tuple(_explain(epoch, place, epoch.rules[place], effective[place], facts) for place in places))


def _explain(epoch: Epoch, place: int, rule: Rule, truth: bool | None, facts: Facts) -> RuleExplanation:
    clauses = tuple(_clause(each, facts) for each in clauses_of(rule.when))
    missing = missing_of_rule(epoch, place, facts) if truth is None else ()
    return RuleExplanation(rule.name, rule.kind, rule.target, truth, rule.source, clauses, missing)


def clauses_of(expr: ex.Expr) -> Iterator[ex.Clause]:
    """The written lines of a condition, in order; those of the definitions that it names are not among them."""
    if isinstance(expr, ex.Clause):
        yield expr
    else:
        for child in ex.children(expr):
            yield from clauses_of(child)


def _clause(clause: ex.Clause, facts: Facts) -> ClauseExplanation:
    read = ex.facts_of(clause)
    values = tuple((name, _shown(ref, facts)) for name, ref in read.items())
    return ClauseExplanation(clause.text, _truth(clause, facts), values)


def _truth(expr: ex.Expr, facts: Facts) -> bool | None:
    """The truth of a condition; unknown where it hangs on a value that its type does not take.

    That happens only beside a part that decides: else there would be no decision to explain.
    """
    try:
        return cast("bool | None", value(expr, facts))
    except FactError:
        return None


def _shown(ref: ex.FactRef, facts: Facts) -> str:
    try:
        found = facts.read(ref)
    except FactError as error:
        return error.problems[0].found
    if ref.fact.type.kind == "group":
        return "given" if found else "unknown"
    if ref.fact.note is not None and ref.fact.note.personal and found is not None:
        return "***"
    if isinstance(found, str):  # as the clause above it writes it, not by its label
        return f'"{found}"'
    if isinstance(found, frozenset):
        return f"{{{', '.join(sorted(found))}}}"
    return show(found, ref.fact.type, "en")
