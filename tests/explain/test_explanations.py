"""Explanations: what is in them, and how they read."""

import datetime as dt
import json
import pickle

import attrs
import pytest

import dxrules
from dxrules import Card, DxRulesError, EngineError, Labelled, note

DAY = dt.date(2026, 1, 15)


class Colour(Labelled):
    RED = "red", "bright red", "红色"
    BLUE = "blue", "deep blue", "蓝色"


@attrs.frozen(kw_only=True)
class Inner:
    n: int | None = None


@attrs.frozen(kw_only=True)
class Order:
    a: bool | None = None
    b: bool | None = None
    c: bool | None = None
    n: int | None = None
    x: float | None = None
    s: str | None = None
    price: int | None = attrs.field(default=None, metadata=note("price of all", "总价", unit="fen"))
    rent: int | None = attrs.field(default=None, metadata=note("rent", "租金", unit="fen/month"))
    colour: Colour | None = attrs.field(default=None, metadata=note("colour of the box", "盒子颜色"))
    colours: frozenset[Colour] | None = None
    day: dt.date | None = attrs.field(default=None, metadata=note("ordered on", "下单日期"))
    inner: Inner | None = attrs.field(default=None, metadata=note("what is inside", "内装"))


@attrs.frozen(kw_only=True)
class Basket:
    a: bool | None = None


def rule(when, effect="warn", *, en="It is so.", zh="如此。", **more):
    kind, _, target = effect.partition(" ")
    return {"when": when, kind: target or None, "message": {"en": en, "zh": zh}, **more}


def pack(rules, name="orders", facts="Order", **more):
    content = {"rulebook": name, "facts": facts, **more, "rules": rules}
    return dxrules.Text(json.dumps(content, ensure_ascii=False), f"{name}.yaml")


@pytest.fixture
def decide(engine):
    def decide(rules, fact, as_of=DAY, **more):
        packs = [pack(rules, **more)] if isinstance(rules, dict) else rules
        rulebook = dxrules.load(*packs, facts=[Order, Basket, Card])
        return dxrules.compile(rulebook, engine).evaluate(fact, as_of)

    return decide


# Trees


def test_a_tree_has_every_part_with_its_truth_and_what_it_reads(decide):
    define = {"big": "n > limit", "fine": {"any": ["big", "not a"]}}
    rules = {"A": rule(["fine and b is True", {"none": ["c", "n < 2"]}])}
    when = decide(rules, Order(a=True, n=5, c=False), define=define, parameters={"limit": 4}).why_not("A").when
    shape = [(each.form, each.text, each.truth, each.definition, each.line) for each in when.walk()]
    assert shape == [
        ("all", "", False, None, False),
        ("all", "fine and b is True", False, None, True),
        ("any", "fine", True, "fine", False),
        ("test", "big", True, "big", False),
        ("not", "not a", False, None, False),
        ("test", "a", True, None, False),
        ("test", "b is True", False, None, False),
        ("none", "", True, None, False),
        ("test", "c", False, None, True),
        ("test", "n < 2", False, None, True),
    ]
    big = next(each for each in when.walk() if each.definition == "big")
    assert big.stands_for == "n > limit"
    assert [(each.name, each.value, each.fact is None) for each in big.reads] == [("n", 5, False), ("limit", 4, True)]
    assert [each.name for each in when.facts] == ["n", "limit", "a", "b", "c"]


def test_a_name_for_a_name_and_is_tests_of_conditions(decide):
    define = {"one": "n > 1", "two": "one"}
    rules = {"A": rule("two is not False and (a and b) is None")}
    when = decide(rules, Order(n=1, a=True), define=define).why_not("A").when
    assert [(each.form, each.text, each.truth) for each in when.walk()] == [
        ("all", "two is not False and (a and b) is None", False),
        ("is not False", "two is not False", False),
        ("all", "two", False),
        ("test", "one", False),
        ("is None", "(a and b) is None", True),
        ("all", "a and b", None),
        ("test", "a", True),
        ("test", "b", None),
    ]


def test_rules_that_fire_are_undetermined_or_are_silenced(decide):
    rules = {
        "FIRES": rule("a", "require pay", source=["S01"], overrides=["SILENT", "UNKNOWN_AND_SILENT", "FALSE"]),
        "SILENT": rule("n > 1"),
        "UNKNOWN_AND_SILENT": rule("b"),
        "FALSE": rule("n > 100"),
        "OPEN": rule("c", "block ship", overrides=["HELD"]),
        "HELD": rule("n > 2"),
    }
    explanation = decide(rules, Order(a=True, n=5)).explain()
    assert [each.code for each in explanation.fired] == ["FIRES"]
    assert [(each.code, each.missing, each.held_by) for each in explanation.undetermined] == [
        ("OPEN", ("c",), ()),
        ("HELD", ("c",), ("OPEN",)),
    ]
    assert [(each.code, each.truth, each.silenced_by) for each in explanation.silenced] == [
        ("SILENT", True, ("FIRES",)),
        ("UNKNOWN_AND_SILENT", None, ("FIRES",)),
    ]
    assert [each.code for each in explanation.rules] == ["FIRES", "SILENT", "UNKNOWN_AND_SILENT", "OPEN", "HELD"]
    assert (
        explanation.text()
        == """\
FIRES: requires pay (medium)  [S01]
  It is so.
  true  a  a: yes

Undetermined, by what they wait for:
  c                                            OPEN (blocks ship)
  c; held back by OPEN, which is undetermined  HELD

Silenced, by the rules that override them:
  silenced by FIRES  SILENT, UNKNOWN_AND_SILENT"""
    )
    assert (
        explanation.text("zh")
        == """\
FIRES：要求 pay（严重度中）  [S01]
  如此。
  成立  a  a：是

未定的规则，按所等待的事实列出：
  c                      OPEN（禁止 ship）
  c；覆盖它的 OPEN 未定  HELD

被其他规则覆盖的规则：
  被 FIRES 覆盖  SILENT、UNKNOWN_AND_SILENT"""
    )


def test_values_as_people_write_them(decide):
    rules = {
        "A": rule('price > 0 and rent > 0 and colour == "red" and "blue" in colours and x > 0.0 and s == "x"'),
        "B": rule("days_since(day) > limit and inner is not None and inner.n is None"),
    }
    order = Order(
        price=3520, rent=1900, colour="red", colours=frozenset({"red", "blue"}), x=0.5, s="x\ty",
        day=dt.date(2026, 1, 5), inner=Inner(),
    )  # fmt: skip
    decision = decide(rules, order, parameters={"limit": 9})
    text = decision.why_not("A").text()
    for each in ("price of all: 35.20 yuan", "rent: 19.00 yuan/month", "colour of the box: bright red",
                 "colours: bright red, deep blue", "x: 0.5", "s: x y"):  # fmt: skip
        assert each in text
    text = decision.why_not("A").text("zh")
    for each in ("总价：35.20 元", "租金：19.00 元/月", "盒子颜色：红色", "colours：红色、蓝色"):
        assert each in text
    text = decision.explain().text("zh")
    for each in ("下单日期：2026年1月5日", "limit：9", "inner.n：未知"):
        assert each in text


def test_a_group_that_is_unknown_says_all_of_its_facts(decide):
    decision = decide({"A": rule("inner is None or inner.n > 1")}, Order())
    assert decision.explain().text().splitlines()[2] == "  true  inner is None or inner.n > 1  what is inside: unknown"
    alone = decide({"A": rule("inner is not None")}, Order(inner=Inner()))
    assert "what is inside: given" in alone.explain().text()


def test_a_list_within_a_list_has_a_heading(decide):
    when = {"any": [{"all": ["a", "b"]}, "c"]}
    assert decide({"A": rule(when)}, Order(a=True, b=True)).explain().text().splitlines()[2:] == [
        "  true     any of these:",
        "  true       all of these:",
        "  true         a  a: yes",
        "  true         b  b: yes",
        "  unknown    c    c: unknown",
    ]


def test_a_line_that_is_too_long_stands_above_its_values(decide):
    long = 'colour in ("red", "blue") and (n > 0 or s.startswith("a") or x > 1.0)'
    text = decide({"A": rule([long, "a"])}, Order(n=1, colour="red", a=True)).explain().text()
    assert text.splitlines()[2:] == [
        f"  true  {long}",
        "           colour of the box: bright red; n: 1; s: unknown; x: unknown",
        "  true  a  a: yes",
    ]


def test_full_text_shows_parts_and_what_definitions_stand_for(decide):
    rules = {"A": rule("big or a"), "B": rule("c")}
    explanation = decide(rules, Order(n=5), define={"big": "n > 4"}).explain()
    assert (
        explanation.text(full=True)
        == """\
A: warns (medium)
  It is so.
  true     big or a
  true       big = n > 4  n: 5
  unknown    a            a: unknown

B: warns (medium)
  It would say: It is so.
  unknown  c  c: unknown"""
    )


def test_nothing_fires(decide):
    explanation = decide({"NO": rule("a")}, Order(a=False)).explain()
    assert (explanation.text(), explanation.text("zh")) == ("no rule fires", "没有规则触发")
    assert explanation.rules == ()


def test_another_language_is_an_error(decide):
    decision = decide({"A": rule("a")}, Order())
    for said in (decision.explain(), decision.why_not("A"), decision.missing(), decision.what_if(fire="A")):
        with pytest.raises(DxRulesError, match="no message in `fr`; it can be `en` or `zh`"):
            said.text("fr")


# Why not


def test_what_failed_is_marked(decide):
    rules = {"A": rule({"all": ["a", "n > 3"], "any": ["b", "c and x > 1.0"], "none": ["s is None", 's == "x"']})}
    asked = decide(rules, Order(a=True, n=1, b=False)).why_not("A")
    assert [(each.text, each.truth, each.needs) for each in asked.marked] == [
        ("n > 3", False, True),
        ("b", False, True),
        ("s is None", True, False),
        ('s == "x"', None, False),
    ]
    assert (
        asked.text()
        == """\
A: warns (medium)
  It would say: It is so.
  It does not fire: what is marked > stands in its way.
    true     a                a: yes
  > false    n > 3            n: 1
    unknown  any of these:
  > false      b              b: no
    unknown    c and x > 1.0  c: unknown; x: unknown
    false    none of these:
  > true       s is None      must be false; s: unknown
  > unknown    s == "x"       must be false; s: unknown"""
    )


def test_of_several_parts_the_fewest_are_marked_and_the_unknown_before_the_false(decide):
    asked = decide({"A": rule("(a and b) or n > 3 or c")}, Order(a=False, b=False, n=1)).why_not("A")
    assert [each.text for each in asked.marked] == ["c"]


def test_below_a_negation(decide):
    define = {"gone": "a or b", "lost": "c is True"}
    rules = {"A": rule(["not gone", "not lost", "not (n > 1 and x > 1.0)", "lost is not True"])}
    asked = decide(rules, Order(a=True, b=True, c=True, n=5, x=2.0), define=define).why_not("A")
    assert [(each.text, each.needs) for each in asked.marked] == [
        ("a", False),
        ("b", False),
        ("not lost", True),
        ("n > 1", False),
        ("lost is not True", True),
    ]


def test_a_rule_that_fires_is_said_to(decide):
    asked = decide({"A": rule("a")}, Order(a=True)).why_not("A")
    assert (asked.state, asked.marked) == ("fires", ())
    assert "It fires: nothing stands in its way." in asked.text()
    assert "规则已触发" in asked.text("zh")


def test_an_undetermined_rule_says_what_it_waits_for(decide):
    asked = decide({"A": rule("a and n > 1")}, Order(a=True)).why_not("A")
    assert (asked.state, asked.missing, asked.truth) == ("undetermined", ("n",), None)
    assert "It is undetermined: what is marked > stands in its way." in asked.text()


def test_a_silenced_rule_says_by_which(decide):
    decision = decide({"A": rule("a"), "B": rule("n > 1", overrides=["A"])}, Order(a=True, n=5))
    asked = decision.why_not("A")
    assert (asked.state, asked.silenced_by, asked.marked) == ("silenced", ("B",), ())
    assert "It is silenced by B, which overrides it and fires.\n  It would fire if B did not." in asked.text()
    assert "规则被 B 覆盖" in asked.text("zh")
    held = decide({"A": rule("a"), "B": rule("n > 1", overrides=["A"])}, Order(a=True)).why_not("A")
    assert (held.state, held.held_by) == ("undetermined", ("B",))
    assert "It is held back by B" in held.text()


def test_a_rule_that_is_not_in_force(decide):
    rules = {
        "LATE": rule("a", valid={"from": "2027-01-01"}),
        "EARLY": rule("a", valid={"from": "2020-01-01", "until": "2025-01-01"}),
    }
    decision = decide(rules, Order(a=True))
    late, early = decision.why_not("LATE"), decision.why_not("EARLY")
    assert (late.state, late.valid_from, late.truth) == ("not_in_force", dt.date(2027, 1, 1), True)
    assert "It is not in force on 2026-01-15: it is valid from 2027-01-01." in late.text()
    assert "It is not in force on 2026-01-15: it was valid until 2025-01-01." in early.text()
    assert "自 2027年1月1日 起有效" in late.text("zh")
    assert early.to_dict()["valid"] == {"from": "2020-01-01", "until": "2025-01-01"}


def test_a_rule_that_is_switched_off(decide):
    packs = [pack({"A": rule("a")}), pack({"B": rule("a")}, "mine", disable=["A"])]
    asked = decide(packs, Order(a=True)).why_not("A")
    assert (asked.state, asked.switched_off_by, asked.when, asked.clauses) == ("switched_off", "mine", None, ())
    assert asked.text() == "A\n  It is switched off by the pack `mine`."
    assert json.dumps(asked.to_dict())


def test_a_rule_that_there_is_not(decide):
    packs = [pack({"SETTLE": rule("a")}), pack({"EMPTY": rule("a")}, "baskets", "Basket")]
    decision = decide(packs, Order(a=True))
    with pytest.raises(EngineError, match=r"^there is no rule `SETLE` on Order; did you mean `SETTLE`\?$"):
        decision.why_not("SETLE")
    with pytest.raises(EngineError, match=r"^there is no rule `EMPTY` on Order; it is a rule on Basket$"):
        decision.why_not("EMPTY")


# What is missing


def test_what_most_rules_wait_for_comes_first(decide):
    rules = {"A": rule("a"), "B": rule("n > 1 and inner.n > 1"), "C": rule("inner.n > 2"), "D": rule("n is None")}
    decision = decide(rules, Order())
    missing = decision.missing()
    assert [(each.name, each.rules) for each in missing] == [("inner", ("B", "C")), ("a", ("A",)), ("n", ("B",))]
    assert (missing.names, missing[0].name, len(missing)) == (("inner", "a", "n"), "inner", 3)
    assert (
        missing.text()
        == """\
Worth asking for, each with the rules that wait for it:
  what is inside  B, C
  a               A
  n               B"""
    )
    assert missing.text("zh").splitlines()[1] == "  内装  B、C"
    assert missing.to_dict()[0] == {"name": "inner", "rules": ["B", "C"], "personal": False}


def test_nothing_is_missing(decide):
    missing = decide({"A": rule("a")}, Order(a=True)).missing()
    assert (missing.names, missing.text()) == ((), "nothing is missing: every rule is decided")


def test_a_parameter_without_a_value_is_missing(decide):
    decision = decide({"A": rule("n > limit")}, Order(n=1), parameters={"limit": {"2027-01-01": 3}})
    assert decision.missing().names == ("parameter:limit",)
    assert "parameter limit, which has no value on this day" in decision.missing().text()
    assert "参数 limit" in decision.explain().text("zh")


# Decisions


def test_an_unpickled_decision_cannot_be_explained(decide):
    again = pickle.loads(pickle.dumps(decide({"A": rule("a", "block go")}, Order(a=True))))
    for ask in (again.explain, again.missing, lambda: again.why_not("A"), lambda: again.what_if(allow="go")):
        with pytest.raises(EngineError, match="no rules to explain it by: evaluate its fact again"):
            ask()


def test_explanations_are_values(decide):
    rules = {"A": rule("a or n > 1"), "B": rule("b")}
    one, two = decide(rules, Order(a=True)).explain(), decide(rules, Order(a=True)).explain()
    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != decide(rules, Order(n=5)).explain()


def test_plain_data(decide):
    data = decide({"A": rule("big", "block go")}, Order(n=5), define={"big": "n > 1"}).explain().to_dict()
    assert data["fact_type"] == "Order"
    assert data["rules"] == [
        {
            "code": "A",
            "state": "fires",
            "kind": "block",
            "target": "go",
            "severity": "medium",
            "deadline": "none",
            "source": [],
            "message": {"en": "It is so.", "zh": "如此。"},
            "truth": True,
            "when": {
                "form": "test",
                "text": "big",
                "truth": True,
                "definition": "big",
                "stands_for": "n > 1",
                "reads": [{"name": "n", "value": 5, "unknown": False, "personal": False}],
            },
            "missing": [],
            "silenced_by": [],
            "held_by": [],
            "valid": {"from": None, "until": None},
            "switched_off_by": None,
        }
    ]
