"""dxrules: declarative rules over attrs classes, and what they require, forbid and advise.

>>> import dxrules
>>> card = dxrules.Card(card_id="c-1", status="active", intent="cancel", arrears_fen=3520)
>>> decision = dxrules.evaluate(card)
>>> decision.verdict("cancel")
<Verdict.BLOCKED: 'blocked'>
>>> [action.code for action in decision.required_actions][:2]
['SETTLE_ARREARS', 'CONTACT_CARRIER']
"""

from dxrules.api import compile, default_rulebook, evaluate, evaluate_many, load
from dxrules.decision import Decision, Undetermined, Verdict
from dxrules.engines import Engine
from dxrules.errors import (
    Diagnostic,
    DxRulesError,
    EngineError,
    FactError,
    MissingExtraError,
    Problem,
    RulebookError,
)
from dxrules.facts import Account, CancellationRequest, Card, Usage
from dxrules.language.sources import BUNDLED, Text
from dxrules.outcome import Outcome
from dxrules.rulebook import Rulebook
from dxrules.structure import structure, structure_text

__all__ = [
    "BUNDLED",
    "Account",
    "CancellationRequest",
    "Card",
    "Decision",
    "Diagnostic",
    "DxRulesError",
    "Engine",
    "EngineError",
    "FactError",
    "MissingExtraError",
    "Outcome",
    "Problem",
    "Rulebook",
    "RulebookError",
    "Text",
    "Undetermined",
    "Usage",
    "Verdict",
    "compile",
    "default_rulebook",
    "evaluate",
    "evaluate_many",
    "load",
    "structure",
    "structure_text",
]
