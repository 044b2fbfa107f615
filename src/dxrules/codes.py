"""From the mask of rules to their names: what decisions are asked for most, so what was seen is remembered.

Bit `i` of a mask stands for the rule at place `i`. For few rules there is a list with the names of every mask; for
more, a dictionary that fills as masks are seen. Generated code looks things up in place.
"""

from __future__ import annotations

from collections.abc import Sequence

_LISTED = 12  # rules of which every mask is listed in advance
_KEPT = 16_384  # masks that are remembered, at most
_KEPT_BITS = 1 << 27  # and their bits: 16 MB
_KEPT_NAMES = 1 << 23  # and the names that they stand for: 64 MB
_STRETCH_BITS = 2_560  # a longer mask is decoded in stretches: each step on it costs its whole length

Names = tuple[str, ...]


def places(mask: int) -> list[int]:
    """The places of the bits of a mask, lowest first.

    >>> places(0b10110)
    [1, 2, 4]
    """
    found: list[int] = []
    add = found.append
    base = (mask.bit_length() - 1) // _STRETCH_BITS * _STRETCH_BITS
    while mask:  # from the top, so that what is left grows shorter on the way
        part = mask >> base
        mask ^= part << base
        while part:
            place = part.bit_length() - 1
            add(base + place)
            part ^= 1 << place
        base -= _STRETCH_BITS
    found.reverse()
    return found


class Codes:
    """The names of some rules by the masks of them.

    Attributes:
        names: all names, in order.
        listed: for few rules, the names of every mask; else None.
        seen: for more, those of the masks that were seen.
    """

    __slots__ = ("_held", "_kept", "listed", "names", "seen")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.listed = _every_mask(self.names) if len(self.names) <= _LISTED else None
        self.seen: dict[int, Names] = {0: ()}
        self._held = 0  # names in `seen`
        self._kept = min(_KEPT, _KEPT_BITS // max(1, len(self.names)))

    def __getitem__(self, mask: int) -> Names:
        """The names of the rules of a mask, in order."""
        if self.listed is not None:
            return self.listed[mask]
        found = self.seen.get(mask)
        return self.decode(mask) if found is None else found

    def named(self, mask: int) -> Names:
        """The names of the rules of a mask, in order; neither looked up nor remembered."""
        names = self.names
        return tuple([names[place] for place in places(mask)])

    def decode(self, mask: int) -> Names:
        """The names of the rules of a mask that was not seen yet; remembered from now on."""
        found = self.named(mask)
        self._held += len(found)
        if len(self.seen) >= self._kept or self._held > _KEPT_NAMES:
            self.seen.clear()  # everything: which sets of rules come again may have changed
            self._held = len(found)
        self.seen[mask] = found
        return found


def _every_mask(names: Names) -> list[Names]:
    found: list[Names] = [()]
    for name in names:
        found += [(*before, name) for before in found]
    return found
