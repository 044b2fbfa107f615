"""The compiled engine from outside: which program decides which fact on which day."""

from __future__ import annotations

import datetime as dt
import time
from bisect import bisect_right
from collections import Counter
from itertools import count
from typing import Any

from dxrules.decision import Decision
from dxrules.engines.compiled.program import Program, compile_epoch
from dxrules.engines.day import day_of
from dxrules.plan import plan_of
from dxrules.rulebook import Rulebook

_numbers = count(1)  # tells apart the sources of engines in tracebacks


class CompiledEngine:
    """Decides facts by generated code, which is made for an epoch and a fact type when first needed.

    On the instance, `evaluate` is the generated function itself for today's facts of the type with the most rules: a
    call less for most decisions. It passes on to `_evaluate` whatever else it is asked. Today is looked up once a day:
    in between, a decision compares the time with those at which the day begins and ends.
    """

    name = "compiled"

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._cuts = rulebook.cuts()
        self._programs: dict[tuple[type, int], Program] = {}
        self._number = next(_numbers)
        self._today = dt.date.min
        self._begin = self._end = 0.0
        counts = Counter(rule.fact_type.cls for rule in rulebook.rules)
        self._main = counts.most_common(1)[0][0] if counts else None
        self._look_up_today()

    def evaluate(self, fact: Any, as_of: dt.date | None = None) -> Decision:
        """Decide one fact as of a day, by default today.

        Raises:
            FactError: a rule hangs on what the fact's class does not take.
            EngineError: the rulebook has no such facts, or `as_of` is no date.
        """
        return self._evaluate(fact, as_of)

    def _evaluate(self, fact: Any, as_of: dt.date | None) -> Decision:
        if as_of is None:
            if not self._begin <= time.time() < self._end:
                self._look_up_today()
            day = self._today
        else:
            day = day_of(as_of)
        program = self._programs.get((type(fact), bisect_right(self._cuts, day)))
        if program is None:
            program = self._program(type(fact), day)
        return program.decide(fact, None, program.at(day))

    def _program(self, cls: type, day: dt.date) -> Program:
        """The program for a class on a day; one for a class above it serves it too."""
        fact_type = self.rulebook.fact_type_of(cls)
        epoch = bisect_right(self._cuts, day)
        found = self._programs.get((fact_type.cls, epoch))
        if found is None:
            label = f"{self._number} {fact_type.name} epoch {epoch}"
            found = compile_epoch(plan_of(self.rulebook.epoch(fact_type, day)), label, self._evaluate)
            self._programs[fact_type.cls, epoch] = found
        self._programs[cls, epoch] = found
        return found

    def _look_up_today(self) -> None:
        now = time.time()
        today = dt.datetime.fromtimestamp(now).date()  # noqa: DTZ006  # the local day is meant
        midnight = dt.datetime.combine(today, dt.time())
        begin, end = midnight.timestamp(), (midnight + dt.timedelta(days=1)).timestamp()
        # The times are set last: until then another thread looks up today for itself.
        self._begin = self._end = 0.0
        self._today = today
        self._begin, self._end = begin, end
        for program in self._programs.values():
            program.set_today(None, 0.0, 0.0)
        if self._main is not None:
            program = self._program(self._main, today)
            program.set_today(program.at(today), begin, end)
            self.evaluate = program.decide  # type: ignore[method-assign]  # see the class
