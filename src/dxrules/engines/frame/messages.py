"""The messages of the rules that fired, a line each, for tables in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dxrules.engines.frame.rowwise import mapping_of
from dxrules.outcome import Outcome, bound_outcome, shared_outcome
from dxrules.rulebook import LANGS, Epoch, Lang
from dxrules.schema import FactType
from dxrules.structuring import structure


class _Rows(Protocol):
    def iter_rows(self, *, named: bool) -> Any:
        """The rows, as mappings."""


def messages(
    table: _Rows, found: _Rows, fact_type: FactType, epoch: Epoch, day: dt.date, langs: Sequence[Lang]
) -> Mapping[Lang, list[str | None]]:
    """For each language the messages of each row, None for a row that is no fact.

    Args:
        table: the facts.
        found: a column `dx_rule_NAME` for each rule, and `dx_invalid` if rows may be wrong.
        fact_type: what the rows are.
        epoch: the rules.
        day: the day for which they were decided.
        langs: the languages.
    """
    shared = [shared_outcome(rule) for rule in epoch.rules]
    texts: dict[Lang, list[str | None]] = {lang: [] for lang in LANGS if lang in langs}
    for row, truths in zip(table.iter_rows(named=True), found.iter_rows(named=True), strict=True):
        fired = [place for place, rule in enumerate(epoch.rules) if truths[f"dx_rule_{rule.name}"]]
        outcomes: list[Outcome] = []
        fact: Any = None
        for place in fired:
            outcome = shared[place]
            if outcome is None:
                if fact is None:
                    fact = structure(mapping_of(row, fact_type), fact_type.cls)
                outcome = bound_outcome(epoch.rules[place], fact, epoch.parameters, day)
            outcomes.append(outcome)
        for lang, lines in texts.items():
            wrong = truths.get("dx_invalid") is not None
            lines.append(None if wrong else "\n".join(outcome.message(lang) for outcome in outcomes))
    return texts
