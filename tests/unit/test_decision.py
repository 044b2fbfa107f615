"""What a decision answers."""

import copy
import datetime as dt
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

import dxrules
from dxrules import Card, DxRulesError, EngineError, Outcome, Undetermined, Verdict
from dxrules.facts import Labelled

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
    colour: Colour | None = None
    colours: frozenset[Colour] | None = None
    day: dt.date | None = None
    at: dt.datetime | None = None
    inner: Inner | None = None


@attrs.frozen(kw_only=True)
class Basket:
    a: bool | None = None


def rule(when, effect="warn", *, en="a", zh="甲", **more):
    """A rule as it stands in a file."""
    kind, _, target = effect.partition(" ")
    return {"when": when, kind: target or None, "message": {"en": en, "zh": zh}, **more}


def pack(rules, name="orders", facts="Order", **more):
    """A pack as a source: JSON is YAML."""
    content = {"rulebook": name, "facts": facts, **more, "rules": rules}
    return dxrules.Text(json.dumps(content, ensure_ascii=False), f"{name}.yaml")


def load(*packs):
    return dxrules.load(*packs, facts=[Order, Basket])


@pytest.fixture
def decide(engine):
    """Decides a fact by rules, which are packs or those of one pack."""

    def decide(rules, fact, as_of=DAY):
        rulebook = load(pack(rules)) if isinstance(rules, dict) else load(*rules)
        return dxrules.compile(rulebook, engine).evaluate(fact, as_of)

    return decide


def waiting(decision):
    return {each.rule: each.missing for each in decision.undetermined}


# Outcomes


def test_outcomes_come_by_priority_then_pack_then_place(decide):
    first = pack({"A2": rule("True"), "A1": rule("True", priority=5), "A0": rule("True", priority=-1)}, "zeta")
    second = pack({"B2": rule("True"), "B1": rule("True", priority=5), "B0": rule("True")}, "alpha")
    assert decide([first, second], Order()).codes == ("B1", "A1", "B2", "B0", "A2", "A0")


def test_outcomes_by_kind(decide):
    rules = {
        "W": rule("a", "warn"),
        "B": rule("a", "block cancel"),
        "R": rule("a", "require pay"),
        "S": rule("a", "suggest wait"),
        "I": rule("a", "inform"),
        "NOT": rule("not a", "block cancel"),
    }
    decision = decide(rules, Order(a=True))
    assert decision.codes == ("W", "B", "R", "S", "I")
    assert [each.code for each in decision.outcomes] == list(decision.codes)
    kinds = (
        decision.blocks,
        decision.required_actions,
        decision.suggested_actions,
        decision.warnings,
        decision.notes,
    )
    assert [[each.code for each in outcomes] for outcomes in kinds] == [["B"], ["R"], ["S"], ["W"], ["I"]]
    assert all(type(outcomes) is tuple for outcomes in (decision.codes, decision.outcomes, *kinds))


def test_what_an_outcome_says(decide):
    rules = {
        "FULL": rule(
            "a", "block cancel", severity="critical", deadline="before_submit", source=["S01", "S02"], en="no"
        ),
        "BARE": rule("a", "inform"),
    }
    full, bare = decide(rules, Order(a=True)).outcomes
    assert (full.kind, full.code, full.target) == ("block", "FULL", "cancel")
    assert (full.severity, full.deadline, full.source) == ("critical", "before_submit", ("S01", "S02"))
    assert (full.message(), full.message("en"), full.message("zh")) == ("no", "no", "甲")
    assert (bare.kind, bare.target, bare.severity, bare.deadline, bare.source) == (
        "inform",
        None,
        "medium",
        "none",
        (),
    )
    assert repr(full) == "<block cancel: FULL (critical)>"
    assert repr(bare) == "<inform: BARE (medium)>"


def test_a_message_in_another_language_is_an_error(decide):
    (outcome,) = decide({"A": rule("True")}, Order()).outcomes
    with pytest.raises(DxRulesError, match=r"^there is no message in `fr`; it can be `en` or `zh`$"):
        outcome.message("fr")


def test_nothing_fires(decide):
    decision = decide({"A": rule("a")}, Order(a=False))
    assert decision.codes == decision.outcomes == decision.undetermined == ()
    assert decision.blocks == decision.warnings == decision.notes == ()


# Messages


@pytest.mark.parametrize(
    ("hole", "given", "en", "zh"),
    [
        ("{n}", {"n": 1234567}, "1234567", "1234567"),
        ("{n}", {"n": -1}, "-1", "-1"),
        ("{n}", {}, "unknown", "未知"),
        ("{n:yuan}", {"n": 3520}, "35.20 yuan", "35.20 元"),
        ("{n:yuan}", {"n": 5}, "0.05 yuan", "0.05 元"),
        ("{n:yuan}", {"n": 0}, "0.00 yuan", "0.00 元"),
        ("{n:yuan}", {"n": -5}, "-0.05 yuan", "-0.05 元"),
        ("{n:yuan}", {"n": -12345}, "-123.45 yuan", "-123.45 元"),
        ("{n:yuan}", {"n": 2**53 - 1}, "90071992547409.91 yuan", "90071992547409.91 元"),
        ("{n:yuan}", {}, "unknown", "未知"),
        ("{x}", {"x": 1.5}, "1.5", "1.5"),
        ("{x}", {"x": 3.0}, "3", "3"),
        ("{x}", {"x": 3}, "3", "3"),
        ("{x}", {"x": 0.1}, "0.1", "0.1"),
        ("{x}", {"x": float("nan")}, "unknown", "未知"),
        ("{a}", {"a": True}, "yes", "是"),
        ("{a}", {"a": False}, "no", "否"),
        ("{a}", {}, "unknown", "未知"),
        ("{s}", {"s": "as it is {x}"}, "as it is {x}", "as it is {x}"),
        ("{s}", {"s": ""}, "", ""),
        ("{s}", {}, "unknown", "未知"),
        ("{colour}", {"colour": Colour.RED}, "bright red", "红色"),
        ("{colour}", {"colour": "blue"}, "deep blue", "蓝色"),
        ("{colour}", {}, "unknown", "未知"),
        (
            "{colours}",
            {"colours": frozenset({Colour.BLUE, Colour.RED})},
            "bright red, deep blue",
            "红色、蓝色",
        ),
        ("{colours}", {"colours": frozenset()}, "none", "无"),
        ("{colours}", {}, "unknown", "未知"),
        ("{day}", {"day": dt.date(2026, 1, 5)}, "2026-01-05", "2026年1月5日"),
        ("{day}", {}, "unknown", "未知"),
        ("{at}", {"at": dt.datetime(2026, 1, 5, 9, 30)}, "2026-01-05 09:30", "2026年1月5日 09:30"),
        ("{at}", {"at": dt.datetime(2026, 1, 5, 9, 30, 1)}, "2026-01-05 09:30:01", "2026年1月5日 09:30:01"),
        ("{inner.n}", {"inner": Inner(n=1)}, "1", "1"),
        ("{inner.n}", {"inner": Inner()}, "unknown", "未知"),
        ("{inner.n}", {}, "unknown", "未知"),
        ("{total}", {"n": 2}, "5", "5"),
        ("{total:yuan}", {"n": 97}, "1.00 yuan", "1.00 元"),
        ("{total}", {}, "unknown", "未知"),
        ("{large}", {"n": 100}, "yes", "是"),
        ("{large}", {}, "unknown", "未知"),
        ("{limit}", {}, "3", "3"),
        ("{limit:yuan}", {}, "0.03 yuan", "0.03 元"),
        ("{word}", {}, "a word", "a word"),
        ("{rate}", {}, "0.5", "0.5"),
        ("{later}", {}, "unknown", "未知"),
        ("{{n}}", {"n": 1}, "{n}", "{n}"),
        ("{{{n}}}", {"n": 1}, "{1}", "{1}"),
        ("{n}, {n:yuan}; {a}.", {"n": 1}, "1, 0.01 yuan; unknown.", "1, 0.01 元; 未知."),
        ("%s {n} %(n)s $n", {"n": 1}, "%s 1 %(n)s $n", "%s 1 %(n)s $n"),
    ],
)
def test_values_in_messages(engine, hole, given, en, zh):
    source = pack(
        {"A": rule("True", en=hole, zh=hole)},
        parameters={"limit": 3, "word": "a word", "rate": 0.5, "later": {"2030-01-01": 1}},
        define={"total": "n + limit", "large": "n > 50"},
    )
    (outcome,) = dxrules.compile(load(source), engine).evaluate(Order(**given), DAY).outcomes
    assert outcome.message("en") == en
    assert outcome.message("zh") == zh


# Verdicts

BLOCKS = {
    "FIRST": rule("a", "block cancel"),
    "SECOND": rule("b", "block cancel"),
    "OTHER": rule("c", "block port"),
}


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (True, True, "blocked"),
        (True, None, "blocked"),
        (None, True, "blocked"),
        (False, True, "blocked"),
        (False, None, "undetermined"),
        (None, None, "undetermined"),
        (False, False, "allowed"),
    ],
)
def test_the_verdict_on_an_operation(decide, a, b, verdict):
    decision = decide(BLOCKS, Order(a=a, b=b, c=False))
    assert decision.verdict("cancel") is Verdict(verdict)
    assert decision.verdict("port") is Verdict.ALLOWED


def test_a_verdict_is_its_text():
    assert [*Verdict] == ["blocked", "undetermined", "allowed"]
    assert json.dumps(Verdict.BLOCKED) == '"blocked"'


def test_the_verdict_on_what_only_rules_for_other_facts_block(decide):
    packs = [pack(BLOCKS), pack({"X": rule("a", "block refund")}, "baskets", "Basket")]
    assert decide(packs, Order()).verdict("refund") is Verdict.ALLOWED
    assert decide(packs, Order()).ready("refund") is True
    assert decide(packs, Basket(a=True)).verdict("refund") is Verdict.BLOCKED
    assert decide(packs, Basket()).verdict("cancel") is Verdict.ALLOWED


def test_a_rule_out_of_force_or_silenced_does_not_block(decide):
    over = {**BLOCKS, "OVER": rule("c", overrides=["FIRST"])}
    assert decide(over, Order(a=True, b=False, c=True)).verdict("cancel") is Verdict.ALLOWED
    assert decide(over, Order(a=True, b=False)).verdict("cancel") is Verdict.UNDETERMINED
    past = {"FIRST": rule("a", "block cancel", valid={"until": "2026-01-15"})}
    assert decide(past, Order(a=True)).verdict("cancel") is Verdict.ALLOWED
    assert decide(past, Order(a=True), dt.date(2026, 1, 14)).verdict("cancel") is Verdict.BLOCKED


@pytest.mark.parametrize("ask", ["verdict", "ready"])
@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("cancle", "no rule of this rulebook blocks an operation `cancle`; did you mean `cancel`?"),
        ("xyz", "no rule of this rulebook blocks an operation `xyz`; it can be `cancel` or `port`"),
        ("", "no rule of this rulebook blocks an operation ``; it can be `cancel` or `port`"),
    ],
)
def test_an_operation_that_no_rule_blocks_is_an_error(decide, ask, operation, text):
    decision = decide(BLOCKS, Order())
    with pytest.raises(EngineError) as caught:
        getattr(decision, ask)(operation)
    assert sorted(str(caught.value)) == sorted(text)  # the operations come in any order


def test_an_operation_of_a_rulebook_that_blocks_nothing(decide):
    with pytest.raises(EngineError, match="its rules block nothing"):
        decide({"A": rule("a")}, Order()).verdict("cancel")


GATED = {
    "BLOCK": rule("a", "block cancel"),
    "PAY": rule("b", "require pay", deadline="before_submit"),
    "READ": rule("c", "require read", deadline="promptly"),
    "HINT": rule("True", "suggest hint", deadline="before_submit"),
}


@pytest.mark.parametrize(
    ("a", "b", "ready"),
    [
        (False, False, True),
        (True, False, False),
        (True, None, False),
        (False, True, False),
        (None, True, False),
        (None, False, None),
        (False, None, None),
        (None, None, None),
    ],
)
@pytest.mark.parametrize("c", [True, False, None])
def test_ready_when_allowed_and_no_gating_action_is_open(decide, a, b, c, ready):
    packs = [pack(GATED, gates={"cancel": ["before_submit", "immediately"]})]
    assert decide(packs, Order(a=a, b=b, c=c)).ready("cancel") is ready


def test_gates_of_several_packs_add_up(decide):
    packs = [
        pack(GATED, gates={"cancel": ["before_submit"]}),
        pack({}, "second", gates={"cancel": ["promptly"]}),
        pack(
            {"X": rule("a", "require x", deadline="immediately")},
            "third",
            "Basket",
            gates={"cancel": ["immediately"]},
        ),
    ]
    assert decide(packs, Order(a=False, b=False, c=True)).ready("cancel") is False
    assert decide(packs, Order(a=False, b=False, c=False)).ready("cancel") is True
    assert decide(packs, Basket(a=True)).ready("cancel") is False
    assert decide(packs, Basket()).ready("cancel") is None
    assert decide(packs, Basket(a=False)).ready("cancel") is True


# Overrides


@pytest.mark.parametrize(
    ("a", "b", "codes", "missing"),
    [
        (True, True, ("OVER",), {}),
        (True, False, ("UNDER",), {}),
        (True, None, (), {"UNDER": ("b",), "OVER": ("b",)}),
        (False, True, ("OVER",), {}),
        (False, False, (), {}),
        (False, None, (), {"OVER": ("b",)}),
        (None, True, ("OVER",), {}),
        (None, False, (), {"UNDER": ("a",)}),
        (None, None, (), {"UNDER": ("a", "b"), "OVER": ("b",)}),
    ],
)
def test_a_rule_that_another_overrides(decide, a, b, codes, missing):
    decision = decide({"UNDER": rule("a"), "OVER": rule("b", overrides=["UNDER"])}, Order(a=a, b=b))
    assert decision.codes == codes
    assert waiting(decision) == missing


@pytest.mark.parametrize(
    ("a", "b", "c", "codes", "missing"),
    [
        (True, True, True, ("A", "C"), {}),  # C silences B, so B does not silence A
        (True, True, False, ("B",), {}),
        (True, True, None, (), {"A": ("c",), "B": ("c",), "C": ("c",)}),
        (True, None, True, ("A", "C"), {}),
        (True, None, False, (), {"A": ("b",), "B": ("b",)}),
        (True, None, None, (), {"A": ("b", "c"), "B": ("b", "c"), "C": ("c",)}),
        (True, False, None, ("A",), {"C": ("c",)}),
        (None, False, None, (), {"A": ("a",), "C": ("c",)}),
        (None, True, None, (), {"A": ("a", "c"), "B": ("c",), "C": ("c",)}),
        (False, True, None, (), {"B": ("c",), "C": ("c",)}),
    ],
)
def test_a_chain_of_overrides(decide, a, b, c, codes, missing):
    rules = {"A": rule("a"), "B": rule("b", overrides=["A"]), "C": rule("c", overrides=["B"])}
    decision = decide(rules, Order(a=a, b=b, c=c))
    assert decision.codes == codes
    assert waiting(decision) == missing


def test_several_rules_override_one(decide):
    rules = {"A": rule("a"), "B": rule("b", overrides=["A"]), "C": rule("c", overrides=["A"])}
    assert decide(rules, Order(a=True, b=False, c=False)).codes == ("A",)
    assert decide(rules, Order(a=True, b=None, c=True)).codes == ("C",)
    assert waiting(decide(rules, Order(a=True, b=None, c=True))) == {"B": ("b",)}
    assert waiting(decide(rules, Order(a=True))) == {"A": ("b", "c"), "B": ("b",), "C": ("c",)}


def test_who_overrides_may_stand_anywhere_and_have_any_priority(decide):
    first = pack({"LOW": rule("b", overrides=["HIGH"], priority=-5)}, "zeta")
    second = pack({"HIGH": rule("a", priority=5)}, "alpha")
    assert decide([first, second], Order(a=True, b=True)).codes == ("LOW",)


def test_rules_out_of_force_or_switched_off_override_nothing(decide):
    rules = {
        "A": rule("a"),
        "PAST": rule("True", overrides=["A"], valid={"until": "2026-01-15"}),
        "FUTURE": rule("True", overrides=["A"], valid={"from": "2026-01-16"}),
        "OFF": rule("True", overrides=["A"]),
    }
    packs = [pack(rules), pack({}, "second", disable=["OFF"])]
    assert decide(packs, Order(a=True)).codes == ("A",)
    assert decide(packs, Order(a=True), dt.date(2026, 1, 14)).codes == ("PAST",)
    assert decide(packs, Order(a=True), dt.date(2026, 1, 16)).codes == ("FUTURE",)


def test_rules_of_one_name_on_two_facts(decide):
    packs = [
        pack({"A": rule("a"), "OVER": rule("a", overrides=["A"])}),
        pack({"A": rule("a", "inform")}, "baskets", "Basket"),
    ]
    assert decide(packs, Order(a=True)).codes == ("OVER",)
    assert [each.kind for each in decide(packs, Basket(a=True)).outcomes] == ["inform"]


# The decision as a value


@pytest.fixture
def decision(decide):
    rules = {
        "BLOCK": rule(
            "a", "block cancel", severity="high", deadline="before_submit", source=["S01"], en="{n:yuan} due"
        ),
        "OPEN": rule("b", "block port"),
        "NOTE": rule("a", "inform", priority=-1),
    }
    packs = [pack(rules, gates={"cancel": ["before_submit"]})]
    return decide(packs, Order(a=True, n=3520, colours=frozenset({Colour.RED, Colour.BLUE}), inner=Inner(n=1)))


def test_repr(decision, decide):
    assert repr(decision) == "<Decision on a Order as of 2026-01-15: BLOCK, NOTE; 1 undetermined>"
    assert repr(decide({"A": rule("a")}, Order(a=False))) == "<Decision on a Order as of 2026-01-15: nothing>"
    assert repr(decision.undetermined) == "(Undetermined(rule='OPEN', missing=('b',)),)"


def test_to_dict(decision):
    expected = {
        "fact": {
            "a": True, "b": None, "c": None, "n": 3520, "x": None, "s": None, "colour": None,
            "colours": ["blue", "red"], "day": None, "at": None, "inner": {"n": 1},
        },
        "as_of": "2026-01-15",
        "digest": decision.digest,
        "outcomes": [
            {
                "kind": "block", "code": "BLOCK", "target": "cancel", "severity": "high",
                "deadline": "before_submit", "source": ["S01"],
                "message": {"en": "35.20 yuan due", "zh": "甲"},
            },
            {
                "kind": "inform", "code": "NOTE", "target": None, "severity": "medium", "deadline": "none",
                "source": [], "message": {"en": "a", "zh": "甲"},
            },
        ],
        "undetermined": [{"rule": "OPEN", "missing": ["b"]}],
    }  # fmt: skip
    assert decision.to_dict() == expected
    assert json.loads(json.dumps(decision.to_dict())) == expected


def test_facts_that_json_does_not_know(decide):
    fact = Order(a=False, x=float("nan"), day=DAY, at=dt.datetime(2026, 1, 15, 9), colour=Colour.RED)
    given = decide({"A": rule("a")}, fact).to_dict()["fact"]
    assert (given["x"], given["day"], given["at"], given["colour"]) == (
        None,
        "2026-01-15",
        "2026-01-15T09:00:00",
        "red",
    )
    assert type(given["colour"]) is str


def test_a_decision_is_immutable(decision):
    for name in ("fact", "as_of", "digest", "codes", "outcomes", "undetermined", "blocks", "anything"):
        with pytest.raises(AttributeError):
            setattr(decision, name, None)
    with pytest.raises(AttributeError):
        decision.outcomes[0].code = "OTHER"
    with pytest.raises(AttributeError):
        decision.undetermined[0].rule = "OTHER"
    assert not hasattr(decision, "__dict__")


def test_equality_goes_by_what_was_decided(engine):
    rulebook = load(pack({"A": rule("a", en="{n}"), "B": rule("b")}))
    made = dxrules.compile(rulebook, engine)
    one = made.evaluate(Order(a=True, n=1), DAY)
    assert one == made.evaluate(Order(a=True, n=1), DAY)
    assert hash(one) == hash(made.evaluate(Order(a=True, n=1), DAY))
    assert one == dxrules.compile(load(pack({"A": rule("a", en="{n}"), "B": rule("b")})), "reference").evaluate(
        Order(a=True, n=1), DAY
    )
    assert one != made.evaluate(Order(a=True, n=2), DAY)
    assert one != made.evaluate(Order(a=True, n=1), dt.date(2026, 1, 16))
    assert one != made.evaluate(Order(n=1), DAY)
    other = dxrules.compile(load(pack({"A": rule("a", en="{n}"), "B": rule("b", en="z")})), engine)
    assert one != other.evaluate(Order(a=True, n=1), DAY)  # another digest
    assert one != "A"
    assert len({one, made.evaluate(Order(a=True, n=1), DAY)}) == 1


def test_equality_and_hash_of_the_parts(engine):
    made = dxrules.compile(load(pack({"A": rule("a", en="{n}"), "B": rule("b")})), engine)
    one, same, other = (made.evaluate(Order(a=True, n=n), DAY) for n in (1, 1, 2))
    assert one.outcomes == same.outcomes != other.outcomes  # the messages differ
    assert one.undetermined == other.undetermined == (Undetermined("B", ("b",)),)
    assert {one.outcomes[0], same.outcomes[0]} == {one.outcomes[0]}
    assert hash(one.undetermined[0]) == hash(Undetermined("B", ("b",)))
    assert one.outcomes[0] != "A"
    assert one.undetermined[0] != "B"


def test_a_fact_that_cannot_be_hashed(engine):
    @attrs.define
    class Loose:
        a: bool
        more: list[int] = attrs.field(factory=list)

    rulebook = dxrules.load(pack({"A": rule("a")}, facts="Loose"), facts=[Loose])
    made = dxrules.compile(rulebook, engine)
    assert hash(made.evaluate(Loose(a=True), DAY)) == hash(made.evaluate(Loose(a=True), DAY))


def test_pickle(decision):
    again = pickle.loads(pickle.dumps(decision))
    assert again == decision
    assert hash(again) == hash(decision)
    assert repr(again) == repr(decision)
    assert again.to_dict() == decision.to_dict()
    assert again.outcomes[0].message("en") == "35.20 yuan due"
    for operation in ("cancel", "port"):
        assert again.verdict(operation) is decision.verdict(operation)
        assert again.ready(operation) is decision.ready(operation)
    with pytest.raises(EngineError, match="did you mean `cancel`"):
        again.verdict("cancle")
    assert pickle.loads(pickle.dumps(again)) == decision
    assert copy.deepcopy(decision) == copy.copy(decision) == decision
    for part in (*decision.outcomes, *decision.undetermined):
        assert pickle.loads(pickle.dumps(part)) == part


@pytest.mark.parametrize("fact", [Order(a=False, b=False), Order(b=True), Order()])
def test_pickle_of_decisions_with_and_without_codes(engine, fact):
    rulebook = load(pack({"A": rule("a", "block cancel"), "B": rule("b", "require x", deadline="promptly")},
                         gates={"cancel": ["promptly"]}))  # fmt: skip
    decision = dxrules.compile(rulebook, engine).evaluate(fact, DAY)
    again = pickle.loads(pickle.dumps(decision))
    assert again == decision
    assert (again.codes, again.undetermined) == (decision.codes, decision.undetermined)
    assert again.verdict("cancel") is decision.verdict("cancel")
    assert again.ready("cancel") is decision.ready("cancel")


def test_an_unpickled_decision_cannot_be_explained(decision):
    again = pickle.loads(pickle.dumps(decision))
    with pytest.raises(EngineError, match="evaluate its fact again"):
        again.explain()


def test_pickle_in_another_process_that_reads_no_rules(tmp_path):
    card = Card(card_id="c-1", status="active", intent="cancel", arrears_fen=3520)
    decision = dxrules.evaluate(card, as_of=DAY)
    (tmp_path / "decision").write_bytes(pickle.dumps(decision))
    script = (
        "import json, pickle, sys\n"
        "decision = pickle.load(open(sys.argv[1], 'rb'))\n"
        "assert 'yaml' not in sys.modules and 'dxrules.language.load' not in sys.modules\n"
        "print(json.dumps([decision.to_dict(), decision.codes, decision.verdict('cancel')]))\n"
    )
    source = str(Path(dxrules.__file__).parent.parent)
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "decision")],
            env={**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        data, codes, verdict = json.loads(run.stdout)
        assert json.dumps(data) == json.dumps(decision.to_dict())
        assert (tuple(codes), verdict) == (decision.codes, "blocked")


def test_the_same_bytes_in_every_process():
    script = (
        "import datetime, json, dxrules\n"
        "from dxrules.facts import BoundService\n"
        "services = frozenset(BoundService)\n"
        "card = dxrules.Card(card_id='c', status='active', intent='cancel', bound_services=services)\n"
        "decision = dxrules.evaluate(card, as_of=datetime.date(2026, 1, 15))\n"
        "print(json.dumps(decision.to_dict()), decision)\n"
    )
    source = str(Path(dxrules.__file__).parent.parent)
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1


def test_a_decision_keeps_the_fact_itself(decision, engine):
    fact = Order(a=True)
    made = dxrules.compile(load(pack({"A": rule("a")})), engine).evaluate(fact, DAY)
    assert made.fact is fact
    assert made.as_of == DAY
    assert len(made.digest) == 64
    assert isinstance(decision.outcomes[0], Outcome)


def test_a_fact_of_a_class_that_the_rulebook_does_not_know(engine):
    made = dxrules.compile(load(pack({"A": rule("a")})), engine)
    text = r"^this rulebook decides Order, Basket, not Card: load it with `facts=\(Card,\)`$"
    with pytest.raises(EngineError, match=text):
        made.evaluate(Card(card_id="a"), DAY)
    with pytest.raises(EngineError):
        made.evaluate(None, DAY)
    with pytest.raises(EngineError):
        made.evaluate({"a": True}, DAY)


def test_a_fact_of_a_class_derived_from_one_it_knows(engine):
    @attrs.frozen(kw_only=True)
    class Special(Order):
        extra: int = 0

    made = dxrules.compile(load(pack({"A": rule("a")})), engine)
    assert made.evaluate(Special(a=True), DAY).codes == ("A",)
    assert repr(made.evaluate(Special(a=True), DAY)) == "<Decision on a Special as of 2026-01-15: A>"


def test_facts_without_rules(engine):
    made = dxrules.compile(load(pack({"A": rule("a")})), engine)
    decision = made.evaluate(Basket(a=True), DAY)
    assert (decision.codes, decision.outcomes, decision.undetermined) == ((), (), ())


def test_unknown_engines_are_an_error():
    with pytest.raises(EngineError, match=r"^there is no engine `compield`; did you mean `compiled`\?$"):
        dxrules.compile(load(pack({"A": rule("a")})), "compield")
