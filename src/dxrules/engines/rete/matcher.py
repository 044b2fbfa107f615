"""Which of some conditions a single fact fulfils, decided by durable-rules.

The conditions are parted into rulesets within the budget. Each fact is asserted, what it matches is consumed, and it
is retracted: nothing stays, and one id serves for all facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from dxrules.engines.rete.conditions import ALWAYS, BUDGET, NEVER, Condition, Value, comparisons_of, cost, written
from dxrules.engines.rete.guard import Guard
from dxrules.engines.rete.ruleset import SID, Ruleset, encode
from dxrules.errors import EngineError

_FACT = "f"


@attrs.define(eq=False)
class _Part:
    """Conditions of one ruleset, by number, and the properties that they test. The ruleset is made when first asked."""

    conditions: Mapping[int, Condition]
    properties: tuple[int, ...]
    ruleset: Ruleset | None = None

    def text(self, values: Sequence[Value | None]) -> str | None:
        """A fact as this ruleset is shown it: only what it tests; None when nothing of that is known."""
        known = {f"p{number}": values[number] for number in self.properties if values[number] is not None}
        if not known:
            return None
        return encode({**known, "id": _FACT, "sid": SID})

    def match(self, text: str) -> int:
        """The conditions that the fact fulfils, as a mask."""
        ruleset = self.ruleset
        if ruleset is None:
            rules = {f"r{number}": {"all": [{"m": written(each)}]} for number, each in self.conditions.items()}
            ruleset = self.ruleset = Ruleset(rules, ["m", *(f"p{number}" for number in self.properties)])
        found = ruleset.put(text)
        if found is None:
            return 0
        ruleset.take(_FACT)
        if not found:
            raise EngineError("durable-rules took a fact and gave no match: is the clock set, to after 1970?")
        mask = 0
        for match in found:  # '{"r12":{"m":{...}}}', once for each way in which it matches
            mask |= 1 << int(match[3 : match.index('"', 3)])
        return mask


class Matcher:
    """Conditions over numbered properties, and which of them a fact fulfils.

    Threads may share it, one at a time is let in; after a fork each process goes on with its own.

    Args:
        conditions: each within the budget of a ruleset, except that it may be always or never fulfilled.
    """

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._always = sum(1 << number for number, each in enumerate(conditions) if each == ALWAYS)
        self._parts = _parts({n: each for n, each in enumerate(conditions) if each not in (ALWAYS, NEVER)})
        self._guard = Guard()

    def match(self, values: Sequence[Value | None]) -> int:
        """The conditions that a fact fulfils, as a mask.

        Args:
            values: the properties; None for unknown ones, which fulfil nothing.

        Raises:
            ReenteredError: a signal handler or a finaliser asks while its own thread is at work here.
            EngineError: durable-rules fails in a way that is not known.
        """
        found = self._always
        texts = [(part, text) for part in self._parts if (text := part.text(values)) is not None]
        if texts:
            with self._guard.entered(self._renew), self._guard.at_work():
                for part, text in texts:
                    found |= part.match(text)
        return found

    def _renew(self) -> None:
        for part in self._parts:
            if part.ruleset is not None:
                part.ruleset.abandon()
                part.ruleset = None


def _parts(conditions: Mapping[int, Condition]) -> list[_Part]:
    """Conditions in rulesets, each within the budget."""
    groups: list[dict[int, Condition]] = []
    room = 0
    for number, condition in conditions.items():
        size = cost(condition).size
        if size > room:
            groups.append({})
            room = BUDGET
        groups[-1][number] = condition
        room -= size
    return [
        _Part(group, tuple(sorted({test.property for each in group.values() for test in comparisons_of(each)})))
        for group in groups
    ]
