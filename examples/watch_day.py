"""A day of a call centre with 200 cards: its events are replayed, and what changes is printed as it happens."""

import datetime as dt
import io
import random
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.progress import track
from rich.text import Text

import dxrules
from dxrules import Card, CardEvent

DAY = dt.datetime(2026, 1, 5)
CARDS = 200
CALLS = 3_000
STYLES = {"block": "bold red", "require": "red", "suggest": "green", "warn": "yellow", "inform": "dim"}

# What happens beside the calls: hour and minute, kind, card, and more.
STORY: list[tuple[int, int, str, int, dict[str, object]]] = [
    (8, 40, "loss_reported", 17, {}),
    (9, 5, "re_verification_asked", 60, {}),
    (9, 30, "outgoing_call", 17, {"contact_id": "p-7"}),  # somebody has the lost card
    (9, 50, "suspended", 17, {}),
    (10, 0, "call_refused", 31, {"contact_id": "p-99"}),
    (10, 20, "charge", 17, {"amount_fen": 380}),
    (11, 15, "loss_reported", 18, {}),
    (11, 40, "outgoing_call", 25, {"contact_id": "p-99"}),  # another card, the same person
    (12, 10, "cancellation_submitted", 77, {"promised_by": DAY.replace(hour=16)}),
    (13, 0, "loss_reported", 19, {}),
    (13, 30, "card_found", 18, {}),
    (14, 0, "arrears_billed", 77, {"amount_fen": 4_250}),
    (14, 45, "re_verified", 60, {}),
    (15, 10, "arrears_paid", 77, {"amount_fen": 4_250}),
    (17, 30, "cancellation_approved", 77, {}),
]


def main() -> None:
    """Replay the day and print what changes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where Chinese cannot be shown there stands ?, and no error
    console = Console(highlight=False)
    bar = Console(stderr=True)

    with dxrules.Session() as session:
        session.advance(DAY.replace(hour=8))
        for card in cards():
            session.assert_fact(card)
        console.print(f"{len(session)} cards, {session.now:%Y-%m-%d %H:%M}\n")

        events = list(day())
        for event in track(events, "a day", console=bar, transient=True, disable=not bar.is_terminal):
            show(console, session.post(event))
        console.print("\nand what nobody did until the next afternoon:\n")
        show(console, session.advance(DAY + dt.timedelta(days=1, hours=14)))
        console.print(f"\n{len(events)} events, of which {len(session.facts(CardEvent))} still count")


def cards() -> Iterator[Card]:
    """The cards, twenty to an account."""
    for number in range(CARDS):
        yield Card(card_id=f"c-{number}", account_id=f"a-{number // 20}", product="telemarketing", status="active")


def day() -> Iterator[CardEvent]:
    """The events of the day in their order: calls all day long, and the story between them."""
    rng = random.Random(5)  # noqa: S311  # made up, and the same every time
    calls = [(DAY + dt.timedelta(seconds=rng.randrange(9 * 3600, 18 * 3600)), "outgoing_call", rng.randrange(40, CARDS),
              {"contact_id": f"p-{rng.randrange(100, 100_000)}"}) for _ in range(CALLS)]  # fmt: skip
    story = [(DAY.replace(hour=hour, minute=minute), kind, card, more) for hour, minute, kind, card, more in STORY]
    everything = sorted([*calls, *story], key=lambda each: each[0])
    for number, (at, kind, card, more) in enumerate(everything):
        yield CardEvent(
            event_id=f"e-{number}", at=at, kind=kind, card_id=f"c-{card}", account_id=f"a-{card // 20}", **more
        )


def show(console: Console, changes: dxrules.Changes) -> None:
    """Print what began and what ended."""
    for mark, which in (("+", changes.began), ("-", changes.ended)):
        for change in which:
            style = STYLES[change.outcome.kind] if mark == "+" else "dim"
            console.print(Text(f"{changes.now:%H:%M}  {change.key:5}  {mark} {change.code}", style=style))
            if mark == "+":
                console.print(f"              {change.outcome.message('en')}", soft_wrap=True, markup=False)
                console.print(f"              {change.outcome.message('zh')}", soft_wrap=True, markup=False)


if __name__ == "__main__":
    main()
