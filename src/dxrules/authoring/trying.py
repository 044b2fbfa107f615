"""Trying cases: how a decision differs from what its case expects."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from dxrules.authoring.cases import Case
from dxrules.decision import Decision
from dxrules.engines import Engine
from dxrules.explain import RuleExplanation


@attrs.frozen
class Difference:
    """One thing in which a decision is not what was expected.

    `rule` is the rule that it is about, and `explanation` why that does what it does; None for an operation.
    """

    expected: str
    found: str
    rule: str | None = None
    explanation: RuleExplanation | None = attrs.field(default=None, repr=False, eq=False)


@attrs.frozen(eq=False)
class Tried:
    """A case with its decision and the differences; none when it passes."""

    case: Case
    decision: Decision
    differences: tuple[Difference, ...]


def try_case(case: Case, engine: Engine) -> Tried:
    """Decide a case and compare."""
    decision = engine.evaluate(case.fact, case.as_of)
    rules = [_explained(decision, each) for each in _rules(case, decision)]
    return Tried(case, decision, (*rules, *_order(case, decision, rules), *_operations(case, decision, engine)))


def _rules(case: Case, decision: Decision) -> Iterator[Difference]:
    expected, codes = case.expected, decision.codes
    waiting = {each.rule: each.missing for each in decision.undetermined}

    def state(name: str) -> str:
        if name in codes:
            return "fires"
        return f"is undetermined, waiting for {', '.join(waiting[name])}" if name in waiting else "does not fire"

    for name in dict.fromkeys((*(expected.codes or ()), *expected.fires)):
        if name not in codes:
            yield Difference("fires", state(name), name)
    if expected.codes is not None:
        for name in codes:
            if name not in expected.codes:
                yield Difference("does not fire", "fires", name)
    for name in expected.silent:
        if name in waiting or (name in codes and expected.codes is None):
            yield Difference("does not fire", state(name), name)
    for name in expected.undetermined:
        if name not in waiting:
            yield Difference("is undetermined", state(name), name)


def _explained(decision: Decision, difference: Difference) -> Difference:
    assert difference.rule is not None
    return attrs.evolve(difference, explanation=decision.why_not(difference.rule))


def _order(case: Case, decision: Decision, rules: list[Difference]) -> Iterator[Difference]:
    expected = case.expected.codes
    if expected is not None and not rules and expected != decision.codes:
        yield Difference(f"in this order: {', '.join(expected)}", ", ".join(decision.codes))


def _operations(case: Case, decision: Decision, engine: Engine) -> Iterator[Difference]:
    expected = case.expected
    if expected.blocked is not None:
        found = {each for each in engine.rulebook.operations if decision.verdict(each) == "blocked"}
        for operation in sorted(found ^ set(expected.blocked)):
            blocked = operation in found
            yield Difference(
                f"`{operation}` is {'not ' if blocked else ''}blocked", f"it is {decision.verdict(operation)}"
            )
    for operation, verdict in expected.verdicts.items():
        if decision.verdict(operation) != verdict:
            yield Difference(f"`{operation}` is {verdict}", f"it is {decision.verdict(operation)}")
    words = {True: "ready", False: "not ready", None: "not known to be ready or not"}
    for operation, ready in expected.ready.items():
        answer = decision.ready(operation)
        if answer is not ready:
            yield Difference(f"`{operation}` is {words[ready]}", f"it is {words[answer]}")
