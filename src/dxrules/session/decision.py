"""The decision of a session on a fact: that of the fact's own rules, and what pattern rules found about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from dxrules.codes import places
from dxrules.decision import Decision, StoredAt, StoredPlan, Verdict, _restore
from dxrules.matching import MatchFacts
from dxrules.outcome import Outcome
from dxrules.pattern import PatternRule, in_order
from dxrules.plan import Plan
from dxrules.render import render
from dxrules.rulebook import Lang
from dxrules.session.found import Shown
from dxrules.values import Plain

if TYPE_CHECKING:
    from dxrules.explain import Explanation


@attrs.frozen(eq=False)
class MatchMessage:
    """A message that is formatted from a match when it is asked for."""

    pattern: PatternRule
    shown: Shown
    parameters: Mapping[str, Plain]
    as_of: dt.date

    def text(self, lang: Lang, *, personal: bool = True) -> str:
        """The message in that language; personal data in it can be masked."""
        facts = MatchFacts(self.shown.bound, self.parameters, self.as_of)
        return render(self.pattern.message[lang], lang, facts, personal=personal)


def outcome_of(pattern: PatternRule, shown: Shown, parameters: Mapping[str, Plain], as_of: dt.date) -> Outcome:
    """The outcome of a pattern rule that fires by a match."""
    message = MatchMessage(pattern, shown, parameters, as_of)
    return Outcome(
        pattern.kind, pattern.name, pattern.target, pattern.severity, pattern.deadline, pattern.source, message
    )


@attrs.frozen
class Matched:
    """An outcome of a pattern rule, and the facts that it matched, in the order of the rule."""

    outcome: Outcome
    facts: tuple[Any, ...]
    pattern: PatternRule = attrs.field(eq=False, repr=False)
    shown: Shown = attrs.field(eq=False, repr=False)


class SessionDecision(Decision):
    """A decision to which pattern rules add outcomes. Pattern rules are never undetermined."""

    __slots__ = ("_found", "_operations")

    _found: tuple[Matched, ...]
    _operations: frozenset[str]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the rules that fired conclude: highest priority first."""
        own = zip(self._own_rules(), super().outcomes, strict=True)
        ranked = [(in_order(rule), outcome) for rule, outcome in own]
        ranked += [(in_order(each.pattern), each.outcome) for each in self._found]
        return tuple(outcome for _, outcome in sorted(ranked, key=lambda pair: pair[0]))

    def _own_rules(self) -> Sequence[Any]:
        plan = self._at.plan
        assert isinstance(plan, Plan)
        return [plan.epoch.rules[place] for place in places(self._fired)]

    def verdict(self, operation: str) -> Verdict:
        """Whether an operation may be done; see `Decision.verdict`."""
        if any(_blocks(each.pattern, operation) for each in self._found):
            return Verdict.BLOCKED
        if operation in self._operations and operation not in self._at.plan.blocks:
            return Verdict.ALLOWED
        return super().verdict(operation)

    def ready(self, operation: str) -> bool | None:
        """Whether an operation is allowed and no required action that gates it is open; see `Decision.ready`."""
        verdict = self.verdict(operation)
        if verdict is Verdict.BLOCKED or any(self._gates(each.pattern, operation) for each in self._found):
            return False
        return super().ready(operation) if operation in self._at.plan.blocks else True

    def _gates(self, rule: PatternRule, operation: str) -> bool:
        plan = self._at.plan
        assert isinstance(plan, Plan)
        return rule.kind == "require" and rule.deadline in plan.epoch.gates.get(operation, ())

    @property
    def matched(self) -> tuple[Matched, ...]:
        """The outcomes of pattern rules, each with the facts that it matched."""
        return self._found

    def explain(self) -> Explanation:
        """Why: the rules on the fact, and the pattern rules that fire, with the facts that they matched."""
        from dxrules.explain import explain_match

        own, subject = super().explain(), self._subject()
        epoch = subject.plan.epoch
        order = {rule.name: in_order(rule) for rule in epoch.rules}
        ranked = [(order[each.code], each) for each in own.rules]
        for each in self._found:
            message = MatchMessage(each.pattern, each.shown, epoch.parameters, self.as_of)
            names = subject.names_of(each.pattern.target)
            found = explain_match(each.pattern, each.facts, message, names, epoch.parameters, self.as_of)
            ranked.append((in_order(each.pattern), found))
        return attrs.evolve(own, rules=tuple(each for _, each in sorted(ranked, key=lambda pair: pair[0])))

    def __reduce__(self) -> tuple[Any, ...]:
        plan = self._at.plan
        assert isinstance(plan, Plan)
        # A bit for each pattern rule that fired, above those of the other rules.
        bits = [(each.pattern, 1 << (len(plan.names) + place)) for place, each in enumerate(self._found)]
        fired = self._fired | sum(bit for _, bit in bits)
        seen = fired | self._open
        blocks: dict[str, int] = {}
        gated: dict[str, int] = {}
        for operation in self._operations.union(plan.blocks):
            blocks[operation] = plan.blocks.get(operation, 0) & seen
            blocks[operation] |= sum(bit for rule, bit in bits if _blocks(rule, operation))
            gated[operation] = plan.gated.get(operation, 0) & seen
            gated[operation] |= sum(bit for rule, bit in bits if self._gates(rule, operation))
        stored = StoredPlan(plan.digest, self.outcomes, tuple(self.undetermined), self._open, blocks, gated)
        return _restore, (StoredAt(stored, self.as_of), self._fact, fired)


def _blocks(rule: PatternRule, operation: str) -> bool:
    return rule.kind == "block" and rule.target == operation


def session_decision(own: Decision, found: Iterable[Matched], operations: frozenset[str]) -> SessionDecision:
    """A decision with the outcomes of pattern rules added.

    Args:
        own: the decision by the fact's own rules.
        found: what pattern rules found about the fact.
        operations: the operations that pattern rules on the fact's type block.
    """
    decision = SessionDecision()
    decision._at = own._at
    decision._fact = own._fact
    decision._fired = own._fired
    decision._undetermined = own.undetermined  # type: ignore[assignment]
    decision._found = tuple(found)
    decision._operations = operations
    decision._codes = tuple(outcome.code for outcome in decision.outcomes)
    return decision
