"""Small numbers that stand for values."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import count

import attrs

from dxrules.engines.rete.hashing import fnv1a


@attrs.define
class Numbers:
    """Numbers for values: one for equal values, and no two whose written forms have the same 32-bit hash.

    A number is held as often as it was taken; when it was given back as often, it is forgotten.

    Args:
        prefix: stands before each number when it is written.
        reserved: texts whose hashes no written number may have.

    >>> numbers = Numbers()
    >>> numbers.take("a"), numbers.take("b"), numbers.take("a")
    (1, 2, 1)
    """

    prefix: str = ""
    reserved: tuple[str, ...] = ()
    _held: dict[Hashable, list[int]] = attrs.field(factory=dict, init=False)  # the number, and how often it is held
    _hashes: set[int] = attrs.field(init=False)
    _next: count[int] = attrs.field(factory=lambda: count(1), init=False)

    def __attrs_post_init__(self) -> None:
        self._hashes = {fnv1a(text) for text in self.reserved}

    def __len__(self) -> int:
        return len(self._held)

    def find(self, value: Hashable) -> int | None:
        """The number of a value that has one."""
        found = self._held.get(value)
        return None if found is None else found[0]

    def take(self, value: Hashable) -> int:
        """The number of a value, a new one if it has none; hold it once more."""
        found = self._held.get(value)
        if found is None:
            number = next(self._next)
            while (hashed := fnv1a(f"{self.prefix}{number}")) in self._hashes:
                number = next(self._next)
            self._hashes.add(hashed)
            found = self._held[value] = [number, 0]
        found[1] += 1
        return found[0]

    def give_back(self, value: Hashable) -> None:
        """Hold the number of a value once less."""
        found = self._held[value]
        found[1] -= 1
        if not found[1]:
            del self._held[value]
            self._hashes.remove(fnv1a(f"{self.prefix}{found[0]}"))
