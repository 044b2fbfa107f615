"""How decisions changed, told as outcomes that began and ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dxrules.decision import Decision
from dxrules.matching import Present
from dxrules.pattern import in_order
from dxrules.rulebook import Rulebook
from dxrules.session.changes import OutcomeChange
from dxrules.session.memory import Memory

Decided = tuple[Present, Decision]
"""A fact, and the decision on it by its own rules."""


class Teller:
    """Tells changes, by fact type, by key, and in the order of decisions."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._ranks = {(rule.fact_type.name, rule.name): in_order(rule) for rule in rulebook.rules}
        self._ranks |= {(rule.about.fact_type.name, rule.name): in_order(rule) for rule in rulebook.patterns}

    def tell(
        self, own: Sequence[tuple[Decided | None, Decided | None]], memory: Memory
    ) -> tuple[tuple[OutcomeChange, ...], tuple[OutcomeChange, ...]]:
        """What began and what ended: by the facts' own rules, and by pattern rules.

        Args:
            own: what was decided about a fact before and after; None where it was not, or is not, held.
            memory: asked for what pattern rules found since it was last asked.
        """
        found = memory.changes() if memory.now is not None else []
        if not own and not found:
            return (), ()  # as after nearly every event
        began: list[OutcomeChange] = []
        ended: list[OutcomeChange] = []
        for before, after in own:
            ended += _left(before, after)
            began += _left(after, before)
        for rule, subject, was, now in found:
            shown = was if now is None else now
            assert shown is not None
            change = OutcomeChange(rule.about.fact_type.name, subject, memory.outcome(rule, shown), shown.facts)
            (ended if now is None else began).append(change)
        return self._sorted(began), self._sorted(ended)

    def _sorted(self, changes: list[OutcomeChange]) -> tuple[OutcomeChange, ...]:
        def rank(change: OutcomeChange) -> tuple[str, str, tuple[int, str, int]]:
            return change.fact_type, change.key, self._ranks[change.fact_type, change.code]

        return tuple(sorted(changes, key=rank))


def _left(one: Decided | None, other: Decided | None) -> Iterator[OutcomeChange]:
    """The outcomes of one decision that another does not have."""
    if one is None:
        return
    present, decision = one
    codes = set(decision.codes).difference(() if other is None else other[1].codes)
    if codes:
        type_, key = present.name
        for outcome in decision.outcomes:
            if outcome.code in codes:
                yield OutcomeChange(type_, key, outcome, (present.fact,))
