"""What was probably meant: the nearest of the known names."""

from __future__ import annotations

import bisect
import difflib
import functools
from collections.abc import Iterable

_MOST_COMPARED = 200


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is near.

    >>> nearest("arears_fen", ["arrears_fen", "balance_fen"])
    'arrears_fen'
    >>> nearest("xyz", ["lost"]) is None
    True
    """
    names, folded = _prepared(tuple(known))
    if name.casefold() in folded:
        return folded[name.casefold()]
    if len(names) > _MOST_COMPARED:  # of very many only those that begin like it
        middle = bisect.bisect(names, name)
        names = names[max(0, middle - _MOST_COMPARED // 2) : middle + _MOST_COMPARED // 2]
    found = difflib.get_close_matches(name[:100], names, n=1, cutoff=0.6)
    return found[0] if found else None


@functools.lru_cache(maxsize=8)
def _prepared(known: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    names = sorted(set(known))
    return names, {each.casefold(): each for each in reversed(names)}


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A help text for an unknown name: the nearest known one, or all of them when they are few.

    >>> did_you_mean("actve", ["active", "cancelled"])
    'did you mean `active`?'
    >>> did_you_mean("x", ["en", "zh"])
    'it can be `en` or `zh`'
    """
    names = list(dict.fromkeys(known))
    found = nearest(name, names)
    if found is not None:
        return f"did you mean `{found}`?"
    return f"it can be {listed(names)}" if 0 < len(names) <= 12 else None


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names in backticks as a sentence lists them.

    >>> listed(["a", "b", "c"])
    '`a`, `b` or `c`'
    """
    quoted = [f"`{each}`" for each in names]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)
