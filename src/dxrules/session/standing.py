"""The decisions on the facts of a session by their own rules, and how they change from day to day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

from dxrules import engines
from dxrules import expression as ex
from dxrules.decision import Decision
from dxrules.engines import Engine
from dxrules.matching import Present
from dxrules.rulebook import Rulebook
from dxrules.session.memory import Key


class Standing:
    """The decisions by ordinary rules. Nothing is decided before the session has a time."""

    def __init__(self, rulebook: Rulebook) -> None:
        engine: Engine | None = rulebook.cache.get("engine")  # which `evaluate` shares
        if engine is None:
            engine = rulebook.cache["engine"] = engines.make(rulebook, "compiled")
        self._engine = engine
        self._cuts = rulebook.cuts()
        self.day: dt.date | None = None
        self._decisions: dict[Key, tuple[Present, Decision]] = {}
        # The fact types whose decisions hang on the day as such, not only on its epoch.
        self._daily = {
            rule.fact_type
            for rule in rulebook.rules
            if any(isinstance(node, ex.DaysSince) for node in ex.walk(rule.when))
        }

    def decide(self, present: Present, day: dt.date) -> Decision:
        """The decision on a fact on a day."""
        return self._engine.evaluate(present.fact, day)

    def stale(self, day: dt.date) -> list[Present]:
        """The facts that another day may decide otherwise."""
        if self.day is None or day == self.day:
            return []
        same = bisect_right(self._cuts, day) == bisect_right(self._cuts, self.day)
        if same and not self._daily:
            return []
        return [each for each, _ in self._decisions.values() if not same or each.fact_type in self._daily]

    def on(self, day: dt.date) -> None:
        """Note the day."""
        self.day = day

    def put(self, present: Present, decision: Decision) -> tuple[Present, Decision] | None:
        """Note a decision; gives the one before it."""
        name = present.name
        before = self._decisions.get(name)
        self._decisions[name] = present, decision
        return before

    def drop(self, present: Present) -> tuple[Present, Decision] | None:
        """Forget a decision, and give it."""
        return self._decisions.pop(present.name, None)
