"""The engines: alike from outside, and each in agreement with `reference`."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from dxrules.decision import Decision
from dxrules.errors import EngineError
from dxrules.rulebook import Rulebook
from dxrules.suggest import did_you_mean

NAMES = ("compiled", "reference", "rete")


class Engine(Protocol):
    """What every engine is: a rulebook made ready to decide facts."""

    @property
    def name(self) -> str:
        """The engine's name."""

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook that it decides by."""

    def evaluate(self, fact: Any, as_of: dt.date | None = None) -> Decision:
        """Decide one fact as of a day, by default today."""


def make(rulebook: Rulebook, name: str) -> Engine:
    """The engine of a name for a rulebook.

    Raises:
        EngineError: there is no such engine.
        MissingExtraError: the engine needs a package that is not there.
    """
    if name == "compiled":
        from dxrules.engines.compiled import CompiledEngine

        return CompiledEngine(rulebook)
    if name == "reference":
        from dxrules.engines.reference import ReferenceEngine

        return ReferenceEngine(rulebook)
    if name == "rete":
        from dxrules.engines.rete import ReteEngine

        return ReteEngine(rulebook)
    message = f"there is no engine `{name}`; {did_you_mean(str(name), NAMES)}"
    raise EngineError(message)
