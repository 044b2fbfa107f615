"""The smallest changes of facts that reach a goal: by number of facts, and each fact by the regions of its values.

With k = 1, 2, ... facts changed, every way is tried that the outlook does not rule out, so the first k that has a
proposal is the least. See docs/explanation/what-if.md for the method and where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from dxrules import expression as ex
from dxrules.explain.build import Subject
from dxrules.explain.changing import changed_fact, defaults_of, variables_of
from dxrules.explain.goal import FREE, KEPT, BudgetError, Goal, Outlook, atoms_of
from dxrules.explain.regions import choices_of, on_the_way
from dxrules.meaning import InstanceFacts, decide
from dxrules.values import Plain

MAX_WORK = 500_000  # parts of conditions that are looked at in one search: about a second
MOST = 20  # proposals that are given
MAX_DECIDED = 200  # changed facts that are made and decided; fewer where there are very many rules


@attrs.frozen(eq=False)
class Found:
    """What a search came to.

    `ways` are the proposals, each as the number of a choice by the place of its variable, with the fact and the masks
    of its decision. `reached` says that the goal is reached as things are. `exact` says that no smaller change exists
    and none as small is left out, but for `more`, those beyond the first `MOST`.
    """

    outlook: Outlook
    reached: bool
    ways: tuple[Way, ...]
    exact: bool
    more: bool


@attrs.frozen(eq=False)
class Way:
    """One way to reach the goal, verified. `also` has, by place, other values that would do as well, verified too."""

    settled: Mapping[int, int]
    also: Mapping[int, tuple[Plain, ...]]
    fact: object
    fired: int
    open: int


def search(subject: Subject, goal: Goal) -> Found:
    """The smallest changes that reach a goal."""
    return _Search(subject, goal).run()


class _Search:
    def __init__(self, subject: Subject, goal: Goal) -> None:
        self.subject = subject
        self.goal = goal
        epoch = subject.plan.epoch
        self.atoms = list({id(atom): atom for when in goal.conditions for atom in atoms_of(when)}.values())
        read = {name for atom in self.atoms for name in ex.facts_of(atom)}
        variables = variables_of(epoch.fact_type, subject.fact, subject.facts, read)
        defaults = defaults_of(variables, epoch.fact_type)
        self.outlook = Outlook(goal, variables, subject.facts, defaults, MAX_WORK)
        self.exact = True
        self.more = False
        self.trials = max(5, min(MAX_DECIDED, MAX_WORK // (10 * len(epoch.rules) + 1)))

    def run(self) -> Found:
        outlook, ways = self.outlook, tuple[Way, ...]()
        reached = all(self.subject.effective(place) is self.goal.wanted for place in self.goal.targets)
        try:
            self._choose()
            if not reached:
                ways = self._smallest()
        except BudgetError:
            self.exact = False
        return Found(outlook, reached, ways, self.exact, self.more)

    def _choose(self) -> None:
        """Give every variable its choices."""
        outlook = self.outlook
        for place, variable in enumerate(outlook.variables):
            atoms = [atom for atom in self.atoms if place in outlook.reads(atom)]
            joined = any(self._joins(atom) for atom in atoms)
            outlook.choices[place] = choices_of(variable, atoms, outlook.tried, joined=joined)
            self.exact = self.exact and not joined and outlook.choices[place].exact

    def _joins(self, atom: ex.Expr) -> bool:
        """Whether an atom reads two facts that can be changed; a group around a fact does not count."""
        variables = self.outlook.variables
        return sum(variables[place].fact.type.kind != "group" for place in self.outlook.reads(atom)) > 1

    def _smallest(self) -> tuple[Way, ...]:
        count = len(self.outlook.variables)
        for size in range(1, count + 1):
            self.outlook.settled[:] = [FREE] * count
            if not self.outlook.reachable():
                return ()
            found: list[dict[int, int]] = []
            try:
                for way in self._of_size(0, size):
                    found.append(way)  # noqa: PERF402  # those found before the budget runs out are kept
            except BudgetError:
                self.exact = False
                self.outlook.budget = 0
                return self._verified(found)
            ways = self._verified(found)
            if ways:
                return ways
        return ()

    def _of_size(self, place: int, left: int) -> Iterator[dict[int, int]]:
        """Every way to change so many of the variables from a place on that reaches the goal, nearest values first."""
        settled = self.outlook.settled
        if left == 0:
            settled[place:] = [KEPT] * (len(settled) - place)
            if self.outlook.complete() and self.outlook.reached():
                yield {each: choice for each, choice in enumerate(settled) if choice >= 0}
            return
        if left > len(settled) - place:
            return
        settled[place:] = [FREE] * (len(settled) - place)
        if not self.outlook.reachable():
            return
        for choice in (*range(len(self.outlook.choices[place].items)), KEPT):
            settled[place] = choice
            yield from self._of_size(place + 1, left - (choice != KEPT))

    def _verified(self, found: list[dict[int, int]]) -> tuple[Way, ...]:
        """Those that hold when they are decided, without those that go further than another."""
        found.sort(key=lambda way: (sorted(way), sum(way.values()), sorted(way.items())))
        ways: list[Way] = []
        for settled in found:
            if any(self._goes_further(settled, each.settled) for each in ways):
                continue
            if len(ways) == MOST:
                self.more = True
                break
            if not self.trials:
                self.exact = False
                break
            way = self._decided(settled)
            if way is not None:
                ways.append(way)
            elif not all(self.outlook.choices[place].items[choice].whole for place, choice in settled.items()):
                self.exact = False  # another value of the same region might have been accepted
        return tuple(ways)

    def _goes_further(self, settled: Mapping[int, int], other: Mapping[int, int]) -> bool:
        if settled.keys() != other.keys():
            return False
        outlook = self.outlook
        items = [(outlook.choices[place].items, choice, other[place], place) for place, choice in settled.items()]
        return all(
            on_the_way(outlook.variables[place], choices[near].value, choices[far].value)
            for choices, far, near, place in items
        )

    def _decided(self, settled: Mapping[int, int]) -> Way | None:
        """The way, as deciding the changed fact confirms it; None where the class or the rules do not."""
        changes = self.outlook.changes(settled)
        after = self._after(changes)
        if after is None:
            return None
        also: dict[int, tuple[Plain, ...]] = {}
        for place, choice in settled.items():
            name, others = self.outlook.variables[place].name, self.outlook.choices[place].items[choice].also
            also[place] = tuple(each for each in others if self._after({**changes, name: each}) is not None)
        return Way(dict(settled), also, after.fact, after.fired, after.open)

    def _after(self, changes: Mapping[str, Plain]) -> Subject | None:
        """The fact with changes made, decided; None where its class does not take them, or the goal is not reached."""
        subject, epoch = self.subject, self.subject.plan.epoch
        if self.trials <= 0:
            return None
        self.trials -= 1
        try:
            fact = changed_fact(subject.fact, changes, epoch.fact_type)
            facts = InstanceFacts(fact, epoch.parameters, subject.as_of)
            refs = {each.name: each.ref for each in self.outlook.variables}
            held = all(facts.read(refs[name]) == value for name, value in changes.items())
            fired, open_ = decide(epoch, facts)
        except Exception:  # noqa: BLE001  # a class may refuse a change by any exception of its own
            return None
        after = attrs.evolve(subject, fact=fact, fired=fired, open=open_)
        reached = all(after.effective(place) is self.goal.wanted for place in self.goal.targets)
        return after if held and reached else None
