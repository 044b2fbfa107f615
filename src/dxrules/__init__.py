"""dxrules: declarative rules over attrs classes, and what they require, forbid and advise.

>>> import dxrules
>>> card = dxrules.Card(card_id="c-1", status="active", intent="cancel", arrears_fen=3520)
>>> decision = dxrules.evaluate(card)
>>> decision.verdict("cancel")
<Verdict.BLOCKED: 'blocked'>
>>> [action.code for action in decision.required_actions][:2]
['SETTLE_ARREARS', 'CONTACT_CARRIER']
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dxrules.api import compile, default_rulebook, evaluate, evaluate_many, load
    from dxrules.decision import Decision, Undetermined, Verdict
    from dxrules.engines import Engine
    from dxrules.errors import (
        Diagnostic,
        DxRulesError,
        EngineError,
        FactError,
        FactWarning,
        FrameError,
        MissingExtraError,
        Problem,
        RulebookError,
    )
    from dxrules.explain import (
        Change,
        Clause,
        Explanation,
        MatchedFact,
        Proposal,
        Question,
        Questions,
        Reading,
        RuleExplanation,
        WhatIf,
    )
    from dxrules.facts import Account, CancellationRequest, Card, CardEvent, Labelled, Usage, checked
    from dxrules.files import FileReport, evaluate_file
    from dxrules.fleet import Contradiction, FleetDecision, evaluate_fleet
    from dxrules.frames import FleetFrames, evaluate_fleet_frame, evaluate_frame
    from dxrules.handbook import graph, write_handbook
    from dxrules.language.sources import BUNDLED, Text
    from dxrules.outcome import Outcome
    from dxrules.rulebook import Rulebook
    from dxrules.schema import note
    from dxrules.session import Changes, OutcomeChange, Session
    from dxrules.structuring import structure, structure_text

# Where each public name lives. It is imported when it is first asked for (PEP 562), so that a program pays only for
# what it uses.
_HOMES = {
    "compile": "api",
    "default_rulebook": "api",
    "evaluate": "api",
    "evaluate_many": "api",
    "load": "api",
    "Decision": "decision",
    "Undetermined": "decision",
    "Verdict": "decision",
    "Engine": "engines",
    "Diagnostic": "errors",
    "DxRulesError": "errors",
    "EngineError": "errors",
    "FactError": "errors",
    "FactWarning": "errors",
    "FrameError": "errors",
    "MissingExtraError": "errors",
    "Problem": "errors",
    "RulebookError": "errors",
    "Change": "explain",
    "Clause": "explain",
    "Explanation": "explain",
    "MatchedFact": "explain",
    "Proposal": "explain",
    "Question": "explain",
    "Questions": "explain",
    "Reading": "explain",
    "RuleExplanation": "explain",
    "WhatIf": "explain",
    "Account": "facts",
    "CancellationRequest": "facts",
    "Card": "facts",
    "CardEvent": "facts",
    "Labelled": "facts",
    "Usage": "facts",
    "checked": "facts",
    "FileReport": "files",
    "evaluate_file": "files",
    "Contradiction": "fleet",
    "FleetDecision": "fleet",
    "evaluate_fleet": "fleet",
    "FleetFrames": "frames",
    "evaluate_fleet_frame": "frames",
    "evaluate_frame": "frames",
    "graph": "handbook",
    "write_handbook": "handbook",
    "BUNDLED": "language.sources",
    "Text": "language.sources",
    "Outcome": "outcome",
    "Rulebook": "rulebook",
    "note": "schema",
    "Changes": "session",
    "OutcomeChange": "session",
    "Session": "session",
    "structure": "structuring",
    "structure_text": "structuring",
}

__all__ = [
    "BUNDLED",
    "Account",
    "CancellationRequest",
    "Card",
    "CardEvent",
    "Change",
    "Changes",
    "Clause",
    "Contradiction",
    "Decision",
    "Diagnostic",
    "DxRulesError",
    "Engine",
    "EngineError",
    "Explanation",
    "FactError",
    "FactWarning",
    "FileReport",
    "FleetDecision",
    "FleetFrames",
    "FrameError",
    "Labelled",
    "MatchedFact",
    "MissingExtraError",
    "Outcome",
    "OutcomeChange",
    "Problem",
    "Proposal",
    "Question",
    "Questions",
    "Reading",
    "RuleExplanation",
    "Rulebook",
    "RulebookError",
    "Session",
    "Text",
    "Undetermined",
    "Usage",
    "Verdict",
    "WhatIf",
    "checked",
    "compile",
    "default_rulebook",
    "evaluate",
    "evaluate_file",
    "evaluate_fleet",
    "evaluate_fleet_frame",
    "evaluate_frame",
    "evaluate_many",
    "graph",
    "load",
    "note",
    "structure",
    "structure_text",
    "write_handbook",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'dxrules' has no attribute {name!r}"
        raise AttributeError(message)
    value = globals()[name] = getattr(import_module(f"dxrules.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
