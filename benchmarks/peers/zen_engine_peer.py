"""zen-engine: GoRules in Rust, as one compiled expression and as the decision table that it is known for.

The expression returns a sum of bits; a list of booleans and a filtered list of codes measured slower (1.1
and 1.3 times), and so did `ZenDecision.evaluate` (20 times) beside `ZenEngine.evaluate` with a static
loader.
"""

import json
from typing import Any

from benchmarks.peers.peer import Codes, Peer, as_dict, codes_by_mask
from benchmarks.workload import CODES

CONDITIONS = {
    "SETTLE_ARREARS": "cancel_requested and arrears_fen > 0",
    "SUSPEND_NOW": "(lost or stolen) and status == 'active'",
    "CONTACT_OPERATOR": "lost or stolen",
    "BATCH_CANCEL": "reason == 'business_change' and holder_type == 'enterprise' and fleet_size >= 2",
    "PREPARE_IDENTITY": "cancel_requested and not id_document_ready",
    "PREPARE_CARD_DETAILS": "cancel_requested and not card_details_ready",
    "BACK_UP": "cancel_requested and not data_backed_up",
    "PROTECT_PERSONAL_DATA": "cancel_requested and holds_personal_data",
    "CANCEL_IDLE": "idle_days >= 90 and monthly_fee_fen > 0 and status == 'active' and not cancel_requested",
    "BRING_ID": "cancel_requested and channel == 'store' and not id_document_ready",
    "COMPLIANCE": "complaints_30d >= 3",
    "ALREADY": "cancel_requested and status in ['cancelled', 'pending_cancellation']",
}


def build_expression() -> Codes:
    """All rules in one expression."""
    import zen

    terms = (f"(({CONDITIONS[code]}) ? {1 << bit} : 0)" for bit, code in enumerate(CODES))
    evaluate, codes_of = zen.compile_expression(" + ".join(terms)).evaluate, codes_by_mask()
    return lambda card: codes_of[evaluate(as_dict(card))]


def build_table() -> Codes:
    """One row a rule in a decision table that collects."""
    import zen

    evaluate = zen.ZenEngine({"loader": {"type": "static", "content": {"cards": _graph()}}}).evaluate
    return lambda card: tuple([row["code"] for row in evaluate("cards", as_dict(card))["result"]])


def _graph() -> dict[str, Any]:
    """The least decision graph: input, table, output."""
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "condition", "name": "condition"}],
        "outputs": [{"id": "code", "field": "code", "name": "code"}],
        "rules": [{"_id": code, "condition": CONDITIONS[code], "code": json.dumps(code)} for code in CODES],
    }
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {
                "id": "table",
                "type": "decisionTableNode",
                "name": "table",
                "position": place,
                "content": table,
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "first", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "second", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


PEERS = (
    Peer("zen-engine, expression", "zen-engine", build_expression),
    Peer("zen-engine, collect table", "zen-engine", build_table),
)
