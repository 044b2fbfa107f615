"""From rules and a fact to explanations."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.codes import places
from dxrules.errors import EngineError, FactError
from dxrules.explain.tree import Clause, Explanation, Form, Reading, RuleExplanation, State
from dxrules.explain.why_not import mark
from dxrules.meaning import Facts, InstanceFacts, missing_of_rule, value
from dxrules.outcome import BoundMessage
from dxrules.plan import Plan
from dxrules.rulebook import Lang, Rule
from dxrules.schema import FactType
from dxrules.suggest import did_you_mean
from dxrules.values import groups_of

_BREAK = re.compile(r"\s*[\r\n]\s*")


@attrs.frozen
class Subject:
    """What is explained: a decision, as its plan, fact and day, and the masks of its rules."""

    plan: Plan
    fact: object
    as_of: dt.date
    fired: int
    open: int

    @property
    def facts(self) -> Facts:
        """The facts as conditions read them."""
        return InstanceFacts(self.fact, self.plan.epoch.parameters, self.as_of)

    def names_of(self, target: str | None) -> Mapping[Lang, str]:
        """What people call a target, in each language; nothing where no pack says."""
        book = self.plan.epoch.rulebook
        return book.targets.get(target, {}) if book is not None and target is not None else {}

    def effective(self, place: int) -> bool | None:
        """Whether a rule fires; None when it is undetermined."""
        bit = 1 << place
        return True if self.fired & bit else None if self.open & bit else False


def explain(subject: Subject) -> Explanation:
    """Every rule that fires, is undetermined or is silenced."""
    epoch, facts = subject.plan.epoch, subject.facts
    shown = set(places(subject.fired | subject.open))
    for place, _ in epoch.overriders:
        if place not in shown and _truth(epoch.rules[place].when, facts) is not False:
            shown.add(place)
    builder = TreeBuilder(facts)
    rules = tuple(_of_place(subject, place, builder) for place in sorted(shown))
    return Explanation(epoch.fact_type.name, subject.as_of, epoch.digest, rules)


def why_not(subject: Subject, name: str) -> RuleExplanation:
    """One rule, with the clauses marked that stand in its way.

    Raises:
        EngineError: no rule on such facts has that name.
    """
    place = place_of(subject.plan, name)
    builder = TreeBuilder(subject.facts)
    found = _out_of_force(subject, name, builder) if place is None else _of_place(subject, place, builder)
    return attrs.evolve(found, when=found.when and mark(found.when), asked=True)


def place_of(plan: Plan, name: str) -> int | None:
    """The place of a rule in its epoch; None for one that is switched off or not in force.

    Raises:
        EngineError: no rule on such facts has that name.
    """
    if name in plan.names:
        return plan.names.index(name)
    epoch = plan.epoch
    book, owner = epoch.rulebook, epoch.fact_type
    others = [] if book is None else [rule.name for rule in book.rules if rule.fact_type is owner]
    off = {} if book is None else book.disabled.get(owner.name, {})
    if name in others or name in off:
        return None
    known = [*plan.names, *others, *off]
    elsewhere = {} if book is None else {rule.name: rule.fact_type.name for rule in book.rules}
    help_text = did_you_mean(str(name), known) or "`rulebook.rules` lists them"
    if name in elsewhere:
        help_text = f"it is a rule on {elsewhere[name]}"
    raise EngineError(f"there is no rule `{name}` on {owner.name}; {help_text}")


def _of_place(subject: Subject, place: int, builder: TreeBuilder) -> RuleExplanation:
    epoch = subject.plan.epoch
    effective = subject.effective(place)
    when = builder.tree(epoch.rules[place].when)
    above = epoch.above.get(place, ())
    state: State = "fires" if effective else "undetermined" if effective is None else "false"
    if effective is False and when.truth is not False:
        state = "silenced"
    waits_for = missing_of_rule(epoch, place, builder.facts) if effective is None else ()
    return attrs.evolve(
        _described(subject, epoch.rules[place], state, when),
        waits_for=tuple(named_reading(epoch.fact_type, each) for each in waits_for),
        silenced_by=tuple(subject.plan.names[each] for each in above if subject.effective(each)),
        held_by=tuple(subject.plan.names[each] for each in above if subject.effective(each) is None),
    )


def _out_of_force(subject: Subject, name: str, builder: TreeBuilder) -> RuleExplanation:
    """A rule that is switched off, or not in force on the day."""
    epoch = subject.plan.epoch
    assert epoch.rulebook is not None
    pack = epoch.rulebook.disabled.get(epoch.fact_type.name, {}).get(name)
    if pack is not None:
        return RuleExplanation(name, "switched_off", switched_off_by=pack, as_of=subject.as_of)
    rule = epoch.rulebook.rule(name, epoch.fact_type.name)
    return _described(subject, rule, "not_in_force", builder.tree(rule.when))


def _described(subject: Subject, rule: Rule, state: State, when: Clause) -> RuleExplanation:
    return RuleExplanation(
        code=rule.name,
        state=state,
        kind=rule.kind,
        target=rule.target,
        severity=rule.severity,
        deadline=rule.deadline,
        source=rule.source,
        truth=when.truth,
        when=when,
        valid_from=None if rule.valid_from == dt.date.min else rule.valid_from,
        valid_until=rule.valid_until,
        as_of=subject.as_of,
        names=subject.names_of(rule.target),
        message=BoundMessage(rule, subject.fact, subject.plan.epoch.parameters, subject.as_of),
    )


def named_reading(fact_type: FactType, name: str) -> Reading:
    """An unknown fact, or parameter (`parameter:NAME`), by its name."""
    item = fact_type.facts.get(name)
    if item is None:
        return Reading(name, None)
    return Reading(name, None, item, ex.FactRef(item, groups_of(fact_type, item)).personal)


def _truth(expr: ex.Expr, facts: Facts) -> bool | None:
    """The truth of a condition; unknown where it hangs on a value that its type does not take.

    That happens only beside a part that decides: else there would be no decision to explain.
    """
    try:
        return cast("bool | None", value(expr, facts))
    except FactError:
        return None


class TreeBuilder:
    """Makes the trees of conditions over some facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._readings: dict[str, Reading] = {}

    def tree(self, when: ex.Expr) -> Clause:
        """The tree of a rule's condition."""
        return self._node(when, "", in_rule=True)[0]

    # Each method gives a clause, and whether its truth hangs on a value that its type does not take: such a truth is
    # shown as unknown, but what is made of it is an error too.

    def _node(self, expr: ex.Expr, text: str, *, in_rule: bool) -> tuple[Clause, bool]:
        """The tree of an expression whose offsets count in a written text."""
        written = text[expr.start : expr.end]
        match expr:
            case ex.Clause(body=body, text=line):
                found, wrong = self._node(body, line, in_rule=False)
                return attrs.evolve(found, text=_one_line(line), line=in_rule), wrong
            case ex.DefRef(name=name, body=body):
                found, wrong = self._node(body, "", in_rule=False)
                if found.definition is not None:  # a name for a name
                    found = Clause("all", found.text, found.truth, parts=(found,))
                return attrs.evolve(found, text=name, definition=name, stands_for=found.text), wrong
            case ex.And(items=items):
                return self._joined("all", written, items, text, in_rule)
            case ex.Or(items=items):
                return self._joined("any", written, items, text, in_rule)
            case ex.Not(item=ex.Or(items=items)):
                return self._joined("none", written, items, text, in_rule)
            case ex.Not(item=item):
                return self._around("not", written, item, text, in_rule)
            case ex.IsNone(item=item, negated=negated) if _is_condition(item):
                return self._around("is not None" if negated else "is None", written, item, text, in_rule)
            case ex.IsBool(item=item, value=wanted, negated=negated) if _is_condition(item):
                form = cast("Form", f"is {'not ' if negated else ''}{wanted}")
                return self._around(form, written, item, text, in_rule)
            case _:
                return self._test(expr, written)

    def _joined(
        self, form: Form, written: str, items: tuple[ex.Expr, ...], text: str, in_rule: bool
    ) -> tuple[Clause, bool]:
        found = [self._node(item, text, in_rule=in_rule) for item in items]
        parts = tuple(part for part, _ in found)
        by = form != "all"  # the truth of a part that decides alone
        truths = [part.truth for part, _ in found]
        truth = by if by in truths else None if None in truths else not by
        wrong = truth is None and any(each for _, each in found)
        if form == "none" and truth is not None:
            truth = not truth
        return Clause(form, _one_line(written), truth, parts=parts), wrong

    def _around(self, form: Form, written: str, item: ex.Expr, text: str, in_rule: bool) -> tuple[Clause, bool]:
        part, wrong = self._node(item, text, in_rule=in_rule)
        truth = None if wrong else truth_around(form, part.truth)
        return Clause(form, _one_line(written), truth, parts=(part,)), wrong

    def _test(self, expr: ex.Expr, written: str) -> tuple[Clause, bool]:
        try:
            truth, wrong = cast("bool | None", value(expr, self.facts)), False
        except FactError:
            truth, wrong = None, True
        return Clause("test", _one_line(written), truth, reads=tuple(self._read(expr))), wrong

    def _read(self, expr: ex.Expr) -> Iterator[Reading]:
        seen: set[str] = set()
        for node in ex.walk(expr):
            name = (
                node.fact.name if isinstance(node, ex.FactRef) else node.name if isinstance(node, ex.ParamRef) else ""
            )
            if name and name not in seen:
                seen.add(name)
                yield self._reading(name, cast("ex.FactRef | ex.ParamRef", node))

    def _reading(self, name: str, ref: ex.FactRef | ex.ParamRef) -> Reading:
        found = self._readings.get(name)
        if found is None:
            found = self._readings[name] = reading_of(ref, self.facts)
        return found


def reading_of(ref: ex.FactRef | ex.ParamRef, facts: Facts) -> Reading:
    """A fact or parameter with its value."""
    if isinstance(ref, ex.ParamRef):
        return Reading(ref.name, facts.parameters[ref.name])
    name, personal = ref.fact.name, ref.personal
    try:
        return Reading(name, facts.read(ref), ref.fact, personal)
    except FactError as error:
        return Reading(name, None, ref.fact, personal, error.problems[0].found)


def truth_around(form: Form, truth: bool | None) -> bool | None:
    """The truth of a clause that has one part, by that of the part."""
    match form:
        case "not":
            return None if truth is None else not truth
        case "is None" | "is not None":
            return (truth is None) is (form == "is None")
        case "is True" | "is not True":
            return (truth is True) is (form == "is True")
        case _:
            return (truth is False) is (form == "is False")


def _is_condition(item: ex.Expr) -> bool:
    """Whether the item of an `is` test is a condition, which has a truth of its own, and no fact."""
    return item.type.kind == "bool" and not isinstance(ex.peel(item), ex.FactRef)


def _one_line(text: str) -> str:
    return _BREAK.sub(" ", text).strip()
