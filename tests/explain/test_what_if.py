"""What would change a decision: what can be proposed, and what is said where nothing can."""

import datetime as dt
import itertools
import json
import time
from typing import Literal

import attrs
import pytest

import dxrules
from dxrules import CancellationRequest, Card, DxRulesError, EngineError, checked, note
from dxrules.explain import search

DAY = dt.date(2026, 1, 15)


@attrs.frozen(kw_only=True)
class Inner:
    stage: Literal["new", "sent", "back"] = attrs.field(
        metadata=note("stage", "阶段", settable={None: ("new",), "new": ("sent",)})
    )
    fast: bool | None = attrs.field(default=False, metadata=note("fast", "加急", settable=True))
    weight: int | None = attrs.field(default=None, metadata=note("weight", "重量", settable=True, minimum=0))


@attrs.frozen(kw_only=True)
class Order:
    a: bool | None = attrs.field(default=None, metadata=note("a", "甲", settable=True))
    b: bool | None = attrs.field(default=None, metadata=note("b", "乙", settable=(True,)))
    lost: bool | None = None
    n: int | None = attrs.field(default=None, metadata=note("n", "数", settable=True, minimum=0))
    m: int | None = attrs.field(default=None, metadata=note("m", "量", settable=True))
    debt: int | None = attrs.field(default=None, metadata=note("debt", "欠款", unit="fen", settable="down", minimum=0))
    x: float | None = attrs.field(default=None, metadata=note("x", "率", settable=True))
    text: str | None = attrs.field(default=None, metadata=note("text", "文字", settable=True))
    day: dt.date | None = attrs.field(default=None, metadata=note("day", "日", settable="up"))
    at: dt.datetime | None = attrs.field(default=None, metadata=note("at", "时", settable=True))
    kind: Literal["p", "q", "r", "s"] | None = attrs.field(default=None, metadata=note("kind", "类", settable=True))
    tags: frozenset[Literal["p", "q", "r"]] | None = attrs.field(
        default=None, metadata=note("tags", "标签", settable=True)
    )
    inner: Inner | None = attrs.field(default=None, metadata=note("inner", "内", settable=True))

    __attrs_post_init__ = checked


def load(conditions, cls=Order, parameters=None, **more):
    rules = {}
    for name, when in conditions.items():
        rules[name] = {"when": when, "warn": None, "message": {"en": "a", "zh": "甲"}, **more.get(name, {})}
        if name.startswith("BLOCK"):
            del rules[name]["warn"]
            rules[name]["block"] = "go"
    content = {"rulebook": "orders", "facts": cls.__name__, "parameters": parameters or {}, "rules": rules}
    return dxrules.load(dxrules.Text(json.dumps(content, ensure_ascii=False)), facts=[cls, Card])


def ask(conditions, fact, *, parameters=None, rules=None, **goal):
    rulebook = load(conditions, type(fact), parameters, **(rules or {}))
    return dxrules.evaluate(fact, rulebook=rulebook, as_of=DAY).what_if(**goal)


def changes(answer):
    """Each proposal as the new values by name."""
    return [{each.name: each.after for each in proposal.changes} for proposal in answer.proposals]


# What is proposed


@pytest.mark.parametrize(
    ("when", "given", "after"),
    [
        ("n > 5", {"n": 3}, {"n": 6}),
        ("n < 2 or n > 5", {"n": 3}, {"n": 1}),
        ("n < 2 or n > 5", {"n": 5}, {"n": 6}),
        ("n in (7, 9)", {"n": 3}, {"n": 7}),
        ("2 * n - 3 > limit", {"n": 0}, {"n": 7}),
        ("n + n + n == 12", {"n": 0}, {"n": 4}),
        ("debt < 100", {"debt": 3520}, {"debt": 99}),
        ("debt == 0", {"debt": 3520}, {"debt": 0}),
        ("x > 0.5", {"x": 0.1}, {"x": 0.51}),
        ("x >= 0.5", {"x": 0.1}, {"x": 0.5}),
        ("x * 3.0 == 1.5", {"x": 9.0}, {"x": 0.5}),
        ("x < -2.25", {"x": 0.0}, {"x": -2.26}),
        ('text.startswith("ab")', {"text": "x"}, {"text": "ab"}),
        ('text.startswith("ab") and text != "ab"', {"text": "x"}, {"text": "aba"}),
        ('text in ("u", "v") and text != "u"', {"text": "x"}, {"text": "v"}),
        ("days_since(day) < 3", {"day": dt.date(2026, 1, 1)}, {"day": dt.date(2026, 1, 13)}),
        ('day > "2026-02-01"', {"day": dt.date(2026, 1, 1)}, {"day": dt.date(2026, 2, 2)}),
        ('at > "2026-02-01T09:30:00"', {"at": dt.datetime(2026, 1, 1)}, {"at": dt.datetime(2026, 2, 1, 9, 31)}),
        ('kind == "r"', {"kind": "p"}, {"kind": "r"}),
        ('"p" in tags and "q" not in tags', {"tags": frozenset("q")}, {"tags": frozenset("p")}),
        ("len(tags) == 0", {"tags": frozenset("pq")}, {"tags": frozenset()}),
        ("a == (n > 2)", {"a": True, "n": 2}, {"a": False}),
        ("(a and n > 2) is not True", {"a": True, "n": 5}, {"a": False}),
        ("a and not b", {"a": False, "b": False}, {"a": True}),
    ],
)
def test_the_nearest_value_that_does_it(when, given, after):
    answer = ask({"A": when}, Order(**given), parameters={"limit": 10}, fire="A")
    assert after in changes(answer)
    assert len(answer.proposals[0].changes) == 1
    assert answer.exact
    assert all("A" in each.decision.codes for each in answer.proposals)


def test_no_change_goes_further_than_needed():
    answer = ask({"A": "n > 5 or n > 8 or n < 2"}, Order(n=3), fire="A")
    assert changes(answer) == [{"n": 1}, {"n": 6}]
    answer = ask({"A": 'len(tags) > 0 or "q" in tags'}, Order(tags=frozenset()), fire="A")
    assert changes(answer) == [{"tags": frozenset("p")}, {"tags": frozenset("q")}]


def test_of_listed_numbers_the_nearest_comes_first():
    there = Shelf(box=Box(size=1, lid=Inner(stage="new")))
    assert changes(ask({"A": "box.size > 1 or box.size > 2"}, there, fire="A")) == [{"box.size": 2}]


def test_values_that_do_the_same_are_one_proposal():
    (proposal,) = ask({"A": 'kind != "p"'}, Order(kind="p"), fire="A").proposals
    assert (proposal.changes[0].after, proposal.changes[0].also) == ("q", ("r", "s"))


def test_several_facts_together_and_no_more_than_are_needed():
    answer = ask({"A": "a and b and n > 5 or (n > 8 and m > 0)"}, Order(a=False, b=False, n=3, m=0), fire="A")
    assert changes(answer) == [{"n": 9, "m": 1}]


def test_only_what_a_person_can_change_is_changed():
    answer = ask({"A": "lost or not b"}, Order(lost=False, b=True), fire="A")
    assert (answer.proposals, answer.in_the_way, answer.exact) == ((), ("A",), True)
    assert not ask({"A": "debt > 5"}, Order(debt=3), fire="A").proposals
    assert not ask({"A": 'day < "2026-01-01"'}, Order(day=DAY), fire="A").proposals


def test_a_goal_that_is_reached_needs_nothing():
    answer = ask({"A": "a"}, Order(a=True), fire="A")
    assert (answer.reached, answer.proposals, answer.questions.names, answer.in_the_way) == (True, (), (), ())
    assert answer.text() == "To make A fire, nothing need change: it is so already."


def test_to_allow_an_operation_every_rule_that_blocks_it_is_silenced():
    rules = {"BLOCK1": "debt > 0", "BLOCK2": "a", "BLOCK3": "lost"}
    answer = ask(rules, Order(debt=5, a=True, lost=False), allow="go")
    assert changes(answer) == [{"a": False, "debt": 0}]
    proposal = answer.proposals[0]
    assert proposal.decision.verdict("go") == "allowed"
    assert (proposal.stops, proposal.starts) == (("BLOCK1", "BLOCK2"), ())
    stuck = ask(rules, Order(debt=5, a=True, lost=True), allow="go")
    assert (stuck.proposals, stuck.in_the_way) == ((), ("BLOCK3",))


def test_overrides_are_a_way_and_stand_in_the_way():
    overriding = {"rules": {"B": {"overrides": ["A"]}}}
    rules = {"A": "lost", "B": "n > 5"}
    assert changes(ask(rules, Order(lost=True, n=3), silence="A", **overriding)) == [{"n": 6}]
    assert changes(ask(rules, Order(lost=True, n=9), fire="A", **overriding)) == [{"n": 5}]
    answer = ask({"A": "a", "B": "lost"}, Order(lost=True, a=True), fire="A", **overriding)
    assert (answer.proposals, answer.in_the_way) == ((), ("B",))


# Unknown facts


def test_to_fill_in_an_unknown_is_a_question_and_no_change():
    answer = ask({"A": "a and n > 5"}, Order(a=False), fire="A")
    assert (answer.proposals, answer.in_the_way, answer.questions.names) == ((), ("A",), ("n",))
    assert answer.text().splitlines() == [
        "To make A fire, there is no change that a person can make.",
        "What is not known may change this; ask for: n",
    ]
    answer = ask({"A": "n is None"}, Order(), silence="A")
    assert (answer.proposals, answer.questions.names) == ((), ("n",))


def test_an_unknown_that_cannot_matter_is_not_asked_for():
    answer = ask({"A": "lost and n > 5", "B": "m > 1"}, Order(lost=False), fire="A")
    assert answer.questions.names == ()


def test_an_undetermined_rule_is_silenced_by_what_is_known():
    answer = ask({"A": "a and n > 5"}, Order(a=True), silence="A")
    assert changes(answer) == [{"a": False}]
    assert answer.questions.names == ("n",)


# Groups


def test_a_group_that_can_be_started():
    answer = ask({"A": 'inner.stage == "new" and inner.weight > 3'}, Order(), fire="A")
    assert changes(answer) == [{"inner": True, "inner.stage": "new", "inner.weight": 4}]
    assert answer.proposals[0].decision.fact.inner == Inner(stage="new", weight=4)
    assert answer.questions.names == ("inner",)
    assert (
        answer.text()
        == """\
To make A fire, change 3 facts:
  1. start: inner
     stage: new
     weight: 4
     then fires: A
What is not known may change this; ask for: inner"""
    )
    assert "开始：内" in answer.text("zh")


def test_a_group_that_is_started_has_its_defaults_and_what_it_requires():
    answer = ask({"A": "inner.fast is False"}, Order(), fire="A")
    assert changes(answer) == [{"inner": True, "inner.stage": "new"}]
    assert not ask({"A": 'inner.stage == "sent"'}, Order(), fire="A").proposals


def test_a_group_that_is_there():
    answer = ask({"A": 'inner.stage == "sent"'}, Order(inner=Inner(stage="new", weight=3)), fire="A")
    assert changes(answer) == [{"inner.stage": "sent"}]
    assert answer.proposals[0].decision.fact.inner == Inner(stage="sent", weight=3)
    assert not ask({"A": "inner is None"}, Order(inner=Inner(stage="new")), fire="A").proposals


@attrs.frozen(kw_only=True)
class Box:
    size: int = attrs.field(metadata=note("size", "大小", settable=(1, 2, 3)))
    lid: Inner = attrs.field(metadata=note("lid", "盖", settable=True))
    other: Inner = attrs.field(default=Inner(stage="sent"), metadata=note("other", "另", settable=True))


@attrs.frozen(kw_only=True)
class Locked:
    key: str  # nobody can give one
    open: bool = attrs.field(default=False, metadata=note("open", "开", settable=True))


@attrs.frozen(kw_only=True)
class Shelf:
    box: Box | None = attrs.field(default=None, metadata=note("box", "箱", settable=True))
    locked: Locked | None = attrs.field(default=None, metadata=note("locked", "锁", settable=True))
    closed: Locked | None = None


def test_groups_within_a_group_that_is_started():
    answer = ask({"A": 'box.size > 1 and box.other.stage == "sent"'}, Shelf(), fire="A")
    assert changes(answer) == [{"box": True, "box.size": 2, "box.lid": True, "box.lid.stage": "new"}]
    assert answer.proposals[0].decision.fact == Shelf(box=Box(size=2, lid=Inner(stage="new")))
    there = Shelf(box=Box(size=1, lid=Inner(stage="new")))
    assert changes(ask({"A": 'box.size > 1 and box.lid.stage == "sent"'}, there, fire="A")) == [
        {"box.size": 2, "box.lid.stage": "sent"}
    ]


def test_a_group_that_nobody_can_start():
    for when in ("locked.open", "locked is not None", "closed.open", "closed is not None"):
        answer = ask({"A": when}, Shelf(), fire="A")
        assert (answer.proposals, answer.exact) == ((), True)
        assert answer.questions.names == (when.split(".")[0].split(" ")[0],)


# Classes of one's own


@attrs.frozen
class Even:
    n: int = attrs.field(default=0, metadata=note("n", "数", settable=True))

    def __attrs_post_init__(self):
        if self.n % 2:
            raise RuntimeError("odd numbers are not for us")


def test_a_class_that_refuses_a_change_is_believed():
    answer = ask({"A": "n > 2"}, Even(0), fire="A")
    assert (answer.proposals, answer.exact, answer.in_the_way) == ((), False, ("A",))
    assert "no change was found" in answer.text()
    assert changes(ask({"A": "n > 1"}, Even(0), fire="A")) == [{"n": 2}]


@attrs.define(slots=False)
class Converted:
    n: int = attrs.field(default=0, converter=lambda n: min(n, 3), metadata=note("n", "数", settable=True))
    twice: int = attrs.field(init=False, default=0, metadata=note("t", "倍", settable=True))


def test_a_class_that_makes_something_else_of_a_value_is_not_believed():
    assert not ask({"A": "n > 5"}, Converted(0), fire="A").proposals
    assert not ask({"A": "twice > 5"}, Converted(0), fire="A").proposals


@pytest.mark.parametrize(
    ("hint", "settable", "text"),
    [
        (bool, "up", "`settable` of `Own.f` takes True, False, or the values that it can be set to"),
        (str, "down", "`settable` of `Own.f` takes True, False, or the values"),
        (frozenset[Literal["p"]], ("p",), "`settable` of `Own.f` takes True, False, `up` or `down`"),
        (Inner, (1,), "`settable` of `Own.f` takes True or False"),
        (list, "up", "`settable` of `Own.f` takes True or False"),
    ],
)
def test_a_note_that_its_fact_has_no_use_for(hint, settable, text):
    own = attrs.make_class("Own", {"f": attrs.field(type=hint, metadata=note("f", "甲", settable=settable))})
    with pytest.raises(DxRulesError, match=text):
        dxrules.load(dxrules.Text("{rulebook: a, facts: Own, rules: {}}"), facts=[own])


def test_a_note_that_names_what_is_no_value_of_its_fact():
    own = attrs.make_class("Own", {"n": attrs.field(type=int, metadata=note("n", "数", settable=("three",)))})
    with pytest.raises(DxRulesError, match="`settable` of the fact `n` names 'three'; it takes a whole number"):
        ask({"A": "n > 5"}, own(1), fire="A")


@pytest.mark.parametrize("settable", ["downwards", 1, None, b"up"])
def test_a_note_with_a_word_that_there_is_not(settable):
    with pytest.raises(DxRulesError, match="`settable` is not"):
        note("a", "甲", settable=settable)


# Goals


@pytest.mark.parametrize("goal", [{}, {"allow": "go", "fire": "A"}, {"fire": "A", "silence": "A"}])
def test_one_goal_is_given(goal):
    with pytest.raises(
        EngineError, match="takes one goal: `allow=` an operation, `fire=` a rule, or `silence=` a rule"
    ):
        ask({"A": "a", "BLOCK": "b"}, Order(), **goal)


def test_a_goal_that_there_is_not():
    with pytest.raises(EngineError, match=r"there is no rule `RUEL` on Order; did you mean `RULE`\?"):
        ask({"RULE": "a"}, Order(), fire="RUEL")
    with pytest.raises(EngineError, match=r"no rule of this rulebook blocks an operation `goo`; did you mean `go`\?"):
        ask({"BLOCK": "a"}, Order(), allow="goo")


def test_a_rule_that_is_not_in_force():
    late = {"rules": {"A": {"valid": {"from": "2027-01-01"}}}}
    answer = ask({"A": "a", "B": "a"}, Order(a=True), fire="A", **late)
    assert (answer.reached, answer.proposals, answer.in_the_way) == (False, (), ("A",))
    assert "It is not in force on 2026-01-15" in answer.text()
    assert ask({"A": "a", "B": "a"}, Order(a=True), silence="A", **late).reached


# Bounds


def test_where_a_condition_compares_two_facts_that_can_be_changed_the_answer_is_not_exact():
    answer = ask({"A": "n > m"}, Order(n=1, m=5), fire="A")
    assert changes(answer) == [{"n": 6}, {"m": 0}]
    assert not answer.exact
    assert "There may be smaller changes" in answer.text()
    assert "或许还有更小的改变" in answer.text("zh")
    assert ask({"A": "n > fixed"}, Other(n=1, fixed=5), fire="A").exact


@attrs.frozen
class Other:
    n: int = attrs.field(metadata=note("n", "数", settable=True))
    fixed: int = 0


def test_no_more_proposals_are_given_than_anybody_reads():
    names = [f"f{place:02}" for place in range(search.MOST + 5)]
    own = attrs.make_class("Own", {
        name: attrs.field(type=bool, default=False, metadata=note(name, name, settable=True)) for name in names
    })  # fmt: skip
    answer = ask({"A": " or ".join(names)}, own(), fire="A")
    assert (len(answer.proposals), answer.more, answer.exact) == (search.MOST, True, True)
    assert "There are more ways like these." in answer.text()


def test_of_very_many_rules_the_first_are_named():
    answer = ask({f"BLOCK{place}": "lost" for place in range(30)}, Order(lost=True), allow="go")
    assert len(answer.in_the_way) == 30
    assert " ".join(answer.text().split()).endswith("BLOCK19, ... (30 in all)")
    assert "".join(answer.text("zh").split()).endswith("BLOCK19……（共30条）")


def test_the_work_of_a_search_is_bounded():
    """Half of many facts are to change, no matter which: there are too many ways to try."""
    names = [f"f{place}" for place in range(40)]
    own = attrs.make_class("Own", {
        name: attrs.field(type=int, default=0, metadata=note(name, name, settable=True)) for name in names
    })  # fmt: skip
    pairs = [f"({one} > 3 or {two} > 3)" for one, two in itertools.pairwise(names)]
    start = time.process_time()
    answer = ask({"A": " and ".join(pairs), "B": "f0 > 1"}, own(), fire="A")
    assert time.process_time() - start < 60  # of some seconds on a slow machine: it ends
    assert not answer.exact
    assert "may" in answer.text() or "no change was found" in answer.text()


def test_many_prefixes_and_literals_do_not_hang():
    prefixes = " or ".join(f'text.startswith("{char}")' for char in "abcdefghijklmnopqrstuvwxyz0123456789")
    answer = ask({"A": f'not ({prefixes}) and text != ""'}, Order(text="a"), fire="A")
    assert answer.proposals
    assert answer.proposals[0].decision.fact.text


def test_the_same_answer_every_time():
    rules = {"A": 'n > 5 or kind != "p" or "q" in tags or len(tags) > 1'}
    order = Order(n=3, kind="p", tags=frozenset())
    texts = {ask(rules, order, fire="A").text() for _ in range(3)}
    assert len(texts) == 1
    assert ask(rules, order, fire="A") == ask(rules, order, fire="A")


# The bundled facts


def card(**given):
    return Card(card_id="c-1", **given)


def test_arrears_can_be_settled():
    decision = dxrules.evaluate(card(status="active", intent="cancel", arrears_fen=3520), as_of=DAY)
    answer = decision.what_if(allow="cancel")
    assert changes(answer) == [{"arrears_fen": 0}]
    assert decision.fact.arrears_fen == 3520
    assert answer.proposals[0].decision.fact == attrs.evolve(decision.fact, arrears_fen=0)


@pytest.mark.parametrize(
    ("given", "goal", "stuck"),
    [
        ({"status": "active", "lost": True}, {"silence": "INFO_AND_PROPERTY_RISK"}, "INFO_AND_PROPERTY_RISK"),
        ({"status": "cancelled", "intent": "cancel"}, {"allow": "cancel"}, "ALREADY_CANCELLED"),
        ({"status": "active", "intent": "cancel", "risk_hold": "police_case"}, {"allow": "cancel"}, "POLICE_HOLD"),
        (
            {"status": "active", "usage": dxrules.Usage(calls_per_day=500)},
            {"silence": "HIGH_FREQUENCY_OUTBOUND"},
            "HIGH_FREQUENCY_OUTBOUND",
        ),
    ],
)
def test_what_cannot_be_undone_is_not_proposed(given, goal, stuck):
    answer = dxrules.evaluate(card(**given), as_of=DAY).what_if(**goal)
    assert (answer.proposals, answer.exact) == ((), True)
    assert stuck in answer.in_the_way


def test_a_request_goes_forward_only():
    request = CancellationRequest(stage="materials_ready", policy_read=True)
    given = card(status="active", intent="cancel", arrears_fen=0, request=request)
    answer = dxrules.evaluate(given, as_of=DAY).what_if(silence="SUBMIT_APPLICATION")
    assert changes(answer) == [{"request.stage": "submitted"}]
