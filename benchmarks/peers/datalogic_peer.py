"""datalogic-py: JSONLogic in Rust, all rules as one compiled sum of bits, evaluated in a session.

Measured slower: `merge` of lists of codes (1.1 times), `cat` of texts, a list of booleans, a `DataHandle` a
card.
"""

from typing import Any

from benchmarks.peers.peer import Codes, Peer, as_dict, codes_by_mask
from benchmarks.workload import CODES


def _var(fact: str) -> dict[str, Any]:
    return {"var": fact}


def _not(fact: str) -> dict[str, Any]:
    return {"!": [_var(fact)]}


_CANCELLING = _var("cancel_requested")
_GONE = {"or": [_var("lost"), _var("stolen")]}
_ACTIVE = {"==": [_var("status"), "active"]}

CONDITIONS: dict[str, Any] = {
    "SETTLE_ARREARS": {"and": [_CANCELLING, {">": [_var("arrears_fen"), 0]}]},
    "SUSPEND_NOW": {"and": [_GONE, _ACTIVE]},
    "CONTACT_OPERATOR": _GONE,
    "BATCH_CANCEL": {
        "and": [
            {"==": [_var("reason"), "business_change"]},
            {"==": [_var("holder_type"), "enterprise"]},
            {">=": [_var("fleet_size"), 2]},
        ]
    },
    "PREPARE_IDENTITY": {"and": [_CANCELLING, _not("id_document_ready")]},
    "PREPARE_CARD_DETAILS": {"and": [_CANCELLING, _not("card_details_ready")]},
    "BACK_UP": {"and": [_CANCELLING, _not("data_backed_up")]},
    "PROTECT_PERSONAL_DATA": {"and": [_CANCELLING, _var("holds_personal_data")]},
    "CANCEL_IDLE": {
        "and": [
            {">=": [_var("idle_days"), 90]},
            {">": [_var("monthly_fee_fen"), 0]},
            _ACTIVE,
            _not("cancel_requested"),
        ]
    },
    "BRING_ID": {"and": [_CANCELLING, {"==": [_var("channel"), "store"]}, _not("id_document_ready")]},
    "COMPLIANCE": {">=": [_var("complaints_30d"), 3]},
    "ALREADY": {"and": [_CANCELLING, {"in": [_var("status"), ["cancelled", "pending_cancellation"]]}]},
}


def build() -> Codes:
    """Compile once, keep one session."""
    from datalogic_py import Engine

    engine = Engine()
    rule = engine.compile({"+": [{"if": [CONDITIONS[code], 1 << bit, 0]} for bit, code in enumerate(CODES)]})
    session = engine.session()
    evaluate, codes_of = session.evaluate, codes_by_mask()
    return lambda card: codes_of[evaluate(rule, as_dict(card))]


PEERS = (Peer("datalogic-py", "datalogic-py", build),)
