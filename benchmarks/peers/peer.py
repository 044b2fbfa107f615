"""What a peer is, and the two conversions that several of them share."""

# The cards that peers are timed on know all their facts.
# mypy: disable-error-code="union-attr"

from collections.abc import Callable
from typing import Any

import attrs

from benchmarks.workload import CODES, BenchCard

Codes = Callable[[BenchCard], tuple[str, ...]]


@attrs.frozen
class Peer:
    """One way of asking one library."""

    name: str
    distribution: str
    build: Callable[[], Codes]


def as_dict(card: BenchCard) -> dict[str, Any]:
    """The card as plain data, the fastest way there is: one dict literal, enum members as their text.

    The native engines read exact `str` on a fast path and subclasses such as `StrEnum` on a slow one, or not
    at all.
    """
    return {
        "status": card.status._value_,
        "holder_type": card.holder_type._value_,
        "arrears_fen": card.arrears_fen,
        "lost": card.lost,
        "stolen": card.stolen,
        "cancel_requested": card.cancel_requested,
        "reason": card.reason._value_,
        "channel": card.channel._value_,
        "id_document_ready": card.id_document_ready,
        "card_details_ready": card.card_details_ready,
        "data_backed_up": card.data_backed_up,
        "holds_personal_data": card.holds_personal_data,
        "idle_days": card.idle_days,
        "monthly_fee_fen": card.monthly_fee_fen,
        "fleet_size": card.fleet_size,
        "complaints_30d": card.complaints_30d,
    }


def codes_by_mask() -> dict[int, tuple[str, ...]]:
    """Codes by a number with one bit a rule, which is cheaper to hand over than a list of texts."""
    return {mask: tuple(code for bit, code in enumerate(CODES) if mask >> bit & 1) for mask in range(1 << len(CODES))}
