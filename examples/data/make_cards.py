"""Make `cards.csv`, three hundred made-up cards: `python make_cards.py` writes the same file every time."""

import csv
import random
import sys
from pathlib import Path

COUNT = 300
UNKNOWN = 0.1  # the share of cells that are left empty

# Mistakes as people make them, by the number of the card. Whoever reads the file should find every one of them.
MISTAKES: dict[int, dict[str, str]] = {
    23: {"status": "actve"},
    71: {"lost": "yes"},
    118: {"arrears_fen": "35.20"},
    164: {"intent": "cancle", "monthly_fee_fen": "-1900"},
    207: {"card_id": ""},
    252: {"request.stage": "", "request.channel": "email"},
}

chance = random.Random(20240912)  # noqa: S311 - made-up data. Only `random()` is used: all Pythons give the same.


def main() -> None:
    """Write the file, beside this script or where the first word of the command line says."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("cards.csv")
    cards = [{**card(number), **MISTAKES.get(number, {})} for number in range(1, COUNT + 1)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(cards[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(cards)


def card(number: int) -> dict[str, str]:
    """One card as a row. Money is in fen; in a set, a bar alone says that it is empty."""
    company, lost, cancelling = often(0.7), often(0.05), often(0.35)
    requested = cancelling and often(0.6)
    return {
        "card_id": f"card-{number:03}",
        "account_id": f"company-{pick(*'abcdefgh')}" if company else f"person-{number:03}",
        "product": "telemarketing",
        "operator": known(pick("cmcc", "cucc", "ctcc", "mvno")),
        "holder_type": known("enterprise" if company else "individual"),
        "status": known(pick(*["active"] * 12, "suspended_voluntary", "suspended_arrears", "cancelled")),
        "intent": "cancel" if cancelling else "none",
        "reason": known(pick("business_change", "cost", "other")) if cancelling else "",
        "still_needed": known("false" if cancelling or often(0.2) else "true"),
        "lost": known("true" if lost else "false"),
        "misused": known("true" if often(0.02) else "false"),
        "reported_lost": known("true" if lost and often(0.5) else "false"),
        "arrears_fen": known(below(30_000) if often(0.2) else "0"),
        "balance_fen": known(below(9_000)),
        "monthly_fee_fen": known(pick("1900", "2900", "5900")),
        "contract_months_left": known(below(12) if often(0.2) else "0"),
        "bound_services": known(pick("|", "|", "|", "broadband", "group_plan|value_added")),
        "linked_accounts": known(below(4)),
        "data_on_card": known("true" if often(0.2) else "false"),
        "real_name": known(pick(*["verified"] * 14, "mismatch", "reverify_pending")),
        "risk_hold": known(pick(*["none"] * 28, "carrier_protective", "police_case")),
        "fleet_size": known("30" if company else "1"),
        "usage.caller_id": known(pick(*["normal"] * 40, "hidden")),
        "usage.calls_per_day": known(below(130)),
        "usage.consent_on_file": known("true" if often(0.9) else "false"),
        "request.stage": pick("draft", "contacted", "materials_ready", "submitted") if requested else "",
        "request.channel": known(pick("official_app", "carrier_hall", "third_party_agent")) if requested else "",
        "request.channel_official": known(pick("true", "true", "false")) if requested else "",
        "request.policy_read": known(pick("true", "false")) if requested else "",
        "request.materials": known(pick("|", "sim_card|personal_id", "business_licence")) if requested else "",
    }


def often(share: float) -> bool:
    """Whether something happens that does so with this share."""
    return chance.random() < share


def pick(*values: str) -> str:
    """One of some values."""
    return values[int(chance.random() * len(values))]


def below(limit: int) -> str:
    """A whole number from 0, below a limit."""
    return str(int(chance.random() * limit))


def known(cell: str) -> str:
    """The cell, or sometimes nothing: what is not known stays empty."""
    return "" if often(UNKNOWN) else cell


if __name__ == "__main__":
    main()
