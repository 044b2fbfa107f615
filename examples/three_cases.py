"""Three cards: unpaid fees block cancelling, a lost card is suspended at once, a change of business means a batch."""

import io
import sys

from rich.console import Console
from rich.text import Text

import dxrules

CASES = {
    "Unpaid fees: the card cannot be cancelled until they are settled": dxrules.Card(
        card_id="unpaid", status="active", intent="cancel", holder_type="individual", arrears_fen=12_860, lost=False
    ),
    "A lost card: suspend it now; unpaid fees stand in the way of cancelling, not of that": dxrules.Card(
        card_id="lost", status="active", intent="cancel", lost=True, arrears_fen=12_860, linked_accounts=3
    ),
    "The business changed: cancel the cards in a batch": dxrules.Card(
        card_id="changed",
        status="active",
        holder_type="enterprise",
        reason="business_change",
        still_needed=False,
        lost=False,
        misused=False,
        fleet_size=40,
        monthly_fee_fen=1_900,
    ),
}
STYLES = {"block": "bold red", "require": "red", "suggest": "green", "warn": "yellow", "inform": "dim"}
SHOWN = 6  # outcomes of each card


def main() -> None:
    """Decide the three cards and print what matters most."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where Chinese cannot be shown there stands ?, and no error
    console = Console(highlight=False)

    for number, (title, card) in enumerate(CASES.items(), start=1):
        decision = dxrules.evaluate(card)
        write(console, f"{number}. {title}", style="bold")
        write(console, repr(card), indent=3, style="dim")
        if card.intent == "cancel":
            write(console, f"May it be cancelled? {decision.verdict('cancel')}", indent=3)
        console.print()
        for outcome in decision.outcomes[:SHOWN]:  # the highest priority comes first
            when = "" if outcome.deadline == "none" else f", {outcome.deadline.replace('_', ' ')}"
            about = f"{outcome.code}  ({outcome.kind} {outcome.target}{when})"
            write(console, about, indent=3, style=STYLES[outcome.kind])
            write(console, outcome.message("en"), indent=6)
            write(console, outcome.message("zh"), indent=6)
        if len(decision.outcomes) > SHOWN:
            write(console, f"... and {len(decision.outcomes) - SHOWN} more", indent=3)
        console.print()


def write(console: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    """Print a text, every line of it indented."""
    for line in Text(text).wrap(console, console.width - indent):
        console.print(Text(" " * indent + line.plain.rstrip(), style))


if __name__ == "__main__":
    main()
