"""durable-rules: Rete in C, once by its C module and once by its own classes.

The C module needs no actions; the classes take one action a rule. Both keep to what that engine decides
correctly: integers, text and booleans compared with literals, one constant id, the fact taken back after
each card. A rule whose `$or` matches twice is reported twice, hence the sets.
"""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

from benchmarks.peers.peer import Codes, Peer, as_dict
from benchmarks.workload import CODES, BenchCard

_CANCELLING = {"cancel_requested": True}
_GONE = {"$or": [{"lost": True}, {"stolen": True}]}
_ACTIVE = {"status": "active"}

CONDITIONS: dict[str, dict[str, Any]] = {
    "SETTLE_ARREARS": {"$and": [_CANCELLING, {"$gt": {"arrears_fen": 0}}]},
    "SUSPEND_NOW": {"$and": [_GONE, _ACTIVE]},
    "CONTACT_OPERATOR": _GONE,
    "BATCH_CANCEL": {
        "$and": [{"reason": "business_change"}, {"holder_type": "enterprise"}, {"$gte": {"fleet_size": 2}}]
    },
    "PREPARE_IDENTITY": {"$and": [_CANCELLING, {"id_document_ready": False}]},
    "PREPARE_CARD_DETAILS": {"$and": [_CANCELLING, {"card_details_ready": False}]},
    "BACK_UP": {"$and": [_CANCELLING, {"data_backed_up": False}]},
    "PROTECT_PERSONAL_DATA": {"$and": [_CANCELLING, {"holds_personal_data": True}]},
    "CANCEL_IDLE": {
        "$and": [
            {"$gte": {"idle_days": 90}},
            {"$gt": {"monthly_fee_fen": 0}},
            _ACTIVE,
            {"cancel_requested": False},
        ]
    },
    "BRING_ID": {"$and": [_CANCELLING, {"channel": "store"}, {"id_document_ready": False}]},
    "COMPLIANCE": {"$gte": {"complaints_30d": 3}},
    "ALREADY": {"$and": [_CANCELLING, {"$or": [{"status": "cancelled"}, {"status": "pending_cancellation"}]}]},
}

_IDENTITY = {"id": "card", "sid": "0"}
_ruleset_names = map("cards{}".format, count())


def _fact(card: BenchCard) -> dict[str, Any]:
    """The card as a dict that says who it is."""
    fact = as_dict(card)
    fact["id"], fact["sid"] = "card", "0"
    return fact


def build_direct() -> Codes:
    """Call the C module: assert, read what matched off the pending actions, take back."""
    import durable_rules_engine as rete

    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    rules = {f"r{index}": {"all": [{"m": CONDITIONS[code]}]} for index, code in enumerate(CODES)}
    handle = rete.create_ruleset(next(_ruleset_names), encode(rules))
    identity = encode(_IDENTITY)

    def codes(card: BenchCard) -> tuple[str, ...]:
        text = encode(_fact(card))
        fired: set[int] = set()
        status = -1
        try:
            status, state = rete.assert_fact(handle, text)
            if status == 1:  # nothing matched, nothing was stored
                return ()
            if status:
                raise RuntimeError(f"assert_fact returned {status}")
            started = rete.start_action_for_state(handle, state)
            match = started and started[1]
            while match:  # '{"r7":{"m":{...}}}'
                fired.add(int(match[3 : match.index('"', 3)]))
                match = rete.complete_and_start_action(handle, state)
        finally:
            if status != 1:
                rete.retract_fact(handle, identity)
        return tuple([CODES[index] for index in sorted(fired)])

    return codes


def build_classes() -> Codes:
    """Use `Host`, with an action a rule that notes its code."""
    from durable.engine import Host, MessageNotHandledException

    class QuietHost(Host):  # type: ignore[misc]  # the library has no types
        """A host without its two timer threads, which would run beside the other engines' samples."""

        def _run(self) -> None:
            return

    fired: set[str] = set()

    def noting(code: str) -> Callable[[object], None]:
        def note(_context: object) -> None:  # a plain function of one argument: the library counts them
            fired.add(code)

        return note

    rules = {code: {"all": [{"m": condition}], "run": noting(code)} for code, condition in CONDITIONS.items()}
    name = next(_ruleset_names)
    host = QuietHost()
    host.set_rulesets({name: rules})

    def codes(card: BenchCard) -> tuple[str, ...]:
        fired.clear()
        try:
            host.assert_fact(name, _fact(card))
        except MessageNotHandledException:
            return ()
        host.retract_fact(name, _IDENTITY)
        return tuple([code for code in CODES if code in fired])

    return codes


PEERS = (
    Peer("durable-rules, C module", "durable-rules", build_direct),
    Peer("durable-rules, classes", "durable-rules", build_classes),
)
