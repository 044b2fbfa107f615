"""A file of cards: bad rows are reported with their line, the others are decided and summed up in tables."""

import csv
import io
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

import dxrules

CARDS = Path(__file__).with_name("data") / "cards.csv"
GRAVEST = ("critical", "high", "medium", "low")
ROWS = 12  # of a table


def main() -> None:
    """Decide the cards of a file: the one that the command line names, or the made-up ones."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # what this terminal has no character for is ?, and no error
    console = Console(highlight=False, markup=False)
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CARDS

    cards, bad = read(path, console)
    decisions = list(dxrules.evaluate_many(cards))
    console.print(f"\n{path.name}: {len(cards)} cards decided, {bad} bad rows left out\n", style="bold")
    console.print(codes_table(decisions))
    for operation in sorted(dxrules.default_rulebook().operations):
        asked = [each.verdict(operation) for each in decisions if each.fact.intent == operation]
        if asked:
            said = ", ".join(f"{asked.count(verdict)} {verdict}" for verdict in dxrules.Verdict)
            console.print(f"\n{operation}: {len(asked)} cards ask for it; {said}\n", style="bold")
    console.print(missing_table(decisions))


def read(path: Path, console: Console) -> tuple[list[dxrules.Card], int]:
    """The cards of a file, and how many of its rows are wrong; what is wrong with them is printed."""
    cards: list[dxrules.Card] = []
    bad = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                cards.append(dxrules.structure_text(row, dxrules.Card))
            except dxrules.FactError as error:  # it holds every problem of the row
                bad += 1
                for problem in error.problems:
                    console.print(f"{path.name}:{reader.line_num}: {problem}", style="red")
    return cards, bad


def codes_table(decisions: list[dxrules.Decision]) -> Table:
    """How many cards each rule fired on, the gravest rules first."""
    outcomes = [each for decision in decisions for each in decision.outcomes]
    fired = Counter((GRAVEST.index(each.severity), each.code, each.kind) for each in outcomes)
    rows = sorted(fired.items(), key=lambda item: (item[0][0], -item[1], item[0]))
    table = Table("severity", "code", "kind", title=f"What is to be done: {ROWS} of {len(rows)} codes")
    table.add_column("cards", justify="right")
    for (gravity, code, kind), count in rows[:ROWS]:
        table.add_row(GRAVEST[gravity], code, kind, str(count))
    return table


def missing_table(decisions: list[dxrules.Decision]) -> Table:
    """The facts most worth asking for: grave rules wait for them, on many cards."""
    rulebook = dxrules.default_rulebook()
    cards: Counter[str] = Counter()
    gravity: dict[str, int] = {}
    for decision in decisions:
        cards.update({name for each in decision.undetermined for name in each.missing})
        for each in decision.undetermined:
            grave = GRAVEST.index(rulebook.rule(each.rule, "Card").severity)
            gravity |= {name: min(grave, gravity.get(name, grave)) for name in each.missing}
    rows = sorted(cards, key=lambda name: (gravity[name], -cards[name], name))
    table = Table("fact", "gravest rule", title=f"Worth asking for: {ROWS} of {len(rows)} unknown facts")
    table.add_column("cards", justify="right")
    for name in rows[:ROWS]:
        table.add_row(name, GRAVEST[gravity[name]], str(cards[name]))
    return table


if __name__ == "__main__":
    main()
