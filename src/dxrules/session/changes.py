"""What a step of a session changed."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import attrs

from dxrules.outcome import Outcome

Ignored = Literal["duplicate", "too old", "not read"]


@attrs.frozen
class OutcomeChange:
    """An outcome that began or ended.

    Attributes:
        fact_type: the name of the fact type whose decision it is part of.
        key: the key of that fact: for a `Card` its `card_id`.
        outcome: the outcome.
        facts: the facts that caused it: for a pattern rule those that it matched, in its order; else the fact itself.
    """

    fact_type: str
    key: str
    outcome: Outcome
    facts: tuple[Any, ...]

    @property
    def code(self) -> str:
        """The code of the outcome: the name of its rule."""
        return self.outcome.code


@attrs.frozen
class Changes:
    """What one call changed: the outcomes that are there now and were not before, and the other way round.

    They are sorted by fact type, by key, and then as in a decision.

    Attributes:
        now: the time of the session after the call; None before it has one.
        began: outcomes that began.
        ended: outcomes that ended, each with the facts that had caused it.
        ignored: why an event was not taken in: it is a `duplicate` of one that is held, it is `too old` to count, or
            it is `not read` by any pattern rule. None for everything else.
    """

    now: dt.datetime | None
    began: tuple[OutcomeChange, ...] = ()
    ended: tuple[OutcomeChange, ...] = ()
    ignored: Ignored | None = None

    def __bool__(self) -> bool:
        """Whether any outcome began or ended."""
        return bool(self.began or self.ended)
