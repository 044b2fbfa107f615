"""What would have to change for an operation to be allowed, a rule to fire, or a rule to be silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeVar

import attrs

from dxrules.codes import places
from dxrules.errors import EngineError
from dxrules.explain.build import Subject, place_of, why_not
from dxrules.explain.goal import ANY, FALSE, FREE, KEPT, TRUE, BudgetError, Goal, Outlook, goal_of
from dxrules.explain.questions import Questions, questions_of
from dxrules.explain.search import MAX_WORK, Found, Way, search
from dxrules.explain.tree import RuleExplanation
from dxrules.plaindata import as_data
from dxrules.render import MASK
from dxrules.rulebook import Lang
from dxrules.schema import Fact
from dxrules.values import Plain

D = TypeVar("D")

GoalKind = Literal["allow", "fire", "silence"]


@attrs.frozen(repr=False)
class Change:
    """A fact that is changed.

    Attributes:
        name: its name, with dots.
        before: its value; None for one of a group that is started, and for that group.
        after: the value that it is set to; True for a group that is started.
        also: other values that would do as well, where they can be listed.
        fact: its description.
        personal: whether it is personal data.
    """

    name: str
    before: Plain
    after: Plain
    also: tuple[Plain, ...]
    fact: Fact
    personal: bool

    def text(self, lang: str = "en", *, personal: bool = False) -> str:
        """For people: what it is called, its value, and the new one; personal data only when asked for."""
        from dxrules.explain.text import change_text

        return change_text(self, lang, personal=personal)

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data; the values of personal data only when asked for."""
        values = [self.before, self.after, [*self.also]]
        before, after, also = (as_data(each) if personal or not self.personal else MASK for each in values)
        return {"name": self.name, "before": before, "after": after, "also": also, "personal": self.personal}

    def __repr__(self) -> str:
        after = MASK if self.personal else self.after
        return f"Change({self.name} to {after!r})"


@attrs.frozen
class Proposal(Generic[D]):
    """Changes that reach a goal together.

    Attributes:
        changes: the facts that are changed, in the order of their class.
        decision: the decision that follows, on the changed fact.
        starts, stops: the codes of the rules that fire then and do not now, and the other way round.
    """

    changes: tuple[Change, ...]
    decision: D
    starts: tuple[str, ...]
    stops: tuple[str, ...]

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data; of the decision only what it changes."""
        return {
            "changes": [each.to_dict(personal=personal) for each in self.changes],
            "starts": list(self.starts),
            "stops": list(self.stops),
        }


@attrs.frozen
class WhatIf(Generic[D]):
    """The smallest changes of facts that reach a goal.

    Attributes:
        goal: `allow` an operation, `fire` a rule, or `silence` one.
        name: of the operation or rule.
        reached: whether it is so already; then there is nothing to propose.
        proposals: the changes that reach it, all of the same, least number of facts; each was verified by deciding it.
        exact: whether it is sure that no smaller change reaches it, and that none as small is left out.
        more: whether there are more proposals as small, which are left out to be short.
        in_the_way: where there is no proposal: the rules that cannot be changed so.
        questions: unknown facts whose answers may matter. To fill one in is no change, so none is proposed.
        rule: for a rule that is switched off or not in force, its explanation, which says so.
    """

    goal: GoalKind
    name: str
    reached: bool
    proposals: tuple[Proposal[D], ...]
    exact: bool
    more: bool
    in_the_way: tuple[str, ...]
    questions: Questions
    rule: RuleExplanation | None = None
    _names: Mapping[Lang, str] = attrs.field(factory=dict, repr=False, eq=False)

    def called(self, lang: Lang) -> str:
        """What people call the operation, or the name of the rule."""
        return self._names.get(lang, self.name)

    def text(self, lang: str = "en", *, personal: bool = False) -> str:
        """For people.

        Args:
            lang: `en` or `zh`.
            personal: show personal data.

        Raises:
            DxRulesError: another language.
        """
        from dxrules.explain.text import what_if_text

        return what_if_text(self, lang, personal=personal)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data that `json.dumps` takes; the values of personal data only when asked for."""
        return {
            "goal": self.goal,
            "name": self.name,
            "reached": self.reached,
            "proposals": [each.to_dict(personal=personal) for each in self.proposals],
            "exact": self.exact,
            "more": self.more,
            "in_the_way": list(self.in_the_way),
            "questions": self.questions.to_dict(),
            "rule": None if self.rule is None else self.rule.to_dict(personal=personal),
        }


def what_if(
    subject: Subject, kind: GoalKind, name: str, blocking: int, make: Callable[[object, int, int], D]
) -> WhatIf[D]:
    """The smallest changes that reach a goal.

    Args:
        subject: the decision.
        kind: what is to be reached.
        name: for which operation or rule.
        blocking: to allow an operation: the mask of the rules that block it.
        make: makes a decision of a fact and its masks.

    Raises:
        EngineError: no rule on such facts has that name.
        DxRulesError: a note names a value that its fact does not take.
    """
    if kind == "allow":
        targets = places(blocking)
    else:
        place = place_of(subject.plan, name)
        if place is None:
            silent = kind == "silence"
            return WhatIf(kind, name, silent, (), True, False, () if silent else (name,), Questions(),
                          why_not(subject, name))  # fmt: skip
        targets = [place]
    goal = goal_of(subject.plan.epoch, targets, wanted=kind == "fire")
    found = search(subject, goal)
    proposals = tuple(_proposal(subject, found.outlook, way, make) for way in found.ways)
    closed = found.reached or bool(proposals)
    return WhatIf(
        kind,
        name,
        found.reached,
        proposals,
        found.exact,
        found.more,
        () if closed else _in_the_way(subject, goal, found),
        Questions() if found.reached else _questions(subject, goal, found.outlook),
        names=subject.names_of(name) if kind == "allow" else {},
    )


def _proposal(subject: Subject, outlook: Outlook, way: Way, make: Callable[[object, int, int], D]) -> Proposal[D]:
    changes: list[Change] = []
    for place, number in sorted(way.settled.items()):
        variable, choice = outlook.variables[place], outlook.choices[place].items[number]
        changes.append(
            Change(variable.name, variable.current, choice.value, way.also[place], variable.fact, variable.ref.personal)
        )
    starts, stops = way.fired & ~subject.fired, subject.fired & ~way.fired
    names = subject.plan.names
    return Proposal(
        tuple(changes),
        make(way.fact, way.fired, way.open),
        tuple(names[place] for place in places(starts)),
        tuple(names[place] for place in places(stops)),
    )


def _in_the_way(subject: Subject, goal: Goal, found: Found) -> tuple[str, ...]:
    """The rules that no change makes what they would have to be; else those that are not so now."""
    outlook = found.outlook
    outlook.settled[:] = [FREE] * len(outlook.variables)
    outlook.budget = MAX_WORK
    names = subject.plan.names
    try:
        rules = outlook.rules()
    except BudgetError:
        rules = dict.fromkeys(goal.involved, ANY)
    wanted = TRUE if goal.wanted else FALSE
    stuck = [place for place in goal.targets if not rules[place] & wanted]
    if goal.wanted and stuck:  # it is its own condition, or the rules that override it
        place = stuck[0]
        above = [each for each in goal.above.get(place, ()) if not rules[each] & FALSE]
        stuck = above or stuck
    if not stuck:
        stuck = [place for place in goal.targets if subject.effective(place) is not goal.wanted]
    return tuple(names[place] for place in sorted(stuck))


def _questions(subject: Subject, goal: Goal, outlook: Outlook) -> Questions:
    """The unknown facts that may matter to the rules of a goal, whatever else is changed."""
    outlook.settled[:] = [FREE] * len(outlook.variables)
    outlook.answers, outlook.budget = True, MAX_WORK
    epoch = subject.plan.epoch
    rules: dict[str, list[str]] = {}
    try:
        truths = outlook.rules()
        for place in sorted(goal.involved):
            open_ = truths[place] not in (TRUE, FALSE)
            for name in dict.fromkeys(outlook.unknowns(epoch.rules[place].when) if open_ else ()):
                rules.setdefault(name, []).append(epoch.rules[place].name)
    except BudgetError:
        pass  # what was found so far is true
    finally:
        outlook.answers = False
        outlook.settled[:] = [KEPT] * len(outlook.variables)
    return questions_of(epoch.fact_type, rules)


def goal_from(allow: str | None, fire: str | None, silence: str | None) -> tuple[GoalKind, str]:
    """The one goal that is given.

    Raises:
        EngineError: none is, or several are.
    """
    given: list[tuple[GoalKind, str]] = []
    if allow is not None:
        given.append(("allow", allow))
    if fire is not None:
        given.append(("fire", fire))
    if silence is not None:
        given.append(("silence", silence))
    if len(given) != 1:
        raise EngineError("`what_if` takes one goal: `allow=` an operation, `fire=` a rule, or `silence=` a rule")
    return given[0]
