"""Deciding records one after the other."""

from __future__ import annotations

import datetime as dt

from dxrules import engines
from dxrules.cli.records import Record, as_mapping
from dxrules.decision import Decision
from dxrules.engines.day import day_of
from dxrules.errors import FactError
from dxrules.rulebook import Rulebook
from dxrules.structuring import structure, structure_text

# The interpreter needs about a millisecond a fact and no preparation; to compile the bundled rules takes as long as
# interpreting some forty facts (benchmarks/command_line.py). Both give the same decisions.
_INTERPRETED = 40


class Decider:
    """Makes facts of records, and decides them, all as of one day."""

    def __init__(self, rulebook: Rulebook, cls: type, as_of: dt.date | None) -> None:
        rulebook.fact_type_of(cls)
        self._cls = cls
        self._rulebook = rulebook
        self._day = day_of(as_of)
        self._engine = engines.make(rulebook, "reference")
        self._decided = 0

    @property
    def day(self) -> dt.date:
        """The day for which facts are decided."""
        return self._day

    def decide(self, record: Record) -> Decision | FactError | str:
        """The decision on a record, or what is wrong with it."""
        if record.error is not None:
            return record.error
        if self._decided == _INTERPRETED:
            self._engine = engines.make(self._rulebook, "compiled")
        self._decided += 1
        try:
            given = as_mapping(record)
            fact: object = structure_text(given, self._cls) if record.text else structure(given, self._cls)
            return self._engine.evaluate(fact, self._day)
        except FactError as error:
            return error
