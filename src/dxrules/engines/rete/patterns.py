"""Patterns over several facts, and how durable-rules is asked for them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import count

import attrs

from dxrules.errors import EngineError

MAX_SLOTS = 16  # of a pattern: the facts that one match of durable-rules holds


@attrs.frozen
class Join:
    """An equality with an earlier slot: each of `own` values equals its counterpart in `its`, values of that slot."""

    own: tuple[str, ...]
    slot: int
    its: tuple[str, ...]


@attrs.frozen
class Slot:
    """A place in a pattern that one fact takes. Every slot but the first joins an earlier one."""

    joins: tuple[Join, ...] = ()


@attrs.frozen
class Pattern:
    """Facts that belong together: for each slot one, no fact twice, joined as the slots say.

    >>> call_after_loss = Pattern("CALL_AFTER_LOSS", (Slot(), Slot((Join(("card_id",), 0, ("card_id",)),))))
    """

    name: str
    slots: tuple[Slot, ...]


@attrs.frozen
class Match:
    """Facts that make up a pattern: their ids, in the order of its slots."""

    pattern: str
    ids: tuple[Hashable, ...]


@attrs.frozen
class Key:
    """A property of durable-rules' facts: one number for the values of some names, which another slot's must equal.

    `slot` is whose it is; `peer` the slot that joins it, with the property `peer_name`. Without a peer it only says
    that a fact may take the slot.
    """

    name: str
    values: tuple[str, ...]
    slot: int
    peer: int | None = None
    peer_name: str = ""


@attrs.frozen
class Layout:
    """A pattern and its keys: by slot, that with which it joins an earlier slot first (if any), then the others.

    `needed` are by slot the names of the values without which a fact cannot take it; `checked` are the joins that
    durable-rules is not asked for, with their slots: only the first join of a slot is.
    """

    pattern: Pattern
    keys: tuple[tuple[Key, ...], ...]
    needed: tuple[frozenset[str], ...]
    checked: tuple[tuple[int, Join], ...]

    def rule(self) -> object:
        """The pattern as a rule of durable-rules: each element one comparison on a property of its own."""
        elements: list[object] = []
        for place, keys in enumerate(self.keys):
            key = keys[0]
            test: object = {"$ex": {key.name: 1}} if place == 0 else {key.name: {f"s{key.peer}": key.peer_name}}
            elements.append({f"s{place}": test})
        return {"all": elements}


def lay_out(patterns: Iterable[Pattern]) -> list[Layout]:
    """The layouts of patterns; no two slots share a property.

    Raises:
        EngineError: a pattern that durable-rules could not hold, or that joins what does not come before.
    """
    numbers = count()
    return [_layout(pattern, numbers) for pattern in patterns]


def _layout(pattern: Pattern, numbers: count[int]) -> Layout:
    slots = pattern.slots
    if not 1 <= len(slots) <= MAX_SLOTS:
        raise EngineError(f"pattern `{pattern.name}` has {len(slots)} slots; it can have 1 to {MAX_SLOTS}")
    keys: list[list[Key]] = [[] for _ in slots]
    needed: list[set[str]] = [set() for _ in slots]
    checked: list[tuple[int, Join]] = []
    for place, slot in enumerate(slots):
        if bool(slot.joins) is (place == 0):
            what = "joins nothing" if place else "cannot join: it is the first"
            raise EngineError(f"pattern `{pattern.name}`: slot {place} {what}")
        for join in slot.joins:
            if not 0 <= join.slot < place or not join.own or len(join.own) != len(join.its):
                raise EngineError(f"pattern `{pattern.name}`: slot {place} has a join that is none: {join}")
            needed[place].update(join.own)
            needed[join.slot].update(join.its)
        if place:
            first, *others = slot.joins
            checked += [(place, join) for join in others]
            own, its = f"k{next(numbers)}", f"k{next(numbers)}"
            keys[place].insert(0, Key(own, first.own, place, first.slot, its))
            keys[first.slot].append(Key(its, first.its, first.slot, place, own))
    if len(slots) == 1:
        keys[0].append(Key(f"k{next(numbers)}", (), 0))
    return Layout(pattern, tuple(map(tuple, keys)), tuple(map(frozenset, needed)), tuple(checked))
