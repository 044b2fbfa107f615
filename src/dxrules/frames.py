"""Deciding the rows of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import attrs

from dxrules.api import default_rulebook
from dxrules.engines.day import day_of
from dxrules.engines.frame import Addition, OnError, decide_fleet_frame, decide_frame
from dxrules.facts import Card
from dxrules.fleet import rollup_of
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
    """Decide every row of a table, by columns.

    Args:
        frame: a Polars DataFrame or LazyFrame, a pandas DataFrame, a PyArrow Table, a DuckDB relation or a PySpark
            DataFrame. A column holds the fact of its name; those of a group have dotted names (`request.stage`) or
            are the fields of a struct column. A null is unknown. Other columns are left alone.
        rulebook: the rules; the bundled ones by default.
        facts: the class of the facts that the rows are.
        as_of: the day for which to decide, the same for all rows; today by default.
        add: which columns to add: `codes`, `blocked` (operations) and `undetermined` (rules), texts joined by commas;
            `rules`, one truth value a rule, null where it is undetermined; `severity`, that of the worst outcome;
            `messages_en` and `messages_zh`, a line an outcome (tables in memory only).
        on_error: what becomes of rows that are no facts: `raise`, the default for tables in memory, or `mark`, the
            default for lazy ones, which adds `dx_invalid` with what is wrong and leaves the other columns null. With
            `trust` values are not checked, because that was done before: it is quicker, and what is said of a row
            that is no fact means nothing.
        python_checks: whether a class that checks or changes its facts by Python code of its own is asked, row by
            row; lazy tables cannot.

    Returns:
        The same kind of table with the columns `dx_codes` and so on added. Nothing lazy is collected.

    Warns:
        FactWarning: facts that rules read have no column; once a call.

    Raises:
        FrameError: rows are no facts: what is wrong in which columns, how often, and where first.
        EngineError: it is no such table, a required column is missing, or an argument is wrong.
        MissingExtraError: Polars is not installed, in which tables in memory are decided.

    >>> import polars as pl
    >>> from dxrules import Text, load
    >>> import attrs
    >>> @attrs.frozen
    ... class Loan:
    ...     overdue_days: int | None = None
    >>> rules = load(Text('''
    ... rulebook: loans
    ... facts: Loan
    ... rules:
    ...   REMIND:
    ...     when: overdue_days > 30
    ...     warn:
    ...     message: {en: "overdue", zh: "逾期"}
    ... '''), facts=[Loan])
    >>> found = evaluate_frame(pl.DataFrame({"overdue_days": [31, 30, None]}), rulebook=rules, facts=Loan)
    >>> found["dx_codes"].to_list(), found["dx_undetermined"].to_list()
    (['REMIND', '', ''], ['', '', 'REMIND'])
    """
    return decide_frame(
        frame,
        default_rulebook() if rulebook is None else rulebook,
        facts,
        day_of(as_of),
        add=add,
        on_error=on_error,
        python_checks=python_checks,
    )


@attrs.frozen(eq=False)
class FleetFrames:
    """What the rules say of a fleet in tables.

    Attributes:
        cards: the table of cards with the columns added, and with what they left open filled from their accounts.
        accounts: a table with a row an account: its key, what its cards add up to, the columns added, and
            `dx_contradictions`, which says where what is given differs from what its cards add up to.
    """

    cards: Any
    accounts: Any


def evaluate_fleet_frame(
    frame: Any,
    accounts: Any = None,
    *,
    rulebook: Rulebook | None = None,
    facts: type = Card,
    as_of: dt.date | None = None,
    add: Sequence[Addition] = ("codes", "blocked", "undetermined"),
    on_error: OnError | None = None,
    python_checks: bool = True,
) -> FleetFrames:
    """Decide every row of a table of cards, and the accounts that they add up to.

    It gives the answers of `dxrules.evaluate_fleet`. A row that is no card leaves everything of its account unknown.

    Args:
        frame: a table of cards, as `evaluate_frame` takes it, with a column for the key (`account_id`).
        accounts: a table of the same kind with what is known of accounts, a row each.
        rulebook: the rules; the bundled ones by default.
        facts: the class of the facts that the rows are.
        as_of: the day for which to decide; today by default.
        add: as `evaluate_frame` takes it.
        on_error: as `evaluate_frame` takes it.
        python_checks: as `evaluate_frame` takes it.

    Raises:
        FrameError: rows, or what they add up to, are no facts.
        EngineError: the rulebook rolls nothing up, or an argument is wrong.

    >>> import polars as pl
    >>> cards = pl.DataFrame({"card_id": ["c-1", "c-2"], "account_id": ["a", "a"], "status": ["active", "active"]})
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):  # most facts have no column here
    ...     fleet = evaluate_fleet_frame(cards)
    >>> fleet.accounts["live_cards"].to_list(), fleet.cards["fleet_size"].to_list()
    ([2], [2, 2])
    """
    rulebook = default_rulebook() if rulebook is None else rulebook
    cards, holders = decide_fleet_frame(
        frame,
        accounts,
        rulebook,
        rollup_of(rulebook, facts),
        day_of(as_of),
        add=add,
        on_error=on_error,
        python_checks=python_checks,
    )
    return FleetFrames(cards, holders)
