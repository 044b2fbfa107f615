"""The 12-rule workload: its fact, its rulebook, two hand-written references and seeded cards.

Sixteen facts and twelve rules on one SIM card, small enough to be written by hand, which is what `floor`
does: it is the speed that a careful person gets without any engine, and the codes that every engine must
give. `kleene` is the slow second opinion, and the only one for cards with unknown facts.
"""

# The hand-written floor takes its facts for known, as such code does.
# mypy: disable-error-code="operator"

import random
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

import attrs


class Status(StrEnum):
    """Where the card stands with the carrier."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    PENDING_CANCELLATION = "pending_cancellation"
    CANCELLED = "cancelled"


class HolderType(StrEnum):
    """Who holds the card."""

    INDIVIDUAL = "individual"
    ENTERPRISE = "enterprise"


class Reason(StrEnum):
    """Why the holder asked for something."""

    NONE = "none"
    BUSINESS_CHANGE = "business_change"
    PERSONAL_CHANGE = "personal_change"
    LOST = "lost"
    OTHER = "other"


class Channel(StrEnum):
    """How the holder asked."""

    WEBSITE = "website"
    APP = "app"
    HOTLINE = "hotline"
    STORE = "store"
    NONE = "none"


@attrs.frozen(slots=True)
class BenchCard:
    """One card. Every fact may be unknown (None), so that known and sparse cards are of one class."""

    status: Status | None = None
    holder_type: HolderType | None = None
    arrears_fen: int | None = None
    lost: bool | None = None
    stolen: bool | None = None
    cancel_requested: bool | None = None
    reason: Reason | None = None
    channel: Channel | None = None
    id_document_ready: bool | None = None
    card_details_ready: bool | None = None
    data_backed_up: bool | None = None
    holds_personal_data: bool | None = None
    idle_days: int | None = None
    monthly_fee_fen: int | None = None
    fleet_size: int | None = None
    complaints_30d: int | None = None


FACTS = tuple(field.name for field in attrs.fields(BenchCard))

CODES = (
    "SETTLE_ARREARS",
    "SUSPEND_NOW",
    "CONTACT_OPERATOR",
    "BATCH_CANCEL",
    "PREPARE_IDENTITY",
    "PREPARE_CARD_DETAILS",
    "BACK_UP",
    "PROTECT_PERSONAL_DATA",
    "CANCEL_IDLE",
    "BRING_ID",
    "COMPLIANCE",
    "ALREADY",
)

RULEBOOK = """\
rulebook: twelve
facts: BenchCard

rules:
  SETTLE_ARREARS:
    when: cancel_requested and arrears_fen > 0
    block: cancel
    message:
      en: "{arrears_fen:yuan} is outstanding: settle it before cancelling."
      zh: "欠费{arrears_fen:yuan}，结清后才能注销。"
  SUSPEND_NOW:
    when: (lost or stolen) and status == "active"
    require: suspend
    message: {en: "Suspend the card now.", zh: "立即挂失停机。"}
  CONTACT_OPERATOR:
    when: lost or stolen
    require: operator
    message: {en: "Contact the operator.", zh: "联系运营商。"}
  BATCH_CANCEL:
    when: reason == "business_change" and holder_type == "enterprise" and fleet_size >= 2
    suggest: batch_cancel
    message: {en: "Cancel the {fleet_size} cards in one batch.", zh: "{fleet_size}张卡可批量注销。"}
  PREPARE_IDENTITY:
    when: cancel_requested and not id_document_ready
    require: identity_document
    message: {en: "Prepare the identity document.", zh: "准备身份证件。"}
  PREPARE_CARD_DETAILS:
    when: cancel_requested and not card_details_ready
    require: card_details
    message: {en: "Prepare the card's number and details.", zh: "准备卡号等信息。"}
  BACK_UP:
    when: cancel_requested and not data_backed_up
    warn: backup
    message: {en: "Back up the data first.", zh: "先备份数据。"}
  PROTECT_PERSONAL_DATA:
    when: cancel_requested and holds_personal_data
    warn: personal_data
    message: {en: "Erase personal data from the card.", zh: "清除卡内个人信息。"}
  CANCEL_IDLE:
    when: idle_days >= 90 and monthly_fee_fen > 0 and status == "active" and not cancel_requested
    suggest: cancel
    message: {en: "Idle for {idle_days} days: consider cancelling.", zh: "闲置{idle_days}天，建议注销。"}
  BRING_ID:
    when: cancel_requested and channel == "store" and not id_document_ready
    block: cancel
    message: {en: "The store needs the original document.", zh: "营业厅办理须带证件原件。"}
  COMPLIANCE:
    when: complaints_30d >= 3
    warn: compliance
    message: {en: "{complaints_30d} complaints in 30 days.", zh: "30天内{complaints_30d}次投诉。"}
  ALREADY:
    when: cancel_requested and status in ("cancelled", "pending_cancellation")
    block: cancel
    message: {en: "Cancelled already, or about to be.", zh: "已注销或正在注销。"}
"""

# Members of an enum are looked up once: reached through their class they cost as much as the whole floor.
_ACTIVE = Status.ACTIVE
_CANCELLED = Status.CANCELLED
_PENDING = Status.PENDING_CANCELLATION
_BUSINESS_CHANGE = Reason.BUSINESS_CHANGE
_ENTERPRISE = HolderType.ENTERPRISE
_STORE = Channel.STORE


def floor(card: BenchCard) -> list[str]:
    """The codes of a card whose facts are all known, written by hand: one `if` a rule, in order.

    What several rules read is read once; members of enums are compared by identity, the fastest way.
    """
    codes = []
    cancelling = card.cancel_requested
    status = card.status
    gone = card.lost or card.stolen
    document = card.id_document_ready
    if cancelling and card.arrears_fen > 0:
        codes.append("SETTLE_ARREARS")
    if gone and status is _ACTIVE:
        codes.append("SUSPEND_NOW")
    if gone:
        codes.append("CONTACT_OPERATOR")
    if card.reason is _BUSINESS_CHANGE and card.holder_type is _ENTERPRISE and card.fleet_size >= 2:
        codes.append("BATCH_CANCEL")
    if cancelling and not document:
        codes.append("PREPARE_IDENTITY")
    if cancelling and not card.card_details_ready:
        codes.append("PREPARE_CARD_DETAILS")
    if cancelling and not card.data_backed_up:
        codes.append("BACK_UP")
    if cancelling and card.holds_personal_data:
        codes.append("PROTECT_PERSONAL_DATA")
    if card.idle_days >= 90 and card.monthly_fee_fen > 0 and status is _ACTIVE and not cancelling:
        codes.append("CANCEL_IDLE")
    if cancelling and card.channel is _STORE and not document:
        codes.append("BRING_ID")
    if card.complaints_30d >= 3:
        codes.append("COMPLIANCE")
    if cancelling and (status is _CANCELLED or status is _PENDING):
        codes.append("ALREADY")
    return codes


def shared_guards(card: BenchCard) -> list[str]:
    """The same codes with the rules taken apart: guards shared, slots read only where they are needed."""
    codes = []
    cancelling = card.cancel_requested
    status = card.status
    if cancelling and card.arrears_fen > 0:
        codes.append("SETTLE_ARREARS")
    if card.lost or card.stolen:
        if status is _ACTIVE:
            codes.append("SUSPEND_NOW")
        codes.append("CONTACT_OPERATOR")
    if card.reason is _BUSINESS_CHANGE and card.holder_type is _ENTERPRISE and card.fleet_size >= 2:
        codes.append("BATCH_CANCEL")
    if cancelling:
        without_document = not card.id_document_ready
        if without_document:
            codes.append("PREPARE_IDENTITY")
        if not card.card_details_ready:
            codes.append("PREPARE_CARD_DETAILS")
        if not card.data_backed_up:
            codes.append("BACK_UP")
        if card.holds_personal_data:
            codes.append("PROTECT_PERSONAL_DATA")
        if without_document and card.channel is _STORE:
            codes.append("BRING_ID")
    elif status is _ACTIVE and card.idle_days >= 90 and card.monthly_fee_fen > 0:
        codes.append("CANCEL_IDLE")
    if card.complaints_30d >= 3:
        codes.append("COMPLIANCE")
    if cancelling and (status is _CANCELLED or status is _PENDING):
        codes.append("ALREADY")
    return codes


@attrs.frozen
class Truth:
    """A Kleene value, and the unknown facts in what is left of the condition when it is unknown."""

    value: bool | None
    missing: frozenset[str] = frozenset()


@attrs.frozen
class Verdict:
    """What `kleene` says of one card: codes that fire, and undetermined rules with the facts they miss."""

    codes: tuple[str, ...]
    undetermined: dict[str, frozenset[str]]


_TRUE, _FALSE = Truth(True), Truth(False)


def _all(*terms: Truth) -> Truth:
    """Kleene's `and`: one false term decides."""
    if any(term.value is False for term in terms):
        return _FALSE
    return _unknown_of(terms) or _TRUE


def _any(*terms: Truth) -> Truth:
    """Kleene's `or`: one true term decides."""
    if any(term.value is True for term in terms):
        return _TRUE
    return _unknown_of(terms) or _FALSE


def _unknown_of(terms: Iterable[Truth]) -> Truth | None:
    """An unknown that misses what the unknown terms miss, or None where every term is known."""
    missing = [term.missing for term in terms if term.value is None]
    return Truth(None, frozenset().union(*missing)) if missing else None


def _not(term: Truth) -> Truth:
    """Kleene's `not`."""
    return term if term.value is None else Truth(not term.value)


def kleene(card: BenchCard) -> Verdict:
    """Codes and undetermined rules of any card, unknown facts included: three-valued, slow and obvious."""

    def test(fact: str, holds: Callable[[Any], bool]) -> Truth:
        value = getattr(card, fact)
        return Truth(None, frozenset({fact})) if value is None else Truth(holds(value))

    def true(fact: str) -> Truth:
        return test(fact, lambda value: value)

    cancelling = true("cancel_requested")
    gone = _any(true("lost"), true("stolen"))
    active = test("status", lambda status: status == "active")
    without_document = _not(true("id_document_ready"))
    truths = (
        _all(cancelling, test("arrears_fen", lambda fen: fen > 0)),
        _all(gone, active),
        gone,
        _all(
            test("reason", lambda reason: reason == "business_change"),
            test("holder_type", lambda holder: holder == "enterprise"),
            test("fleet_size", lambda size: size >= 2),
        ),
        _all(cancelling, without_document),
        _all(cancelling, _not(true("card_details_ready"))),
        _all(cancelling, _not(true("data_backed_up"))),
        _all(cancelling, true("holds_personal_data")),
        _all(
            test("idle_days", lambda days: days >= 90),
            test("monthly_fee_fen", lambda fen: fen > 0),
            active,
            _not(cancelling),
        ),
        _all(cancelling, test("channel", lambda channel: channel == "store"), without_document),
        test("complaints_30d", lambda count: count >= 3),
        _all(cancelling, test("status", lambda status: status in ("cancelled", "pending_cancellation"))),
    )
    rules = tuple(zip(CODES, truths, strict=True))
    return Verdict(
        codes=tuple(code for code, truth in rules if truth.value is True),
        undetermined={code: truth.missing for code, truth in rules if truth.value is None},
    )


def known_cards(count: int, seed: int = 20_240_912) -> list[BenchCard]:
    """Random cards that know all their facts: half ask to be cancelled, about two rules fire on each."""
    rng = random.Random(seed)
    return [_known_card(rng) for _ in range(count)]


def sparse_cards(count: int, seed: int = 20_240_912, unknown: float = 0.3) -> list[BenchCard]:
    """Such cards with each fact unknown, independently, with the given probability."""
    rng = random.Random(seed + 1)
    return [_forget(rng, card, unknown) for card in known_cards(count, seed)]


def _known_card(rng: random.Random) -> BenchCard:
    def often(probability: float) -> bool:
        return rng.random() < probability

    return BenchCard(
        status=rng.choice(tuple(Status)),
        holder_type=rng.choice(tuple(HolderType)),
        arrears_fen=rng.randrange(1, 100_000) if often(0.4) else 0,
        lost=often(0.1),
        stolen=often(0.1),
        cancel_requested=often(0.5),
        reason=rng.choice(tuple(Reason)),
        channel=rng.choice(tuple(Channel)),
        id_document_ready=often(0.5),
        card_details_ready=often(0.5),
        data_backed_up=often(0.5),
        holds_personal_data=often(0.5),
        idle_days=rng.randrange(365),
        monthly_fee_fen=rng.randrange(1, 20_000) if often(0.6) else 0,
        fleet_size=rng.randrange(2, 5_000) if often(0.4) else 1,
        complaints_30d=rng.randrange(6) if often(0.6) else 0,
    )


def _forget(rng: random.Random, card: BenchCard, unknown: float) -> BenchCard:
    return BenchCard(**{fact: None if rng.random() < unknown else getattr(card, fact) for fact in FACTS})
