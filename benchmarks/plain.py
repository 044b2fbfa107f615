"""The patterns of `rules/watch.yaml` as a plain durable-rules program: what somebody writes who has no session.

Facts are asserted as they come, and taken out after their window. Facts that go together, and single events, are found
by the engine, in one ruleset within what is safe of it. What is not safe or not right there is done in Python: times
are compared; what must be absent is looked up (`none` fires wrongly with two such facts); what comes due waits in a
queue; three reports of an account are counted. There are no decisions, changes, examples, checks, or file.
"""

import datetime as dt
import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import attrs

from dxrules import Card, CardEvent
from dxrules.engines.rete.hashing import fnv1a

KEEP = dt.timedelta(days=30)
DAY = dt.timedelta(days=1)
REPORTS = ("loss_reported", "misuse_reported")
LIVE = ("active", "suspended_voluntary", "suspended_lost", "suspended_arrears", "suspended_risk")


def _kind(*kinds: str) -> dict[str, Any]:
    tests = [{"kind": kind} for kind in kinds]
    return tests[0] if len(tests) == 1 else {"$or": tests}


def _pair(first: dict[str, Any], second: dict[str, Any], key: str) -> dict[str, Any]:
    return {"all": [{"a": first}, {"b": {"$and": [second, {key: {"a": key}}]}}]}


RULES = {
    "CALL_AFTER_LOSS": _pair(_kind(*REPORTS), _kind("outgoing_call"), "card_id"),
    "CHARGE_AFTER_LOSS": _pair(_kind(*REPORTS), _kind("charge"), "card_id"),
    "LOSS_NOT_SUSPENDED": {"all": [{"a": _kind(*REPORTS)}]},
    "SEVERAL_LOSSES_IN_ACCOUNT": {"all": [{"a": _kind("loss_reported")}]},
    "ARREARS_AFTER_SUBMISSION": _pair(_kind("cancellation_submitted"), _kind("arrears_billed"), "card_id"),
    "REVIEW_OVERDUE": {"all": [{"a": _kind("cancellation_submitted")}]},
    "CALL_AFTER_REFUSAL": _pair(_kind("call_refused"), _kind("outgoing_call"), "pair"),
    "IDLE_AFTER_BUSINESS_CHANGE": _pair(_kind("business_changed"), _kind("idle card"), "account_id"),
    "RE_VERIFICATION_DUE": {"all": [{"a": _kind("re_verification_asked")}]},
    "RE_VERIFICATION_OVERDUE": {"all": [{"a": _kind("re_verification_asked")}]},
}

# What must be absent: of which kinds, joined to which fact of the match by what.
FOUND = ("card_found", "sim_replaced")
ANSWERED = ("cancellation_approved", "cancellation_rejected", "cancellation_withdrawn", "cancelled")
ABSENT = {
    "CALL_AFTER_LOSS": (FOUND, "a", "card_id"),
    "CHARGE_AFTER_LOSS": (FOUND, "a", "card_id"),
    "LOSS_NOT_SUSPENDED": (("suspended", *FOUND, "cancelled"), "a", "card_id"),
    "ARREARS_AFTER_SUBMISSION": (("arrears_paid", "cancellation_withdrawn"), "a", "card_id"),
    "REVIEW_OVERDUE": (ANSWERED, "a", "card_id"),
    "CALL_AFTER_REFUSAL": (("consent_given",), "a", "pair"),
    "IDLE_AFTER_BUSINESS_CHANGE": (("cancellation_submitted",), "b", "card_id"),
    "RE_VERIFICATION_DUE": (("re_verified",), "a", "card_id"),
    "RE_VERIFICATION_OVERDUE": (("re_verified",), "a", "card_id"),
}  # fmt: skip
AFTER = {"LOSS_NOT_SUSPENDED": DAY, "IDLE_AFTER_BUSINESS_CHANGE": 14 * DAY, "RE_VERIFICATION_OVERDUE": DAY}
BLOCKING = frozenset(kind for kinds, _, _ in ABSENT.values() for kind in kinds)
READ = frozenset((
    *REPORTS, "outgoing_call", "charge", "cancellation_submitted", "arrears_billed", "call_refused", "business_changed",
    "re_verification_asked",
))  # fmt: skip


@attrs.define(eq=False)
class _Open:
    """A match whose times are right: its rule, whom it is about, and what may stand in its way."""

    code: str
    subject: str
    a: dict[str, Any]
    b: dict[str, Any] | None
    blockers: int = 0
    due: bool = True
    alive: bool = True


class Program:
    """The program: `post` takes in an event, and `firing` counts the matches of each rule about each subject."""

    def __init__(self, events: Iterable[CardEvent], cards: Iterable[Card]) -> None:
        import durable_rules_engine as rete

        self._rete = rete
        self._encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
        self._handle = rete.create_ruleset("plain", self._encode(RULES))
        self.firing: Counter[tuple[str, str]] = Counter()
        self._held: dict[str, dict[str, Any]] = {}
        self._reports: Counter[str] = Counter()
        self._window: list[tuple[dt.datetime, str, dict[str, Any]]] = []
        self._now = dt.datetime.min
        self._matches: defaultdict[str, list[_Open]] = defaultdict(list)  # by the id of an event in them
        self._waiting: defaultdict[tuple[str, str], list[_Open]] = defaultdict(list)
        self._blocking: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._due: list[tuple[dt.datetime, int, _Open]] = []
        ids = {event.event_id for event in events}
        idle = [card for card in cards if card.last_used_days is not None and card.last_used_days > 90]
        ids.update(f"card {card.card_id}" for card in idle)
        if len({fnv1a(each) for each in (*ids, "sid-0")}) <= len(ids):
            raise ValueError("two ids have the same 32-bit hash: durable-rules would take one fact for the other")
        for card in idle:
            if card.status in LIVE and card.still_needed is not True:
                self._assert({"id": f"card {card.card_id}", "kind": "idle card", "card_id": card.card_id,
                              "account_id": card.account_id, "at": ""})  # fmt: skip

    def post(self, event: CardEvent) -> None:
        """Take in an event."""
        self._now = max(self._now, event.at)
        while self._window and self._window[0][0] + KEEP <= self._now:
            self._expire(heapq.heappop(self._window)[2])
        kind = str(event.kind)
        if (kind in READ or kind in BLOCKING) and event.event_id not in self._held and event.at + KEEP > self._now:
            fact = {"id": event.event_id, "kind": kind, "at": str(event.at), "account_id": event.account_id}
            if event.card_id is not None:
                fact["card_id"] = event.card_id
            if event.contact_id is not None:
                fact["pair"] = f"{event.contact_id} {event.account_id}"
            kept = self._held[event.event_id] = {**fact, "time": event.at, "until": event.promised_by}
            heapq.heappush(self._window, (event.at, event.event_id, kept))
            if kind in BLOCKING:
                self._block(kept)
            if kind in READ:
                self._assert(fact)
        while self._due and self._due[0][0] <= self._now:
            self._set(heapq.heappop(self._due)[2], due=True)

    def _assert(self, fact: dict[str, Any]) -> None:
        code, state = self._rete.assert_fact(self._handle, self._encode({**fact, "sid": "0"}))
        found = self._rete.start_action_for_state(self._handle, state) if code == 0 else None
        match = found[1] if found else None
        while match:
            ((rule, facts),) = json.loads(match).items()
            if "b" not in facts or facts["a"]["kind"] == "business_changed" or facts["b"]["at"] > facts["a"]["at"]:
                self._open(rule, facts["a"], facts.get("b"))
            match = self._rete.complete_and_start_action(self._handle, state)

    def _open(self, code: str, a: dict[str, Any], b: dict[str, Any] | None) -> None:
        if code == "SEVERAL_LOSSES_IN_ACCOUNT":
            self._count(a["account_id"], 1)
            return
        of = b if code in ("CALL_AFTER_REFUSAL", "IDLE_AFTER_BUSINESS_CHANGE") else a
        assert of is not None
        subject = of["card_id"]
        found = _Open(code, subject, self._held[a["id"]], b)
        kinds, name, key = ABSENT[code]
        value = (a if name == "a" else b or {})[key]
        for kind in kinds:
            self._waiting[kind, value].append(found)
            found.blockers += sum(_blocks(found, each) for each in self._blocking.get((kind, value), ()))
        for fact in (a, b):
            if fact is not None and fact["at"]:
                self._matches[fact["id"]].append(found)
        due = found.a["until"] if code == "REVIEW_OVERDUE" else found.a["time"] + AFTER.get(code, dt.timedelta(0))
        if code == "REVIEW_OVERDUE" and due is None:
            return
        if due > self._now:
            found.due = False
            heapq.heappush(self._due, (due, id(found), found))
        elif not found.blockers:
            self.firing[code, subject] += 1

    def _set(self, found: _Open, *, due: bool | None = None, blockers: int = 0, alive: bool = True) -> None:
        """Change what a match hangs on, and count it where it begins or ends to fire."""
        before = found.alive and found.due and not found.blockers
        found.due = found.due if due is None else due
        found.blockers += blockers
        found.alive = found.alive and alive
        after = found.alive and found.due and not found.blockers
        self.firing[found.code, found.subject] += after - before

    def _block(self, fact: dict[str, Any]) -> None:
        for value in (fact.get("card_id"), fact.get("pair")):
            if value is not None:
                self._blocking[fact["kind"], value].append(fact)
                for found in self._waiting.get((fact["kind"], value), ()):
                    if _blocks(found, fact):
                        self._set(found, blockers=1)

    def _count(self, account: str, step: int) -> None:
        """Three or more reports of an account; all that are held lie within 30 days."""
        self._reports[account] += step
        self.firing["SEVERAL_LOSSES_IN_ACCOUNT", account] = int(self._reports[account] >= 3)

    def _expire(self, fact: dict[str, Any]) -> None:
        del self._held[fact["id"]]
        if fact["kind"] in READ:
            self._rete.retract_fact(self._handle, self._encode({"sid": "0", "id": fact["id"]}))
        if fact["kind"] == "loss_reported":
            self._count(fact["account_id"], -1)
        for found in self._matches.pop(fact["id"], ()):
            if found.alive:
                self._set(found, alive=False)
                kinds, name, key = ABSENT[found.code]
                value = (found.a if name == "a" else found.b or {})[key]
                for kind in kinds:
                    self._waiting[kind, value].remove(found)
        if fact["kind"] in BLOCKING:
            for value in (fact.get("card_id"), fact.get("pair")):
                if value is not None:
                    self._blocking[fact["kind"], value].remove(fact)
                    for found in self._waiting.get((fact["kind"], value), ()):
                        if _blocks(found, fact):
                            self._set(found, blockers=-1)

    def outcomes(self) -> set[tuple[str, str]]:
        """The rules that fire, with the keys of those that they are about."""
        return {name for name, count in self.firing.items() if count}


def _blocks(found: _Open, fact: dict[str, Any]) -> bool:
    """Whether an event that must be absent is one for a match: it goes by the times."""
    code, at = found.code, fact["time"]
    if code == "IDLE_AFTER_BUSINESS_CHANGE":
        return True
    if code == "CALL_AFTER_REFUSAL":
        return found.b is not None and at > found.a["time"] and str(at) <= found.b["at"]
    if code == "ARREARS_AFTER_SUBMISSION" and fact["kind"] == "arrears_paid":
        return found.b is not None and str(at) > found.b["at"]
    if code in ("CALL_AFTER_LOSS", "CHARGE_AFTER_LOSS", "ARREARS_AFTER_SUBMISSION"):
        return bool(at > found.a["time"])
    return bool(at >= found.a["time"])
