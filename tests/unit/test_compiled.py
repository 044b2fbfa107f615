"""The compiled engine from inside: its sets, its tables, and the source that it generates."""

import datetime as dt
import gc
import linecache
import math
import subprocess
import sys
import textwrap
import traceback
from enum import StrEnum
from random import Random

import attrs
import pytest
from benchmarks.synthetic import Subscriber, conjunctive, subscribers
from hypothesis import given
from hypothesis import strategies as st

import dxrules
from dxrules.codes import Codes, places
from dxrules.engines.compiled.program import write_epoch
from dxrules.engines.compiled.sets import compared, one_of
from dxrules.engines.compiled.tables import dense, product
from dxrules.plan import plan_of

OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
NUMBERS = st.one_of(
    st.integers(-(2**60), 2**60), st.integers(-3, 3), st.floats(allow_nan=False), st.sampled_from([-0.0, 2.0**53, 0.5])
)
COMPARE = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


@given(st.sampled_from(OPERATORS), NUMBERS, st.one_of(st.integers(-(2**60), 2**60), st.integers(-4, 4)))
def test_steps_of_integers_hold_what_compares_so(op, limit, value):
    assert (value in compared(op, limit, "int")) == COMPARE[op](value, limit)


@given(st.sampled_from(OPERATORS), NUMBERS, st.floats(allow_nan=False))
def test_steps_of_floats_hold_what_compares_so(op, limit, value):
    assert (value in compared(op, limit, "float")) == COMPARE[op](value, limit)


@given(st.sampled_from(OPERATORS), st.dates(), st.dates())
def test_steps_of_dates_hold_what_compares_so(op, limit, value):
    for each in (value, limit, dt.date.max, dt.date.min):
        assert (each in compared(op, limit, "date")) == COMPARE[op](each, limit)


@given(st.lists(NUMBERS, max_size=8), st.integers(-4, 4))
def test_one_of_holds_the_listed_numbers(limits, value):
    assert (value in one_of(limits, "int")) == (value in limits)


@given(*[st.tuples(st.sampled_from(OPERATORS), st.integers(-3, 3))] * 2, st.integers(-5, 5))
def test_steps_join_and_turn(one, two, value):
    first, second = compared(*one, "int"), compared(*two, "int")
    assert (value in (first & second)) == (value in first and value in second)
    assert (value in ~first) == (value not in first)
    assert (first & ~first).empty
    assert (~(first & ~first)).full


def test_the_limits_of_infinity_end():
    assert 5 not in compared(">", math.inf, "float")
    assert -(2**70) in compared(">", -math.inf, "int")


@given(st.integers(0, 2**9000 - 1))
def test_places_are_the_bits_of_a_mask(mask):
    assert places(mask) == [place for place in range(9000) if mask >> place & 1]


def test_a_product_table_holds_every_combination():
    masks, waiting = product([[0b0011, 0b0101, 0b1111], [0b1001, 0b1110]], 0b1111, [0b0001, 0b1000])
    assert masks == [0b0001, 0b0001, 0b1001, 0b0010, 0b0100, 0b1110]
    assert waiting == [0, 0, 0b0001, 0b1000, 0b1000, 0b1001]


def test_a_dense_table_lists_the_stretches():
    assert dense([2, 5, 6], [10, 20, 30, 40]) == [20, 20, 20, 30]


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@attrs.frozen
class Thing:
    colour: Colour | None = None
    size: int | None = None
    on: bool | None = None


RULES = """
rulebook: things
facts: Thing
rules:
  BIG_RED: {when: colour == "red" and size > 3, warn: , message: {en: a, zh: a}}
  SMALL_RED: {when: colour == "red" and size <= 3, warn: , message: {en: a, zh: a}}
  'ON': {when: "on and colour != \\"blue\\"", warn: , message: {en: a, zh: a}}
"""


@pytest.fixture
def things():
    return dxrules.load(dxrules.Text(RULES), facts=[Thing])


def source_of(rulebook):
    epoch = rulebook.epoch(rulebook.fact_types[0], dt.date(2026, 1, 1))
    return write_epoch(plan_of(epoch))[0]


def test_rules_share_their_guard(things):
    assert source_of(things).split("def rest")[0].count("fact.colour") == 1


def test_the_same_rulebook_gives_the_same_source(things):
    program = textwrap.dedent(f"""
        import sys; sys.path[:0] = {sys.path!r}
        import datetime as dt, dxrules
        from dxrules.engines.compiled.program import write_epoch
        from dxrules.plan import plan_of
        rulebook = dxrules.default_rulebook()
        for fact_type in rulebook.fact_types:
            print(write_epoch(plan_of(rulebook.epoch(fact_type, dt.date(2026, 1, 1))))[0])
    """)
    made = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(made) == 1


def test_no_text_of_a_rule_file_becomes_source():
    text = """
rulebook: evil
facts: Thing
parameters: {limit: "__import__('os')"}
define: {colour_is: 'colour in ("red", "blue")'}
rules:
  EXEC:
    when: ['note == "__import__(''os'').system(''true'')"', 'note.startswith("\\"); raise SystemExit(")', note != limit]
    block: __import__
    message: {en: "__import__('os')", zh: "{note}"}
"""

    @attrs.frozen
    class Thing:
        note: str | None = None
        colour: Colour | None = None

    rulebook = dxrules.load(dxrules.Text(text), facts=[Thing])
    source = source_of(rulebook)
    assert "import" not in source
    assert "SystemExit" not in source
    assert "EXEC" not in source
    assert dxrules.evaluate(Thing("x"), rulebook=rulebook).codes == ()


def test_tracebacks_show_the_generated_source(things):
    class BrokenError(Exception):
        pass

    class Bomb:
        @property
        def colour(self):
            raise BrokenError

    engine = dxrules.compile(things)
    program = engine._programs[Thing, 0]
    try:
        program.decide(Bomb(), None, program.at(dt.date(2026, 1, 1)))
    except BrokenError:
        text = traceback.format_exc()
    assert "f_colour = fact.colour" in text
    assert any(name.startswith("<dxrules ") for name in linecache.cache)


@pytest.mark.parametrize("colour", ["red", Colour.RED])
def test_plain_text_in_an_enum_field_is_the_member(things, colour):
    """A class without a converter holds text where an enum member is due: it means the member."""
    assert dxrules.evaluate(Thing(colour, 4, True), rulebook=things).codes == ("BIG_RED", "ON")


@pytest.mark.parametrize("value", [3.5, "4", True, math.nan, 4j])
def test_a_wrong_type_is_an_error_where_the_decision_hangs_on_it(things, value):
    for engine in ("compiled", "reference"):
        decider = dxrules.compile(things, engine)
        with pytest.raises(dxrules.FactError) as caught:
            decider.evaluate(Thing(Colour.RED, value, False))
        assert caught.value.problems[0].path == "size"
        assert decider.evaluate(Thing(Colour.BLUE, value, False)).codes == ()


@attrs.frozen
class Reading:
    """A class of a stranger: no converters, no validators."""

    number: float | None = None
    whole: int | None = None
    note: str | None = None
    colour: Colour | None = None
    shade: Colour | None = None


def on_both_engines(condition, fact):
    """The codes and undetermined rules of a one-rule rulebook, the same from both engines; None for a FactError."""
    text = f"{{rulebook: r, facts: Reading, rules: {{A: {{when: '{condition}', warn: , message: {{en: a, zh: a}}}}}}}}"
    rulebook = dxrules.load(dxrules.Text(text), facts=[Reading])
    found = []
    for name in ("compiled", "reference"):
        try:
            decision = dxrules.compile(rulebook, name).evaluate(fact)
            found.append((decision.codes, decision.undetermined))
        except dxrules.FactError:
            found.append(None)
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize("condition", ["(note is None) is None", "(note is None) is not None"])
def test_a_fact_that_nothing_hangs_on_is_still_checked(condition):
    assert on_both_engines(condition, Reading(note=1)) is None


def test_text_for_a_member_means_it_in_joint_conditions_too():
    condition = 'colour != "red" and ("blue" == colour) == (whole is None)'
    assert on_both_engines(condition, Reading(colour="blue", whole=3)) == ((), ())
    assert on_both_engines(condition, Reading(colour="blue")) == (("A",), ())
    assert on_both_engines("colour == shade", Reading(colour="blue", shade=Colour.BLUE)) == (("A",), ())


@pytest.mark.parametrize(
    ("condition", "fires"),
    [("number + 2 == 9007199254740993", False), ("number > 2", True), ("number * 2 == whole", False)],
)
def test_a_whole_number_in_a_float_fact_is_that_float(condition, fires):
    found = on_both_engines(condition, Reading(number=9007199254740991, whole=1))
    assert found == ((("A",) if fires else ()), ())


def test_what_no_float_can_hold_is_an_error():
    assert on_both_engines("whole * 0.5 > 3", Reading(whole=10**400)) is None
    assert on_both_engines("whole > 3", Reading(whole=10**400)) == (("A",), ())


@pytest.mark.parametrize("number", [None, 3])
def test_tests_for_unknown_can_be_compared(number):
    assert on_both_engines("(whole is None) == (whole is None)", Reading(whole=number)) == (("A",), ())


def test_engines_that_are_gone_leave_no_source_behind(things):
    def sources():
        gc.collect()
        return {name for name in linecache.cache if name.startswith("<dxrules ")}

    before = sources()
    for _ in range(3):
        dxrules.compile(things)
    assert sources() - before  # a finalizer touches nothing that others may be going through: the next program does
    engine = dxrules.compile(things)
    assert len(sources() - before) == 1
    del engine


def test_classes_below_a_fact_class_are_its_facts(things):
    @attrs.frozen
    class SmallThing(Thing):
        label: str = ""

    assert dxrules.evaluate(SmallThing(Colour.RED, 1, False), rulebook=things).codes == ("SMALL_RED",)


def test_other_classes_are_refused_with_a_remedy(things):
    with pytest.raises(dxrules.EngineError, match=r"decides Thing, not Card: load it with `facts=\(Card,\)`"):
        dxrules.evaluate(dxrules.Card(card_id="c"), rulebook=things)
    with pytest.raises(dxrules.EngineError, match=r"decides Thing, not dict: build one first, from a mapping with"):
        dxrules.evaluate({"size": 1}, rulebook=things)


def test_conditions_whose_normal_form_would_explode_stay_small():
    """They compile quickly and decide as they are written, each in a process with a time limit."""
    program = textwrap.dedent(f"""
        import sys; sys.path[:0] = {sys.path!r}
        import attrs, dxrules
        @attrs.frozen
        class F:
            a: int | None = None
            b: int | None = None
            c: bool | None = None
        conditions = [
            " and ".join(f"(a > {{i}} or b < {{i * 7 % 90}} or c)" for i in range(90)),
            " or ".join(f"(a > {{i}} and b < {{i * 7 % 90}} and c)" for i in range(90)),
            "(" * 45 + "c" + " == (a > 1))" * 45,
            "(" * 45 + "c" + " is None and (b > 1))" * 45,
            "(" * 45 + "(c and b > 2)" + " is None and (b > 1 or c))" * 45,
            "not " * 90 + "c",
            " + ".join(["a"] * 90) + " > b",
            "a in (" + ", ".join(map(str, range(0, 2000, 2))) + ")",
        ]
        rest = "warn: , message: {{en: x, zh: x}}"
        rules = "".join(f"  R{{i}}: {{{{when: '{{each}}', {{rest}}}}}}\\n" for i, each in enumerate(conditions))
        rulebook = dxrules.load(dxrules.Text("rulebook: x\\nfacts: F\\nrules:\\n" + rules), facts=[F])
        compiled, reference = (dxrules.compile(rulebook, name) for name in ("compiled", "reference"))
        for a in (None, 0, 1, 50, 100):
            for b in (None, 0, 2, 100):
                for c in (None, True, False):
                    assert compiled.evaluate(F(a, b, c)) == reference.evaluate(F(a, b, c))
    """)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@attrs.frozen
class Loose:
    """Facts that no validator looks at."""

    flag: bool | None = None
    number: int | None = None
    since: dt.date | None = None


def loose_engines(when, parameters="{}"):
    text = f'{{rulebook: loose, facts: Loose, parameters: {parameters}, rules: {{R: {{when: "{when}", warn: , \
message: {{en: warn, zh: 警告}}}}}}}}'
    rulebook = dxrules.load(dxrules.Text(text), facts=(Loose,))
    return [dxrules.compile(rulebook, name) for name in ("reference", "compiled")]


@pytest.mark.parametrize(
    "when",
    [
        "(flag and number > 1) is True", "(flag and number > 1) is not True", "(flag or number > 1) is False",
        "(flag or number > 1) is None", "not (flag or number > 1) is not True", "(flag and number > 1) is not None",
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_part_counts_where_an_unknown_part_stands_beside_it_under_is(when):
    for engine in loose_engines(when):
        with pytest.raises(dxrules.FactError, match="number"):
            engine.evaluate(Loose(flag=None, number="12"))


def test_a_parameter_of_whole_and_broken_numbers_is_a_float_on_every_day():
    """2^62 + 93 is 2^62 as a float: were the parameter whole on some days, engines would round differently."""
    parameters = "{p: {2024-01-01: 1, 2025-01-01: 0.5}, q: 4611686018427387904}"
    for engine in loose_engines("p - days_since(since) + q == q", parameters):
        decision = engine.evaluate(Loose(since=dt.date(2024, 5, 31)), as_of=dt.date(2024, 2, 29))
        assert decision.codes == ("R",)


def test_an_unknown_fact_before_an_either_or_that_is_false_leaves_nothing_open():
    """Straight code once took `unknown and (false or false)` for unknown."""
    when = 'arrears_fen > 0 and (intent == "cancel" or status == "cancelled")'
    text = f"rulebook: r\nfacts: Card\nrules:\n  R:\n    when: {when}\n    warn:\n    message: {{en: a, zh: b}}"
    rules = dxrules.load(dxrules.Text(text))
    for engine in ("compiled", "reference"):
        for status, intent, is_open in (
            ("active", "none", False),
            ("cancelled", "none", True),
            ("active", "cancel", True),
        ):
            card = dxrules.Card(card_id="c", status=status, intent=intent)
            assert bool(dxrules.compile(rules, engine).evaluate(card).undetermined) is is_open


@pytest.mark.parametrize("count", [0, 3, 12, 13, 40, 6_000])
def test_codes_are_the_names_of_the_bits_of_a_mask(count):
    codes = Codes([f"R{number}" for number in range(count)])
    random = Random(count)
    for _ in range(50):
        mask = sum(1 << place for place in range(count) if random.random() < 20 / max(20, count))
        expected = tuple(f"R{place}" for place in range(count) if mask >> place & 1)
        assert codes[mask] == expected
        assert codes[mask] is codes[mask]


def test_what_is_remembered_of_masks_is_bounded(monkeypatch):
    monkeypatch.setattr("dxrules.codes._KEPT", 10)
    codes = Codes([f"R{number}" for number in range(20)])
    for mask in range(1_000):
        assert codes[mask] == tuple(f"R{place}" for place in range(20) if mask >> place & 1)
        assert len(codes.seen) <= 10


def test_what_is_remembered_of_names_is_bounded_too(monkeypatch):
    """Half of 20,000 rules fire: the names take some thirty times what the mask does."""
    monkeypatch.setattr("dxrules.codes._KEPT_NAMES", 100)
    codes = Codes([f"R{number}" for number in range(40)])
    for mask in range(2**40 - 1, 2**40 - 200, -1):
        assert len(codes[mask]) == mask.bit_count()
        assert codes[mask] is codes[mask]
        assert sum(map(len, codes.seen.values())) <= 100


@pytest.mark.parametrize("table_bits", [2_500_000, 40_000])
def test_coarse_tables_of_wide_masks_are_made_exact(monkeypatch, table_bits):
    monkeypatch.setattr("dxrules.engines.compiled.index._TABLE_BITS", table_bits)
    rules = conjunctive(1_500)
    rulebook = dxrules.load(dxrules.Text(rules.yaml()), facts=(Subscriber,))
    compiled, reference, flat = dxrules.compile(rulebook), dxrules.compile(rulebook, engine="reference"), rules.flat()
    cards = subscribers(400)
    for card in [*cards, *cards, *subscribers(400, seed=1), *cards]:
        assert list(compiled.evaluate(card).codes) == flat(card)
    for card in [*subscribers(12, unknown=0.2), *subscribers(12, unknown=0.03)]:
        expected = reference.evaluate(card)
        assert compiled.evaluate(card) == expected
        assert compiled.evaluate(card) == expected
    (program,) = {id(each): each for each in compiled._programs.values()}.values()
    assert ("settle" in program.source) is (table_bits < 1_000_000)
