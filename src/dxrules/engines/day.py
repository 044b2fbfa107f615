"""The day of a decision: the one that is asked for, or today."""

from __future__ import annotations

import datetime as dt

from dxrules.errors import EngineError, shown


def day_of(as_of: dt.date | None) -> dt.date:
    """The day that is meant.

    Raises:
        EngineError: `as_of` is no date.

    >>> day_of(dt.date(2026, 1, 31))
    datetime.date(2026, 1, 31)
    """
    if as_of is None:
        return dt.date.today()
    if type(as_of) is dt.date:
        return as_of
    hint = "; take its `.date()`" if isinstance(as_of, dt.datetime) else ""
    message = f"`as_of` takes a date, not {shown(as_of)}{hint}"
    raise EngineError(message)
