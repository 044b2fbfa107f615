"""The plan of an epoch: what all its decisions share, and how their bit masks are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from dxrules.meaning import InstanceFacts, missing_of_rule
from dxrules.outcome import Outcome, bound_outcome, shared_outcome
from dxrules.rulebook import Epoch

_LISTED = 12  # rules of which every mask is decoded in advance
_KEPT = 4_096  # mask decodings that a plan remembers
_STRETCH_BITS = 3_072  # a longer mask is decoded in stretches: each step on it costs its whole length
_STRETCH = (1 << _STRETCH_BITS) - 1


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
    codes_of: dict[int, tuple[str, ...]] | list[tuple[str, ...]]

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

    def decode(self, mask: int) -> tuple[str, ...]:
        """The names of the rules of a mask, in order; the usual masks are remembered."""
        if isinstance(self.codes_of, list):
            return self.codes_of[mask]
        found = self.codes_of.get(mask)
        if found is None:
            found = tuple([self.names[place] for place in places(mask)])
            if len(self.codes_of) < _KEPT:
                self.codes_of[mask] = found
        return found

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
    codes_of: dict[int, tuple[str, ...]] | list[tuple[str, ...]] = {0: ()}
    if len(names) <= _LISTED:
        codes_of = _every_mask(names)
    return Plan(epoch, names, tuple(map(shared_outcome, epoch.rules)), blocks, gated, codes_of)


def _every_mask(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The names of the rules of every mask: for few rules a list, which is quicker to look into than a table."""
    found: list[tuple[str, ...]] = [()]
    for name in names:
        found += [(*before, name) for before in found]
    return found


def places(mask: int) -> list[int]:
    """The places of the bits of a mask, lowest first.

    >>> places(0b10110)
    [1, 2, 4]
    """
    found: list[int] = []
    base = 0
    while mask:
        part = mask & _STRETCH if mask > _STRETCH else mask
        from_top = []
        while part:  # from the top, so that what is left grows shorter on the way
            place = part.bit_length() - 1
            from_top.append(base + place)
            part ^= 1 << place
        from_top.reverse()
        found += from_top
        mask >>= _STRETCH_BITS
        base += _STRETCH_BITS
    return found
