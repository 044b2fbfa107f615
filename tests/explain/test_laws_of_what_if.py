"""What holds of every answer of `what_if`: it reaches its goal, and brute force finds none smaller."""

import datetime as dt
import itertools
import json
from random import Random
from typing import Literal

import attrs
from hypothesis import event, given, note, settings
from hypothesis import strategies as st

import dxrules
from generate.rulebooks import case_of, days_of, facts_of, recipes
from profiles import examples

SEEDS = st.integers(0, 2**32 - 1)
DAY = dt.date(2026, 1, 15)
DAYS = [dt.date(2026, 1, day) for day in range(10, 19)]


@attrs.frozen(kw_only=True)
class Inner:
    stage: Literal["i", "j"] = attrs.field(metadata=dxrules.note("stage", "阶段", settable=True))
    ok: bool | None = attrs.field(default=None, metadata=dxrules.note("ok", "可", settable=(True,)))
    rest: int | None = 1


@attrs.frozen(kw_only=True)
class Small:
    """A fact of each type, with few values that matter, that can be changed in different ways."""

    a: bool | None = attrs.field(default=None, metadata=dxrules.note("a", "甲", settable=True))
    b: bool | None = attrs.field(default=None, metadata=dxrules.note("b", "乙", settable=(True,)))
    n: int | None = attrs.field(default=None, metadata=dxrules.note("n", "数", settable="down", minimum=0))
    m: int | None = attrs.field(default=None, metadata=dxrules.note("m", "量", settable=True, minimum=0))
    x: float | None = attrs.field(default=None, metadata=dxrules.note("x", "率", settable="up"))
    kind: Literal["k", "l", "o"] | None = attrs.field(
        default=None, metadata=dxrules.note("kind", "类", settable={"k": ("l",), "l": ("k", "o")})
    )
    tags: frozenset[Literal["p", "q", "r"]] | None = attrs.field(
        default=None, metadata=dxrules.note("tags", "标签", settable="up")
    )
    text: str | None = attrs.field(default=None, metadata=dxrules.note("text", "文字", settable=True))
    day: dt.date | None = attrs.field(default=None, metadata=dxrules.note("day", "日", settable=True))
    fixed: int | None = None
    inner: Inner | None = attrs.field(default=None, metadata=dxrules.note("inner", "内", settable=True))


# What matters of each: one value for every stretch between the literals of the conditions, and more.
VALUES = {
    "a": (False, True),
    "b": (False, True),
    "n": range(6),
    "m": range(6),
    "x": (-1.0, 0.0, 0.25, 0.5, 0.6, 0.75, 0.9, 1.0, 1.5),
    "kind": ("k", "l", "o"),
    "tags": tuple(frozenset(some) for size in range(4) for some in itertools.combinations("pqr", size)),
    "text": ("", "u", "ab", "abc", "abd", "b"),
    "day": tuple(DAYS),
    "fixed": range(3),
    "inner.stage": ("i", "j"),
    "inner.ok": (False, True),
}
ATOMS = (
    "a", "not a", "a is None", "a is not True", "b", "b is True", "b == a",
    "n > 0", "n > 2", "n == 1", "n <= 3", "n + 1 > 3", "2 * n - n < 2", "n in (0, 3)", "-n < -1",
    "m > 1", "m != 3", "m < 4", "m is not None", "1 < m < 4",
    "x > 0.5", "x <= 1.0", "x * 2.0 == 1.0", "x + 0.25 < 1.0",
    'kind == "k"', 'kind in ("l", "o")', 'kind != "l"', "kind is None",
    '"p" in tags', '"q" not in tags', "len(tags) > 1", "len(tags) == 0", "len(tags) - 1 < 2",
    'text == "ab"', 'text.startswith("ab")', 'text in ("", "abc")', 'text != "u"', 'text.startswith("abc")',
    "days_since(day) > 2", 'day >= "2026-01-13"', "days_since(day) == 0", 'day < "2026-01-17"',
    "fixed > 0", "fixed is None", "inner is None", 'inner.stage == "i"', "inner.ok is True", "not inner.ok",
    "inner.rest == 1",
)  # fmt: skip
JOINED = ("n > m", "m - n == 1", "x > m", "b == (a and m > 1)")


def condition(rng, depth, atoms):
    if depth == 0:
        return rng.choice(atoms)
    parts = [condition(rng, rng.randrange(depth), atoms) for _ in range(rng.choice((1, 2, 2, 3)))]
    match rng.randrange(6):
        case 0 | 1:
            return " and ".join(f"({part})" for part in parts)
        case 2 | 3:
            return " or ".join(f"({part})" for part in parts)
        case 4:
            return f"not ({parts[0]})"
    return f"({parts[0]}) {rng.choice(('is True', 'is not True', 'is None', 'is not False', 'is False'))}"


def rulebook_of(rng, atoms):
    """A few rules, some of which block, and some of which override those before them."""
    rules = {}
    for place in range(rng.randint(1, 4)):
        rule = {"when": condition(rng, rng.choice((0, 1, 1, 2)), atoms), "message": {"en": "a", "zh": "甲"}}
        rule |= {"block": "go"} if place == 0 or rng.random() < 0.3 else {"warn": None}
        if rules and rng.random() < 0.4:
            rule["overrides"] = rng.sample(sorted(rules), 1)
        rules[f"R{place}"] = rule
    text = json.dumps({"rulebook": "small", "facts": "Small", "rules": rules}, ensure_ascii=False)
    return dxrules.load(dxrules.Text(text), facts=[Small])


def fact_of(rng):
    unknown = rng.choice((0.0, 0.1, 0.4))

    def some(name):
        return None if rng.random() < unknown else rng.choice(VALUES[name])

    inner = None
    if rng.random() < 0.6:
        inner = Inner(stage=rng.choice("ij"), ok=some("inner.ok"))
    return Small(**{name: some(name) for name in VALUES if "." not in name}, inner=inner)


def options(fact, name):
    """What a fact can be set to, by its note: written down here once more, from its documentation."""
    if name.startswith("inner."):
        before = None if fact.inner is None else getattr(fact.inner, name.removeprefix("inner."))
        if before is None and fact.inner is not None:
            return []
    else:
        before = getattr(fact, name)
        if before is None:
            return []
    allowed = {
        "a": lambda _: True,
        "b": lambda after: after is True,
        "n": lambda after: after < before,
        "m": lambda _: True,
        "x": lambda after: after > before,
        "kind": lambda after: after in {"k": "l", "l": "ko", "o": ""}[before],
        "tags": lambda after: after > before,
        "text": lambda _: True,
        "day": lambda _: True,
        "fixed": lambda _: False,
        "inner.stage": lambda _: True,
        "inner.ok": lambda after: after is True,
    }[name]
    return [after for after in VALUES[name] if after != before and allowed(after)]


def ways(fact, size):
    """Every changed fact with so many facts changed, and the names of these."""
    names = [*VALUES, *(("inner",) if fact.inner is None else ())]
    for chosen in itertools.combinations(names, size):
        inside = [name for name in chosen if name.startswith("inner.")]
        if fact.inner is None and ("inner.stage" in chosen) != ("inner" in chosen):
            continue
        if fact.inner is None and inside and "inner" not in chosen:
            continue
        values = [[True] if name == "inner" else options(fact, name) for name in chosen]
        for after in itertools.product(*values):
            given = dict(zip(chosen, after, strict=True))
            within = {name.removeprefix("inner."): each for name, each in given.items() if name.startswith("inner.")}
            outside = {name: each for name, each in given.items() if "." not in name and name != "inner"}
            if within:
                outside["inner"] = attrs.evolve(fact.inner, **within) if fact.inner else Inner(**within)
            yield frozenset(chosen), attrs.evolve(fact, **outside)


def reaches(decision, goal):
    if "allow" in goal:
        return decision.verdict(goal["allow"]) == "allowed"
    if "fire" in goal:
        return goal["fire"] in decision.codes
    return goal["silence"] not in (*decision.codes, *(each.rule for each in decision.undetermined))


def goal_of(rng, rulebook, fact, day):
    """A goal that is not reached yet, if there is one; else any."""
    names = [rule.name for rule in rulebook.rules if rule.fact_type is rulebook.fact_type_of(type(fact))]
    goals = [{key: name} for name in names for key in ("fire", "silence")]
    goals += [{"allow": operation} for operation in sorted(rulebook.operations)]
    rng.shuffle(goals)
    decision = dxrules.evaluate(fact, rulebook=rulebook, as_of=day)
    return next((goal for goal in goals if not reaches(decision, goal)), goals[0] if goals else None)


def changed_names(before, after, prefix=""):
    """The names of the facts in which two facts differ; of a group that is started, itself and what is not default."""
    for field in attrs.fields(type(before)):
        one, two = getattr(before, field.name), getattr(after, field.name)
        if one is two or (type(one) is type(two) and one == two) or repr(one) == repr(two) == "nan":
            continue
        if attrs.has(type(one)) and attrs.has(type(two)):
            yield from changed_names(one, two, f"{prefix}{field.name}.")
        else:
            yield f"{prefix}{field.name}"


def check_answer(answer, decision, rulebook, goal):
    """What must hold of any answer."""
    assert answer.reached == reaches(decision, goal)
    assert not (answer.reached and answer.proposals)
    assert bool(answer.in_the_way) == (not answer.reached and not answer.proposals)
    sizes = {len(proposal.changes) for proposal in answer.proposals}
    assert len(sizes) <= 1
    for proposal in answer.proposals:
        after = proposal.decision
        for engine in ("compiled", "reference"):
            again = dxrules.compile(rulebook, engine).evaluate(after.fact, decision.as_of)
            assert again == after
            assert reaches(again, goal)
        names = [change.name for change in proposal.changes]
        started = tuple(f"{change.name}." for change in proposal.changes if change.fact.type.kind == "group")
        assert {name for name in names if not name.startswith(started or ("\0",))} == set(
            changed_names(decision.fact, after.fact)
        )
        assert all(change.fact.note.settable is not None for change in proposal.changes)
        assert set(proposal.starts) == set(after.codes) - set(decision.codes)
        assert set(proposal.stops) == set(decision.codes) - set(after.codes)
    for said in (answer.text("en"), answer.text("zh"), json.dumps(answer.to_dict())):
        assert said


@settings(max_examples=examples(ci=100, long=5_000))
@given(recipes(most_facts=3), SEEDS)
def test_every_answer_reaches_its_goal(recipe, seed):
    rng = Random(seed)
    case = case_of(recipe)
    for text in case.texts:
        note(text)
    rulebook = case.load()
    facts = facts_of(recipe, case)
    for fact, day in zip(facts, days_of(rulebook, rng, len(facts)), strict=True):
        goal = goal_of(rng, rulebook, fact, day)
        if goal is None:
            continue
        note(f"{fact!r} as of {day}: {goal}")
        decision = dxrules.evaluate(fact, rulebook=rulebook, as_of=day)
        answer = decision.what_if(**goal)
        event(f"proposals: {bool(answer.proposals)}, reached: {answer.reached}, exact: {answer.exact}")
        check_answer(answer, decision, rulebook, goal)


@settings(max_examples=examples(ci=250, long=10_000))
@given(SEEDS)
def test_brute_force_finds_no_smaller_change_and_no_other_as_small(seed):
    rng = Random(seed)
    rulebook = rulebook_of(rng, rng.sample(ATOMS, 8))
    fact = fact_of(rng)
    goal = goal_of(rng, rulebook, fact, DAY)
    for rule in rulebook.rules:
        note(f"{rule.name} {rule.kind} {rule.overrides}: {rule.when.text}")
    note(f"{fact!r}: {goal}")
    decision = dxrules.evaluate(fact, rulebook=rulebook, as_of=DAY)
    answer = decision.what_if(**goal)
    check_answer(answer, decision, rulebook, goal)
    assert answer.exact
    if answer.reached:
        return
    size = len(answer.proposals[0].changes) if answer.proposals else 3
    event(f"{len(answer.proposals)} proposals of {size}")
    for smaller in range(1, size):
        for names, other in ways(fact, smaller):
            assert not reaches(dxrules.evaluate(other, rulebook=rulebook, as_of=DAY), goal), (names, other)
    if size <= 3 and not answer.more:
        found = {names for names, other in ways(fact, size)
                 if reaches(dxrules.evaluate(other, rulebook=rulebook, as_of=DAY), goal)}  # fmt: skip
        assert {frozenset(each.name for each in proposal.changes) for proposal in answer.proposals} == found


@settings(max_examples=examples(ci=60, long=3_000))
@given(SEEDS)
def test_where_conditions_join_facts_answers_reach_their_goal_and_say_that_they_are_not_exact(seed):
    rng = Random(seed)
    rulebook = rulebook_of(rng, [*rng.sample(ATOMS, 3), *JOINED])
    fact = fact_of(rng)
    goal = goal_of(rng, rulebook, fact, DAY)
    note(f"{fact!r}: {goal}")
    decision = dxrules.evaluate(fact, rulebook=rulebook, as_of=DAY)
    answer = decision.what_if(**goal)
    check_answer(answer, decision, rulebook, goal)
    written = " ".join(rule.when.text for rule in rulebook.rules if goal.get("fire", goal.get("silence")) == rule.name)
    if {fact.n, fact.m}.isdisjoint({None, 0}) and any(each in written for each in JOINED[:2]):
        assert not answer.exact
