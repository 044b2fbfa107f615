"""The plan of an epoch: what all its decisions share, and how their bit masks are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from dxrules.codes import Codes, places
from dxrules.meaning import InstanceFacts, missing_of_rule
from dxrules.outcome import Outcome, bound_outcome, shared_outcome
from dxrules.rulebook import Epoch


@attrs.frozen(eq=False)
class Plan:
    """What the decisions of one epoch share.

    Bit `i` of a mask stands for `epoch.rules[i]`. `blocks` and `gated` are, for each operation, the rules that block
    it and the required actions that stand in its way.
    """

    epoch: Epoch
    names: tuple[str, ...]
    shared: tuple[Outcome | None, ...]
    blocks: Mapping[str, int]
    gated: Mapping[str, int]
    codes: Codes

    @property
    def digest(self) -> str:
        """The digest of the rulebook."""
        return self.epoch.digest

    def outcomes(self, fired: int, fact: Any, as_of: dt.date) -> tuple[Outcome, ...]:
        """The outcomes of the rules that fired on a fact, in order."""
        epoch = self.epoch
        return tuple(
            self.shared[place] or bound_outcome(epoch.rules[place], fact, epoch.parameters, as_of)
            for place in places(fired)
        )

    def missing(self, name: str, fact: Any, as_of: dt.date) -> tuple[str, ...]:
        """The unknown facts that an undetermined rule waits for."""
        return missing_of_rule(self.epoch, self.names.index(name), InstanceFacts(fact, self.epoch.parameters, as_of))


@attrs.frozen(eq=False)
class At:
    """A plan on one day: what all decisions of that day share."""

    plan: Plan
    day: dt.date


def plan_of(epoch: Epoch) -> Plan:
    """The plan for the decisions of an epoch."""
    blocks = dict.fromkeys(epoch.operations, 0)
    gated = dict.fromkeys(epoch.operations, 0)
    for place, rule in enumerate(epoch.rules):
        if rule.kind == "block" and rule.target is not None:
            blocks[rule.target] |= 1 << place
        if rule.kind == "require":
            for operation, deadlines in epoch.gates.items():
                if rule.deadline in deadlines and operation in gated:
                    gated[operation] |= 1 << place
    names = tuple(rule.name for rule in epoch.rules)
    return Plan(epoch, names, tuple(map(shared_outcome, epoch.rules)), blocks, gated, Codes(names))
