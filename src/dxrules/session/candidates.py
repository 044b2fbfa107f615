"""Facts that matches look for by equality, and the matches that look for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from dxrules.matching import Present
from dxrules.session.found import Found, Key


class Candidates:
    """Facts by what they are joined by, and matches by what they look for, each under a key.

    A key is None where a value of it is unknown: such a fact may go with any match, and such a match with any fact.
    """

    def __init__(self) -> None:
        self._facts: dict[Key | None, dict[Present, None]] = {}
        self._matches: dict[Key | None, dict[Found, None]] = {}

    def add(self, key: Key | None, present: Present) -> None:
        """Put in a fact."""
        self._facts.setdefault(key, {})[present] = None

    def drop(self, key: Key | None, present: Present) -> None:
        """Take out a fact."""
        held = self._facts[key]
        del held[present]
        if not held:
            del self._facts[key]

    def enter(self, key: Key | None, found: Found) -> None:
        """Put in a match."""
        self._matches.setdefault(key, {})[found] = None

    def leave(self, key: Key | None, found: Found) -> None:
        """Take out a match."""
        held = self._matches[key]
        del held[found]
        if not held:
            del self._matches[key]

    def facts(self, key: Key | None) -> Iterator[Present]:
        """The facts that a match with this key may go with."""
        if key is None:
            return chain.from_iterable(self._facts.values())
        return chain(self._facts.get(key, ()), self._facts.get(None, ()))

    def matches(self, key: Key | None) -> list[Found]:
        """The matches that a fact with this key may go with."""
        if key is None:
            return list(chain.from_iterable(self._matches.values()))
        return [*self._matches.get(key, ()), *self._matches.get(None, ())]
