"""Joins by equality over many facts: what a working memory asks of durable-rules.

Which slots of which patterns a fact may take, and by which values it joins, is decided outside. Here facts that join
are found, each time a fact is put in, by durable-rules' hashed joins; and what its source and our measurements show to
be unsafe does not reach it:

- Values that join become small numbers, the same for equal values. So any value can join, whatever its length; and no
  two that differ have the same 32-bit hash: durable-rules goes by the hash, and reads behind a list when it misleads.
- Ids become such numbers too, so none is taken for another, or for one of durable-rules' own.
- Each element of a rule is one comparison on a property of its own: nothing is nested or negated, and no fact lacks
  what its rule compares, which would end an assertion half-way.
- What goes wrong when a fact is retracted after its matches were handed out: see `Shard`.
- A match that was handed out leaves an entry with each of its facts, 32 bytes and a step for each retraction. A fact
  that has been in many matches is taken out and put in again, which drops them.
- How many matches, partial ones included, a fact will make is counted before it is put in, and bounded: durable-rules
  makes them all in one call that nothing can interrupt.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import attrs

from dxrules.engines.rete.counting import Index, partial_matches
from dxrules.engines.rete.guard import Guard, ReenteredError
from dxrules.engines.rete.numbers import Numbers
from dxrules.engines.rete.patterns import Join, Layout, Match, Pattern, Slot, lay_out
from dxrules.engines.rete.ruleset import RESERVED
from dxrules.engines.rete.shard import ID, Shard, in_shards
from dxrules.errors import EngineError, shown

MAX_MATCHES = 10_000
MAX_FACTS = 50_000
_RENEWED = 200  # the first such limit: until then the entries of matches take less than the fact itself


@attrs.define(eq=False)
class _Fact:
    """A fact that is in: its number, its values, its slots (pattern and place), and its properties by shard."""

    id: Hashable
    number: int
    values: Mapping[str, Hashable]
    roles: tuple[tuple[int, int], ...]
    keys: dict[int, dict[str, int]]
    limit: int  # matches after which it is put in again
    handed_out: int = 0  # matches since it was


class Network:
    """Facts, and the patterns that they make up.

    Threads may share a network: one at a time is let in. After a fork the child goes on with a copy of its own. An
    exception of a keyboard interrupt leaves it as it was before the call, or as it is after it.

    Measured on CPython 3.11, two shared cores: 15 us to put in a fact that completes no match, 25 us for one that
    completes one, 8 us to take one out; the same from 100 to 4,000 facts, and up to twice as much with 20,000. A fact
    takes 8 KB in each ruleset that has a slot for it; a ruleset holds patterns of 16 slots together. While 1,000,000
    facts were put in and taken out, memory stayed flat.

    Args:
        patterns: the patterns; of distinct names.
        max_facts: how many facts it holds at most.
        max_matches: how many matches of a pattern, partial ones included, one fact may make at once.

    Raises:
        MissingExtraError: durable-rules is not there.
        EngineError: patterns that cannot be.

    >>> losses = Network([Pattern("CALL_AFTER_LOSS", (Slot(), Slot((Join(("card",), 0, ("card",)),))))])
    >>> losses.put("e-1", [("CALL_AFTER_LOSS", 0)], {"card": "c-7"})
    []
    >>> losses.put("e-2", [("CALL_AFTER_LOSS", 1)], {"card": "c-7"})
    [Match(pattern='CALL_AFTER_LOSS', ids=('e-1', 'e-2'))]
    >>> losses.take("e-1"), losses.take("e-1")
    (True, False)
    """

    def __init__(
        self, patterns: Iterable[Pattern], *, max_facts: int = MAX_FACTS, max_matches: int = MAX_MATCHES
    ) -> None:
        self._layouts = lay_out(patterns)
        self._numbers_of = {layout.pattern.name: number for number, layout in enumerate(self._layouts)}
        if len(self._numbers_of) < len(self._layouts):
            raise EngineError("two patterns have the same name")
        self._max_facts = max_facts
        self._max_matches = max_matches
        self._facts: dict[Hashable, _Fact] = {}
        self._shards: list[Shard] = []
        self._build()
        self._guard = Guard()

    def __len__(self) -> int:
        return len(self._facts)

    def __contains__(self, fact_id: Hashable) -> bool:
        return fact_id in self._facts

    def __reduce__(self) -> tuple[object, ...]:
        raise EngineError("a Network is not pickled: put its facts into a new one")

    def put(
        self,
        fact_id: Hashable,
        roles: Iterable[tuple[str, int]],
        values: Mapping[str, Hashable],
        *,
        bounded: bool = True,
    ) -> list[Match]:
        """Put in a fact.

        Args:
            fact_id: what it is called; no fact that is in is called so.
            roles: the slots that it may take: a pattern's name, and the place of the slot, from 0.
            values: by name, those by which it joins; None, or no entry, for an unknown one, which equals nothing. They
                are compared as Python compares keys of a dict: 1 equals 1.0 and True.
            bounded: whether the limits of facts and matches apply; where not, the caller has looked at them.

        Returns:
            The matches that it completes, each once, by pattern and then by when their facts were put in. A fact that
            can take no slot, because a value that it needs there is unknown, is not kept.

        Raises:
            EngineError: there is such a fact already, no such slot, or too many facts or matches; the network is as it
                was.
        """
        with self._alone():
            return self._put(fact_id, tuple(roles), values, bounded=bounded)

    def take(self, fact_id: Hashable) -> bool:
        """Take out a fact; whether it was in."""
        return self.take_all((fact_id,)) > 0

    def take_all(self, fact_ids: Iterable[Hashable]) -> int:
        """Take out facts, and say how many of them were in.

        Fifty at once take a third of what each would take alone: see `Shard`. An exception of a keyboard interrupt may
        leave some of them in.
        """
        with self._alone():
            found = [fact for each in fact_ids if (fact := self._facts.get(each)) is not None]
            if found:
                with self._guard.at_work():
                    for fact in found:
                        for shard in fact.keys:
                            self._shards[shard].take(fact.number)
                        del self._facts[fact.id], self._ids[fact.number]
                        self._left(fact)
            return len(found)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with self._guard.entered(self._renew):
                yield
        except ReenteredError:
            raise EngineError("a network was asked by a signal handler or a finaliser while it was at work") from None

    def _put(
        self, fact_id: Hashable, roles: Sequence[tuple[str, int]], values: Mapping[str, Hashable], *, bounded: bool
    ) -> list[Match]:
        if fact_id in self._facts:
            raise EngineError(f"there is a fact {shown(fact_id)} already: take it out first")
        places = self._places(roles, values)
        if not places:
            return []
        if bounded and len(self._facts) >= self._max_facts:
            raise EngineError(f"there are {len(self._facts)} facts already, which is the limit")
        kept = {name: values.get(name) for number, place in places for name in self._layouts[number].needed[place]}
        if bounded:
            self._bound(fact_id, places, kept)
        with self._guard.at_work():
            fact = self._entered(fact_id, places, kept)
            found = self._into_shards(fact)
            self._facts[fact_id] = fact
            self._ids[fact.number] = fact_id
            self._count(fact.number, found)
        return [
            Match(self._layouts[number].pattern.name, tuple(self._ids[each] for each in facts))
            for number, facts in sorted(found)
            if self._joins_all(number, facts)
        ]

    # What a fact is to the patterns

    def _places(self, roles: Sequence[tuple[str, int]], values: Mapping[str, Hashable]) -> tuple[tuple[int, int], ...]:
        found: dict[tuple[int, int], None] = {}
        for name, place in roles:
            number = self._numbers_of.get(name)
            if number is None or not 0 <= place < len(self._layouts[number].needed):
                raise EngineError(f"there is no slot {place} of a pattern `{name}`")
            if all(values.get(each) is not None for each in self._layouts[number].needed[place]):
                found[number, place] = None
        return tuple(found)

    def _bound(self, fact_id: Hashable, places: Sequence[tuple[int, int]], values: Mapping[str, Hashable]) -> None:
        for number, place in places:
            layout = self._layouts[number]
            if len(layout.keys) == 1:
                continue
            keys = {
                key.name: self._values.find(tuple(values[name] for name in key.values)) for key in layout.keys[place]
            }
            count = partial_matches(layout, place, keys, self._index, self._max_matches)
            if count > self._max_matches:
                raise EngineError(
                    f"fact {shown(fact_id)} would make more than {self._max_matches} matches or partial matches of "
                    f"pattern `{layout.pattern.name}`: let it join by more values, or keep fewer facts"
                )

    def _joins_all(self, number: int, facts: tuple[int, ...]) -> bool:
        """Whether the joins that durable-rules was not asked for hold too."""
        for place, join in self._layouts[number].checked:
            own, its = (self._facts[self._ids[facts[each]]].values for each in (place, join.slot))
            if any(own[one] != its[other] for one, other in zip(join.own, join.its, strict=True)):
                return False
        return True

    # In and out

    def _build(self) -> None:
        """Everything but the facts, as when no fact is in."""
        self._values = Numbers()
        self._index = Index()
        self._ids: dict[int, Hashable] = {}
        self._fact_numbers = Numbers(ID, RESERVED)
        parts = in_shards(self._layouts)
        self._shard_of = {number: place for place, part in enumerate(parts) for number in part}
        self._shards = [Shard(part, self._fact_numbers) for part in parts]

    def _renew(self) -> None:
        """Make everything anew from the facts: a call was interrupted."""
        for shard in self._shards:
            shard.abandon()
        facts = list(self._facts.values())
        self._build()
        for old in facts:
            fact = self._entered(old.id, old.roles, old.values)
            self._into_shards(fact)
            self._facts[old.id] = fact
            self._ids[fact.number] = old.id

    def _entered(
        self,
        fact_id: Hashable,
        roles: tuple[tuple[int, int], ...],
        values: Mapping[str, Hashable],
    ) -> _Fact:
        """A fact with numbers for its values, in the index."""
        fact = _Fact(fact_id, self._fact_numbers.take(fact_id), values, roles, {}, _RENEWED)
        for number, place in roles:
            keys = fact.keys.setdefault(self._shard_of[number], {})
            for key in self._layouts[number].keys[place]:
                keys[key.name] = self._values.take(tuple(values[name] for name in key.values))
                self._index.add(key.name, keys[key.name], fact.number, keys)
        return fact

    def _left(self, fact: _Fact) -> None:
        for number, place in fact.roles:
            keys = fact.keys[self._shard_of[number]]
            for key in self._layouts[number].keys[place]:
                self._index.remove(key.name, keys[key.name], fact.number)
                self._values.give_back(tuple(fact.values[name] for name in key.values))
        self._fact_numbers.give_back(fact.id)

    def _into_shards(self, fact: _Fact) -> list[tuple[int, tuple[int, ...]]]:
        return [match for shard, keys in fact.keys.items() for match in self._shards[shard].put(fact.number, keys)]

    def _count(self, number: int, found: list[tuple[int, tuple[int, ...]]]) -> None:
        """Count the matches that were handed out for each fact; put those again that have been in many."""
        waiting = [found]
        renewed = {number}
        while waiting:
            for _, facts in waiting.pop():
                for each in facts:
                    fact = self._facts[self._ids[each]]
                    fact.handed_out += 1
                    if fact.handed_out > fact.limit and each not in renewed:
                        renewed.add(each)
                        for shard in fact.keys:
                            self._shards[shard].take(each)
                        again = self._into_shards(fact)
                        fact.handed_out, fact.limit = 0, _RENEWED + 4 * len(again)
                        waiting.append(again)


__all__ = ["MAX_FACTS", "MAX_MATCHES", "Join", "Layout", "Match", "Network", "Pattern", "Slot"]
