"""The reference engine: every rule's written tree interpreted by `dxrules.meaning`, and nothing else.

It is slow and obvious, and it is the meaning: every other engine must give its answers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from dxrules.decision import Decision
from dxrules.engines.day import day_of
from dxrules.engines.interpret import interpret
from dxrules.plan import At, Plan, plan_of
from dxrules.rulebook import Rulebook


class ReferenceEngine:
    """Interprets a rulebook as it is written."""

    name = "reference"

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._plans: dict[int, Plan] = {}

    def evaluate(self, fact: Any, as_of: dt.date | None = None) -> Decision:
        """Decide one fact as of a day, by default today.

        Raises:
            FactError: the fact holds what its class does not take.
            EngineError: the rulebook has no such facts, or `as_of` is no date.
        """
        day = day_of(as_of)
        epoch = self.rulebook.epoch(self.rulebook.fact_type_of(type(fact)), day)
        plan = self._plans.get(id(epoch))  # the rulebook keeps its epochs alive
        if plan is None:
            plan = self._plans[id(epoch)] = plan_of(epoch)
        return interpret(fact, At(plan, day))
