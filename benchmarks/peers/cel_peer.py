"""common-expression-language: CEL in Rust.

All rules are one compiled sum of bits, over one context that is kept and updated. A variable resolver in
place of the context measured the same; a fresh dict a card 1.3 times slower, a list of booleans 1.1 times.
"""

from benchmarks.peers.peer import Codes, Peer, as_dict, codes_by_mask
from benchmarks.workload import CODES, BenchCard

CONDITIONS = {
    "SETTLE_ARREARS": "cancel_requested && arrears_fen > 0",
    "SUSPEND_NOW": "(lost || stolen) && status == 'active'",
    "CONTACT_OPERATOR": "lost || stolen",
    "BATCH_CANCEL": "reason == 'business_change' && holder_type == 'enterprise' && fleet_size >= 2",
    "PREPARE_IDENTITY": "cancel_requested && !id_document_ready",
    "PREPARE_CARD_DETAILS": "cancel_requested && !card_details_ready",
    "BACK_UP": "cancel_requested && !data_backed_up",
    "PROTECT_PERSONAL_DATA": "cancel_requested && holds_personal_data",
    "CANCEL_IDLE": "idle_days >= 90 && monthly_fee_fen > 0 && status == 'active' && !cancel_requested",
    "BRING_ID": "cancel_requested && channel == 'store' && !id_document_ready",
    "COMPLIANCE": "complaints_30d >= 3",
    "ALREADY": "cancel_requested && status in ['cancelled', 'pending_cancellation']",
}


def build() -> Codes:
    """Compile once, keep one context: every card sets every variable."""
    import cel

    terms = (f"(({CONDITIONS[code]}) ? {1 << bit} : 0)" for bit, code in enumerate(CODES))
    execute, codes_of = cel.compile(" + ".join(terms)).execute, codes_by_mask()
    context = cel.Context()
    update = context.update

    def codes(card: BenchCard) -> tuple[str, ...]:
        update(as_dict(card))
        return codes_of[execute(context)]

    return codes


PEERS = (Peer("common-expression-language", "common-expression-language", build),)
