"""Some patterns in one ruleset of durable-rules, and facts in and out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import attrs

from dxrules.engines.rete.numbers import Numbers
from dxrules.engines.rete.patterns import MAX_SLOTS, Layout
from dxrules.engines.rete.ruleset import SID, Ruleset, encode

SLOTS = MAX_SLOTS
"""Slots in a ruleset. durable-rules finds the entries of a fact by a hash of three numbers; while its nodes number no
more than 17, and entries no more than 2^24, no two of them have the same (a test tries them all)."""

ID = "f"  # stands before a fact's number in its id
STAND_IN = 0  # the number that joins stand-ins, and stands for no value


class Shard:
    """A ruleset for a few patterns, by number. The facts in it are known by numbers too, which `numbers` gives out.

    A fact keeps entries for the places of its matches after they were handed out. When it is retracted, durable-rules
    looks for it in those places, and where another fact was retracted before, it reads on behind the place's list of
    facts, and could write there (events.c:1107, state.c:265; shown by UndefinedBehaviorSanitizer). It does not look
    where the last match was one that was not handed out. So before a fact is retracted all such places are filled with
    matches of stand-ins, facts that join nothing else, and those are cancelled. The pool of places is a stack, so the
    most matches that one fact made since the last time is how many there are to fill.
    """

    def __init__(self, layouts: Mapping[int, Layout], numbers: Numbers) -> None:
        rules = {f"r{number}": layout.rule() for number, layout in layouts.items()}
        keys = [key.name for layout in layouts.values() for keys in layout.keys for key in keys]
        self._ruleset = Ruleset(rules, [*keys, *(f"s{place}" for place in range(SLOTS))])
        self._numbers = numbers
        self._handed_out: dict[int, int] = {}  # by pattern: matches whose places are to be filled
        self._last: dict[int, str] = {}  # by pattern: the last stand-in of a match, without its id
        for number, layout in layouts.items():
            *slots, last = [{key.name: STAND_IN for key in keys} for keys in layout.keys]
            self._last[number] = encode(last)[:-1]
            for place, slot in enumerate(slots):
                self._ruleset.put(_written(encode(slot)[:-1], numbers.take(_StandIn(number, place))))

    def put(self, fact: int, keys: Mapping[str, int]) -> list[tuple[int, tuple[int, ...]]]:
        """Put in a fact.

        Args:
            fact: its number.
            keys: its properties; some element of a rule reads one of them.

        Returns:
            The matches that it makes: the pattern's number, and those of its facts in the order of slots.
        """
        found = []
        counts: dict[int, int] = {}
        properties = ",".join([f'"{name}":{number}' for name, number in keys.items()])
        for text in self._ruleset.put(_written("{" + properties, fact)) or ():
            ((rule, facts),) = json.loads(text).items()
            number = int(rule[1:])
            counts[number] = counts.get(number, 0) + 1
            found.append((number, tuple(int(facts[f"s{place}"]["id"][1:]) for place in range(len(facts)))))
        for number, times in counts.items():
            self._handed_out[number] = max(times, self._handed_out.get(number, 0))
        return found

    def take(self, fact: int) -> None:
        """Take out a fact."""
        if self._handed_out:
            self._fill()
        self._ruleset.take(f"{ID}{fact}")

    def _fill(self) -> None:
        for number, times in self._handed_out.items():
            last = [_StandIn(None, each) for each in range(times)]
            facts = [self._numbers.take(each) for each in last]
            for fact in facts:
                self._ruleset.put_waiting(_written(self._last[number], fact))
            for fact in facts:
                self._ruleset.take(f"{ID}{fact}")
            for each in last:
                self._numbers.give_back(each)
        self._handed_out.clear()

    def abandon(self) -> None:
        """Never touch it again."""
        self._ruleset.abandon()


@attrs.frozen
class _StandIn:
    """What a stand-in's number is held for: a slot of a pattern, or one that comes and goes."""

    pattern: int | None
    place: int


def _written(properties: str, fact: int) -> str:
    """A fact as JSON, from its properties without the closing brace."""
    return f'{properties},"id":"{ID}{fact}","sid":"{SID}"}}'


def in_shards(layouts: Sequence[Layout]) -> list[dict[int, Layout]]:
    """Layouts by number, parted so that each part's slots are few enough for one ruleset."""
    parts: list[dict[int, Layout]] = []
    room = 0
    for number, layout in enumerate(layouts):
        slots = len(layout.keys)
        if slots > room:
            parts.append({})
            room = SLOTS
        parts[-1][number] = layout
        room -= slots
    return parts
