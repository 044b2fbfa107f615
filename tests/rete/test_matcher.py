"""Single facts against conditions: what durable-rules finds is what Python finds, within every limit."""

import datetime as dt
import operator
from random import Random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dxrules
from dxrules.engines.rete.conditions import (
    ALWAYS,
    BUDGET,
    MAX_JUNCTIONS,
    NEVER,
    AllOf,
    AnyOf,
    Comparison,
    Cost,
    all_of,
    any_of,
    cost,
)
from dxrules.engines.rete.hashing import check_distinct, fnv1a
from dxrules.engines.rete.lowering import lower
from dxrules.engines.rete.matcher import Matcher
from dxrules.engines.rete.ruleset import RESERVED
from profiles import examples

COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)
NUMBERS = (0, 1, 2, -1, 2**53, -(2**53), 2**63 - 1, -(2**63) + 1)
TEXTS = ("", "a", "ab", "挂", '"', "\\", "\n", "true", "1", "x" * 70)
KINDS = ("int", "int", "int", "bool", "bool", "text", "text", "int")
VALUES = {"int": NUMBERS, "bool": (True, False), "text": TEXTS}


def condition_of(rng, depth):
    """A random condition."""
    if not depth or rng.random() < 0.3:
        number = rng.randrange(len(KINDS))
        op = rng.choice(list(COMPARE) if KINDS[number] == "int" else ["==", "!="])
        return Comparison(number, op, rng.choice(VALUES[KINDS[number]]))
    join = rng.choice((all_of, any_of))
    return join([condition_of(rng, depth - 1) for _ in range(rng.randint(2, 5))])


def fact_of(rng):
    """A random fact, some of it unknown."""
    return [None if rng.random() < 0.2 else rng.choice(VALUES[kind]) for kind in KINDS]


def holds(condition, fact):
    match condition:
        case Comparison(property=number, op=op, value=value):
            return fact[number] is not None and COMPARE[op](fact[number], value)
        case AllOf(items=items):
            return all(holds(item, fact) for item in items)
        case AnyOf(items=items):
            return any(holds(item, fact) for item in items)


@settings(max_examples=examples(ci=1_500, long=100_000))
@given(st.lists(st.tuples(st.integers(0, 4), SEEDS), min_size=1, max_size=40), st.lists(SEEDS, min_size=1, max_size=12))
def test_durable_rules_finds_what_python_finds(seeds, fact_seeds):
    conditions = [condition_of(Random(seed), depth) for depth, seed in seeds]
    conditions = [each for each in conditions if cost(each).fits]
    matcher = Matcher(conditions)
    for seed in fact_seeds:
        fact = fact_of(Random(seed))
        found = matcher.match(fact)
        assert [found >> place & 1 == 1 for place in range(len(conditions))] == [holds(c, fact) for c in conditions]


@pytest.mark.parametrize("count", [BUDGET - 1, BUDGET])
def test_a_condition_of_the_whole_budget(count):
    every = all_of(Comparison(number, "==", 1) for number in range(count))
    some = any_of(Comparison(number, "==", 1) for number in range(count))
    matcher = Matcher([every, some, every, some])
    assert matcher.match([1] * count) == 0b1111
    assert matcher.match([0] * (count - 1) + [1]) == 0b1010
    assert matcher.match([None] * (count - 1) + [1]) == 0b1010
    assert matcher.match([None] * count) == 0


def test_as_many_junctions_as_durable_rules_has_room_for():
    condition = Comparison(0, "==", 0)
    for number in range(1, MAX_JUNCTIONS + 1):
        condition = (all_of if number % 2 else any_of)([Comparison(number, "==", 1), condition])
    assert cost(condition).junctions == MAX_JUNCTIONS
    for fact in ([0] + [1] * 20, [1] + [1] * 20, [0] + [0, 1] * 10, [0] + [1, 0] * 10):
        assert Matcher([condition]).match(fact) == holds(condition, fact)


def test_what_always_or_never_holds_is_not_asked():
    matcher = Matcher([ALWAYS, NEVER, Comparison(0, "==", 1)])
    assert matcher.match([1]) == 0b101
    assert matcher.match([None]) == 0b001


def test_joined_conditions_are_small():
    one, two = Comparison(0, "==", 1), Comparison(1, "==", 1)
    assert all_of([one, ALWAYS, one]) == one
    assert all_of([one, NEVER]) == NEVER
    assert any_of([one, any_of([two, one])]) == AnyOf((one, two))
    assert any_of([]) == NEVER
    assert cost(all_of([any_of([one, two]), any_of([one, Comparison(2, "==", 1)])])) == Cost(4, 4, 3)


def test_names_that_collide_are_refused():
    assert fnv1a("liquid") == fnv1a("costarring")
    with pytest.raises(dxrules.EngineError, match="would take `costarring` for `liquid`"):
        check_distinct(["a", "liquid", "costarring"])


def test_no_name_of_ours_means_something_to_durable_rules():
    check_distinct([*RESERVED, *(f"{letter}{number}" for letter in "prks" for number in range(5_000))])


@attrs.frozen
class Thing:
    a: int | None = None
    b: int | None = None
    on: bool | None = None
    day: dt.date | None = None
    size: float | None = None


def lowered(condition, **parameters):
    """A condition, lowered, and how many properties it has."""
    declared = f"parameters: {parameters}" if parameters else ""
    rule = f"{{when: '{condition}', warn: , message: {{en: a, zh: a}}}}"
    text = f"rulebook: one\nfacts: Thing\n{declared}\nrules:\n  A: {rule}\n"
    rulebook = dxrules.load(dxrules.Text(text), facts=[Thing])
    found = lower(rulebook.epoch(rulebook.fact_types[0], dt.date(2026, 1, 1)))
    return found.rules[0], len(found.properties)


def test_comparisons_become_definite():
    assert lowered("a == 1 and not (b > 2)") == (
        (found := lowered("not (a != 1 or b > 2)"))[0],
        2,
    )
    assert found[0].true == AllOf((Comparison(0, "==", 1), Comparison(1, "<=", 2)))
    assert found[0].false == AnyOf((Comparison(0, "!=", 1), Comparison(1, ">", 2)))


def test_a_contradiction_is_neither_true_nor_false_while_its_fact_is_unknown():
    rule, _ = lowered("on and not on")
    assert rule.true == AllOf((Comparison(0, "==", True), Comparison(0, "==", False)))
    assert rule.false == AnyOf((Comparison(0, "==", False), Comparison(0, "==", True)))


def test_dates_are_handed_over_as_numbers():
    rule, _ = lowered('"2026-01-10" > day')
    assert rule.true == Comparison(0, "<", dt.date(2026, 1, 10).toordinal())


@pytest.mark.parametrize(
    "condition", ["size > 0.5", "a in (1, 2)", "a is None", "(a == 1 or on) is True", "a == b", "a > 0.5"]
)
def test_what_is_decided_in_python_is_one_truth_value(condition):
    rule, properties = lowered(condition)
    assert (rule.true, rule.false, properties) == (Comparison(0, "==", True), Comparison(0, "==", False), 1)


def test_calculated_numbers_are_handed_over():
    rule, properties = lowered("a * 2 + b <= 7 and days_since(day) > 30")
    assert (rule.true, properties) == (AllOf((Comparison(0, "<=", 7), Comparison(1, ">", 30))), 2)


def test_a_condition_over_the_budget_is_one_truth_value():
    within = " or ".join(f"a == {number}" for number in range(BUDGET))
    assert lowered(within)[0].true == AnyOf(tuple(Comparison(0, "==", number) for number in range(BUDGET)))
    rule, _ = lowered(f"{within} or a == -1")
    assert isinstance(rule.true, Comparison)
    ways = " and ".join(f"(a == {number} or b == {number})" for number in range(6))  # in 64 ways
    assert isinstance(lowered(ways)[0].true, Comparison)


def test_an_undated_parameter_leaves_its_rules_open():
    text = """
    rulebook: one
    facts: Thing
    parameters: {limit: {2026-01-01: 5}}
    rules:
      A: {when: a > limit, warn: , message: {en: a, zh: a}}
      B: {when: a > limit and on, warn: , message: {en: a, zh: a}}
      C: {when: a > limit or on, warn: , message: {en: a, zh: a}}
    """
    rulebook = dxrules.load(dxrules.Text(text), facts=[Thing])
    for name in ("rete", "reference"):
        engine = dxrules.compile(rulebook, name)
        before = engine.evaluate(Thing(9, on=False), dt.date(2025, 12, 31))
        assert [each.rule for each in before.undetermined] == ["A", "C"]
        assert engine.evaluate(Thing(9, on=True), dt.date(2026, 1, 1)).codes == ("A", "B", "C")


def test_the_bundled_rules_are_decided_by_durable_rules():
    """Not in Python first: of the conditions most are compared by the engine, in a few rulesets."""
    rulebook = dxrules.default_rulebook()
    for fact_type in rulebook.fact_types:
        found = lower(rulebook.epoch(fact_type, dt.date(2026, 1, 1)))
        compared = [rule for rule in found.rules if not isinstance(rule.true, Comparison)]
        assert len(compared) > len(found.rules) / 2
