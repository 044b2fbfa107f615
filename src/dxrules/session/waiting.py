"""Facts that wait under a key for others with the same key."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from dxrules.matching import Present


class Waiting:
    """Facts by key. Most keys have one fact, which stands for itself: a dict of one would take 200 bytes more."""

    __slots__ = ("_facts",)

    def __init__(self) -> None:
        self._facts: dict[Hashable, Present | dict[Present, None]] = {}

    def add(self, key: Hashable, present: Present) -> None:
        """Put in a fact."""
        held = self._facts.setdefault(key, present)
        if type(held) is dict:
            held[present] = None
        elif held is not present:
            self._facts[key] = {held: None, present: None}  # type: ignore[dict-item]  # it is no dict

    def drop(self, key: Hashable, present: Present) -> None:
        """Take out a fact; one that is not there is passed over."""
        held = self._facts.get(key)
        if held is present:
            del self._facts[key]
        elif type(held) is dict:
            held.pop(present, None)
            if not held:
                del self._facts[key]

    def held(self, key: Hashable) -> Collection[Present]:
        """The facts under a key."""
        held = self._facts.get(key)
        if held is None:
            return ()
        return held if type(held) is dict else (held,)  # type: ignore[return-value]
