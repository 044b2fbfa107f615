"""The facts of the bundled rules: cards, requests to cancel them, their use, accounts, and events.

Money is in fen, time in whole days, and None is unknown. There are no names, numbers of identity papers,
telephone numbers or call contents: `card_id` and `account_id` are keys of the caller's own choosing.
"""

from dxrules.facts.checking import checked
from dxrules.facts.enums import (
    BoundService,
    CallerId,
    CardStatus,
    Channel,
    EventKind,
    HolderType,
    Intent,
    Labelled,
    Material,
    Operator,
    Product,
    RealName,
    Reason,
    RiskHold,
    Stage,
)
from dxrules.facts.models import Account, CancellationRequest, Card, CardEvent, Usage

__all__ = [
    "Account",
    "BoundService",
    "CallerId",
    "CancellationRequest",
    "Card",
    "CardEvent",
    "CardStatus",
    "Channel",
    "EventKind",
    "HolderType",
    "Intent",
    "Labelled",
    "Material",
    "Operator",
    "Product",
    "RealName",
    "Reason",
    "RiskHold",
    "Stage",
    "Usage",
    "checked",
]
