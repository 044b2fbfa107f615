"""How many matches a fact will make: counted before durable-rules makes them."""

from __future__ import annotations

from collections.abc import Mapping

from dxrules.engines.rete.patterns import Key, Layout

_STEPS = 10  # facts looked at, for each match that is allowed


class Index:
    """The facts that have a property of durable-rules, by its name and number, with all their properties."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[int, dict[int, Mapping[str, int]]]] = {}

    def add(self, name: str, number: int, fact: int, keys: Mapping[str, int]) -> None:
        """Enter a fact under one of its properties."""
        self._facts.setdefault(name, {}).setdefault(number, {})[fact] = keys

    def remove(self, name: str, number: int, fact: int) -> None:
        """Take a fact from under one of its properties."""
        held = self._facts[name][number]
        del held[fact]
        if not held:
            del self._facts[name][number]

    def find(self, name: str, number: int | None) -> Mapping[int, Mapping[str, int]]:
        """The facts with a property of this number."""
        held = self._facts.get(name)
        return {} if held is None or number is None else held.get(number, {})


def partial_matches(layout: Layout, place: int, keys: Mapping[str, int | None], index: Index, limit: int) -> int:
    """How many matches a fact that takes a slot will complete, and how many partial ones that durable-rules stores.

    The joins that durable-rules is asked for make a tree of the slots, and it joins them in their order: a partial
    match is one of the slots up to some slot. Facts that would take two slots are counted too, so the count may be too
    high, never too low.

    Args:
        layout: the pattern.
        place: the slot.
        keys: the fact's properties.
        index: the facts that are in.
        limit: beyond it the count is not exact.
    """
    if len(layout.keys) == 2:  # nearly all: the facts across, and, of the first slot, the fact itself
        ways = 1
        for key in layout.keys[place]:
            if key.peer is not None:
                ways *= len(index.find(key.peer_name, keys[key.name]))
        return ways + (place == 0)
    counter = _Counter(layout, index, _STEPS * limit)
    total = 0
    for last in range(place, len(layout.keys)):
        total += counter.below(place, -1, keys, last)
        if counter.steps < 0:
            return limit + 1
        if total > limit:
            break
    return total


class _Counter:
    def __init__(self, layout: Layout, index: Index, steps: int) -> None:
        self._layout = layout
        self._index = index
        self.steps = steps

    def below(self, place: int, origin: int, keys: Mapping[str, int | None], last: int) -> int:
        """In how many ways the slots up to `last` beyond a fact's slot can be taken, but for those beyond `origin`."""
        ways = 1
        for key in self._layout.keys[place]:
            if key.peer is not None and key.peer != origin and key.peer <= last:
                ways *= self._beyond(key, key.peer, keys[key.name], last)
                if not ways:
                    break
        return ways

    def _beyond(self, key: Key, peer: int, number: int | None, last: int) -> int:
        facts = self._index.find(key.peer_name, number)
        others = [each for each in self._layout.keys[peer] if each.name != key.peer_name and each.peer is not None]
        if not any(each.peer is not None and each.peer <= last for each in others):
            return len(facts)
        self.steps -= len(facts)
        if self.steps < 0:
            return 0
        return sum(self.below(peer, key.slot, keys, last) for keys in facts.values())
