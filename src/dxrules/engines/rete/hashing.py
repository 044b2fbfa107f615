"""The 32-bit hash by which durable-rules knows names, ids and values, and what must not collide in it."""

from __future__ import annotations

from collections.abc import Iterable

from dxrules.errors import EngineError

_BASIS = 2_166_136_261
_PRIME = 16_777_619
_MASK = 0xFFFF_FFFF


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash of an ASCII text (Fowler, Noll and Vo; draft-eastlake-fnv).

    Only of ASCII: durable-rules takes bytes above 127 for negative numbers on some processors, and not on others.

    >>> fnv1a("liquid") == fnv1a("costarring")
    True
    """
    found = _BASIS
    for byte in text.encode("ascii"):
        found = (found ^ byte) * _PRIME & _MASK
    return found


def check_distinct(names: Iterable[str]) -> None:
    """Check that no two names would be taken for one, nor any for nothing.

    Raises:
        EngineError: two of them have one hash.
    """
    seen = {0: "nothing"}
    for name in dict.fromkeys(names):
        other = seen.setdefault(fnv1a(name), name)
        if other != name:
            raise EngineError(f"durable-rules would take `{name}` for `{other}`: their 32-bit hashes are the same")
