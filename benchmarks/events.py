"""Made-up events of a call centre: seeded, spread over days, most of them calls, a few late or sent twice."""

import datetime as dt
from collections.abc import Iterator
from random import Random

import attrs

from dxrules import Card, CardEvent

START = dt.datetime(2026, 1, 1)
CARDS_PER_ACCOUNT = 20
CONTACTS = 50_000

# Of 10,000 events so many are of a kind.
SHARES = {
    "outgoing_call": 8_700,
    "charge": 700,
    "call_refused": 60,
    "consent_given": 20,
    "loss_reported": 12,
    "card_found": 4,
    "suspended": 10,
    "sim_replaced": 4,
    "arrears_billed": 60,
    "arrears_paid": 50,
    "cancellation_submitted": 10,
    "cancellation_approved": 6,
    "cancellation_rejected": 2,
    "re_verification_asked": 20,
    "re_verified": 18,
    "business_changed": 1,
    "other": 323,
}


@attrs.frozen
class Work:
    """How much there is."""

    events: int = 1_000_000
    days: int = 365
    cards: int = 2_000
    seed: int = 7


def cards(work: Work) -> list[Card]:
    """The cards at the start."""
    rng = Random(work.seed)
    return [
        Card(
            card_id=f"c-{number}",
            account_id=account_of(number),
            status=rng.choice(("active", "active", "active", "suspended_voluntary")),
            last_used_days=rng.choice((0, 1, 5, 40, 120)),
            arrears_fen=rng.choice((0, 0, 0, 3_500)),
        )
        for number in range(work.cards)
    ]


def account_of(card: int) -> str:
    """The account of a card, by its number."""
    return f"a-{card // CARDS_PER_ACCOUNT}"


def events(work: Work) -> Iterator[CardEvent]:
    """The events in the order in which they come."""
    rng = Random(f"events {work.seed}")
    kinds, weights = zip(*SHARES.items(), strict=True)
    gap = dt.timedelta(days=work.days) / work.events
    before: CardEvent | None = None
    for number in range(work.events):
        if before is not None and rng.random() < 0.001:
            yield before  # sent twice
            continue
        at = START + number * gap
        if rng.random() < 0.01:
            at -= dt.timedelta(minutes=rng.randint(1, 600))  # late
        card = rng.randrange(work.cards)
        kind = rng.choices(kinds, weights)[0]
        before = CardEvent(
            event_id=f"e-{number}",
            at=at.replace(microsecond=0),
            kind=kind,
            card_id=None if kind == "business_changed" else f"c-{card}",
            account_id=account_of(card),
            contact_id=f"p-{rng.randrange(CONTACTS)}"
            if kind in ("outgoing_call", "call_refused", "consent_given")
            else None,
            amount_fen=rng.randint(1, 5_000) if kind in ("charge", "arrears_billed", "arrears_paid") else None,
            promised_by=at + dt.timedelta(days=rng.randint(1, 20)) if kind == "cancellation_submitted" else None,
        )
        yield before
