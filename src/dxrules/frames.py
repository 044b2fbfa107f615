"""Deciding the rows of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from dxrules.api import default_rulebook
from dxrules.engines.day import day_of
from dxrules.engines.frame import Addition, OnError, decide_frame
from dxrules.facts import Card
from dxrules.rulebook import Rulebook


def evaluate_frame(
    frame: Any,
    *,
    rulebook: Rulebook | None = None,
    facts: type = Card,
    as_of: dt.date | None = None,
    add: Sequence[Addition] = ("codes", "blocked", "undetermined"),
    on_error: OnError | None = None,
    python_checks: bool = True,
) -> Any:
    """Decide every row of a table, by columns."""
    return decide_frame(
        frame,
        default_rulebook() if rulebook is None else rulebook,
        facts,
        day_of(as_of),
        add=add,
        on_error=on_error,
        python_checks=python_checks,
    )
