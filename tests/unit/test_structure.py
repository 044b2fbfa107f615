"""Outside data to facts: what is read, what is refused, and that nothing else ever comes out."""

import csv
import datetime as dt
import enum
import io
import subprocess
import sys
import types
from collections.abc import Mapping
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxrules.errors import DxRulesError, FactError
from dxrules.facts import Account, BoundService, CancellationRequest, Card, CardStatus, Material, Usage
from dxrules.schema import MAX_INT, describe
from dxrules.structuring import structure, structure_text

SERVICES = "`broadband`, `family_plan`, `main_of_sub`, `value_added`, `rented_device` or `group_plan`"
MATERIALS = "`card_info`, `sim_card`, `personal_id`, `business_licence`, `handler_id` or `authorisation_letter`"
STAGES = (
    "one of `draft`, `contacted`, `materials_ready`, `submitted`, `under_review`, `approved`, `rejected`, "
    "`completed` or `withdrawn`"
)


def refused(data, cls=Card, how=structure):
    with pytest.raises(FactError) as caught:
        how(data, cls)
    assert caught.value.fact_type == cls.__name__
    return [str(each) for each in caught.value.problems]


def refused_text(row, cls=Card):
    return refused(row, cls, structure_text)


# What is read.

CARD = Card(
    card_id="c-1",
    lost=True,
    bound_services=frozenset({BoundService.BROADBAND}),
    usage=Usage(calls_per_day=3),
    request=CancellationRequest(stage="draft", materials=frozenset({Material.SIM_CARD})),
)


@pytest.mark.parametrize(
    "data",
    [
        {
            "card_id": "c-1",
            "lost": True,
            "bound_services": ["broadband"],
            "usage": {"calls_per_day": 3},
            "request": {"stage": "draft", "materials": ["sim_card"]},
        },
        {
            "card_id": "c-1",
            "lost": True,
            "bound_services": ("broadband",),
            "usage.calls_per_day": 3,
            "request.stage": "draft",
            "request.materials": {"sim_card"},
        },
        {
            "card_id": "c-1",
            "lost": True,
            "status": "unknown",
            "misused": None,
            "bound_services": frozenset({BoundService.BROADBAND}),
            "usage": types.MappingProxyType({"calls_per_day": 3}),
            "request": {"stage": "draft"},
            "request.materials": [Material.SIM_CARD],
        },
        {
            "card_id": "c-1",
            "lost": True,
            "bound_services": ["broadband"],
            "usage": Usage(calls_per_day=3),
            "request": CARD.request,
        },
    ],
    ids=["nested", "flat", "mixed", "made"],
)
def test_all_ways_to_write_it_give_the_same_card(data):
    card = structure(data, Card)
    assert card == CARD
    assert {type(each) for each in card.bound_services} == {BoundService}


def test_what_is_left_out_takes_its_default():
    assert structure({"card_id": "c"}, Card) == Card(card_id="c")
    assert structure({"card_id": "c", "usage": {}}, Card).usage == Usage()
    assert structure({"card_id": "c", "usage": None, "request": None}, Card) == Card(card_id="c")
    assert structure({"account_id": "a", "live_cards": 3}, Account) == Account(account_id="a", live_cards=3)


def test_an_empty_set_is_not_unknown():
    assert structure({"card_id": "c", "bound_services": []}, Card).bound_services == frozenset()
    assert structure({"card_id": "c", "bound_services": None}, Card).bound_services is None


# What is refused.


def test_every_problem_comes_at_once():
    with pytest.raises(FactError) as caught:
        structure(
            {
                "status": "active",
                "cancelled_days": 3,
                "arears_fen": 100,
                "lost": "yes",
                "misused": 1,
                "balance_fen": 12.5,
                "monthly_fee_fen": "12",
                "early_exit_fee_fen": 12.0,
                "linked_accounts": -1,
                "real_name": "verifed",
                "bound_services": ["broadbant", "value_added", "value_added"],
                "usage": {"calls_per_day": -3, "caler_id": "hidden"},
                "request.stge": "draft",
                "request.channel": "emial",
            },
            Card,
        )
    assert str(caught.value) == (
        "17 problems in this Card:\n"
        "  arears_fen: found an unknown key, allowed is a fact of `Card`; did you mean `arrears_fen`?\n"
        "  request.stge: found an unknown key, allowed is a fact of `Card`; did you mean `request.stage`?\n"
        "  card_id: found nothing, allowed is text; it is required\n"
        "  lost: found 'yes', allowed is true, false or unknown\n"
        "  misused: found 1, allowed is true, false or unknown; write True\n"
        "  balance_fen: found 12.5, allowed is a whole number\n"
        "  monthly_fee_fen: found '12', allowed is a whole number\n"
        "  early_exit_fee_fen: found 12.0, allowed is a whole number; write 12\n"
        f"  bound_services: found 'broadbant', allowed is one of {SERVICES}; did you mean `broadband`?\n"
        "  bound_services: found 'value_added' twice, allowed is each member once\n"
        "  linked_accounts: found -1, allowed is a whole number, 0 or more\n"
        "  real_name: found 'verifed', allowed is one of `verified`, `unverified`, `mismatch`, "
        "`reverify_pending` or `unknown`; did you mean `verified`?\n"
        "  usage.caler_id: found an unknown key, allowed is a fact of `Usage`; did you mean `caller_id`?\n"
        "  usage.calls_per_day: found -3, allowed is a whole number, 0 or more\n"
        f"  request.stage: found nothing, allowed is {STAGES}; it is required\n"
        "  request.channel: found 'emial', allowed is one of `official_web`, `official_app`, "
        "`vendor_hotline`, `carrier_hotline`, `carrier_hall`, `email`, `online_chat`, `third_party_agent` "
        "or `unknown`; did you mean `email`?\n"
        "  cancelled_days: found 3, allowed is None while `status` is `active`"
    )


def test_a_problem_of_the_whole_comes_alone_too():
    assert refused({"card_id": "c", "status": "active", "cancelled_days": 3}) == [
        "cancelled_days: found 3, allowed is None while `status` is `active`"
    ]


def test_unknown_keys():
    unknown = "found an unknown key, allowed is a fact of `Card`"
    assert refused({"card_id": "c", "stage": "draft"}) == [f"stage: {unknown}; did you mean `request.stage`?"]
    assert refused({"card_id": "c", "Lost": True}) == [f"Lost: {unknown}; did you mean `lost`?"]
    assert refused({"card_id": "c", "lost.x": True}) == [f"lost.x: {unknown}; did you mean `lost`?"]
    assert refused({"card_id": "c", "": True, "a b": 1}) == [f"'': {unknown}", f"'a b': {unknown}"]
    assert refused({"card_id": "c", "request.": 1})[0] == f"request.: {unknown}; did you mean `request`?"


def test_group_and_its_facts():
    both = "the group as a whole or facts of it, not both"
    assert refused({"card_id": "c", "request": None, "request.stage": "draft"}) == [
        f"request: found None beside `request.stage`, allowed is {both}"
    ]
    assert refused({"card_id": "c", "usage": Usage(), "usage.devices_30d": 1}) == [
        f"usage: found Usage() beside `usage.devices_30d`, allowed is {both}"
    ]
    assert refused({"card_id": "c", "request": {"stage": "draft"}, "request.stage": "draft"}) == [
        "request.stage: found a value twice, allowed is one value"
    ]
    assert refused({"card_id": "c", "usage": 3, "request": []}) == [
        "usage: found 3, allowed is a mapping of its facts or None",
        "request: found [], allowed is a mapping of its facts or None",
    ]


def test_none_is_not_for_every_field():
    assert refused({"card_id": None, "intent": None, "risk_hold": None, "request": {"stage": None}}) == [
        "card_id: found None, allowed is text",
        "intent: found None, allowed is one of `none`, `cancel`, `replace`, `suspend` or `port_out`",
        (
            "risk_hold: found None, allowed is one of `none`, `carrier_protective`, `police_case` or "
            "`unknown`; write `unknown` for what is not known"
        ),
        f"request.stage: found None, allowed is {STAGES}",
    ]


def test_sets():
    assert refused({"card_id": "c", "bound_services": "broadband"}) == [
        (
            f"bound_services: found 'broadband', allowed is a set of {SERVICES}, as a list; "
            "write it as a list: ['broadband']"
        )
    ]
    assert refused({"card_id": "c", "bound_services": {"broadband": True}})[0].endswith("as a list")
    assert refused({"card_id": "c", "request.stage": "draft", "request.materials": {3, "sim_crad"}}) == [
        f"request.materials: found 'sim_crad', allowed is one of {MATERIALS}; did you mean `sim_card`?",
        f"request.materials: found 3, allowed is one of {MATERIALS}",
    ]
    assert refused({"card_id": "c", "bound_services": ["broadband", ["broadband"], None]}) == [
        f"bound_services: found ['broadband'], allowed is one of {SERVICES}",
        f"bound_services: found None, allowed is one of {SERVICES}",
    ]


@pytest.mark.parametrize("data", [None, 3, "card", [], [("card_id", "c")], object, CARD])
def test_only_mappings(data):
    (problem,) = refused(data)
    assert problem.startswith("the fact: found ")
    assert problem.endswith(", allowed is a mapping from the names of facts to their values")


def test_only_texts_as_keys():
    assert refused({1: 2, None: 3, ("a",): 4, "card_id": "c", b"lost": True}) == [
        f"the fact: found the key {key}, allowed is a text as key" for key in ("1", "None", "('a',)", "b'lost'")
    ]


def test_not_an_attrs_class():
    for how in (structure, structure_text):
        with pytest.raises(DxRulesError, match="`int` is not an attrs class"):
            how({}, int)


class Broken(Mapping):
    def __getitem__(self, key):
        raise RuntimeError

    def __iter__(self):
        raise RuntimeError

    def __len__(self):
        raise RuntimeError


class Rude:
    @property
    def __class__(self):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


def test_mappings_that_fail():
    assert refused(Broken()) == [
        "the fact: found a mapping that fails with RuntimeError, allowed is a mapping that can be read"
    ]
    assert refused({"card_id": "c", "usage": Broken()}) == [
        "usage: found a mapping that fails with RuntimeError, allowed is a mapping that can be read"
    ]
    assert len(refused({"card_id": "c", "usage": Broken(), "usage.caller_id": None})) == 1


def test_values_that_fight_back():
    for how in (structure, structure_text):
        for name in describe(Card).facts:
            data = {"card_id": "c", "request.stage": "draft", name: Rude()}
            assert all(each.startswith((name, "request")) for each in refused(data, how=how)), name
        assert refused(Rude(), how=how)


def test_deep_nesting_ends():
    deep: dict = {}
    for _ in range(100_000):
        deep = {"usage": deep}
    assert refused({"card_id": "c", **deep}) == ["usage.usage: found an unknown key, allowed is a fact of `Usage`"]
    assert refused({"card_id": "c", "lost": deep})[0].startswith("lost: found ")
    loop: dict = {"card_id": "c"}
    loop["usage"] = loop
    assert len(refused(loop)) == 2


def test_large_nonsense_is_quick():
    with pytest.raises(FactError) as caught:
        structure({"card_id": "c", **{f"key{n}": n for n in range(20_000)}}, Card)
    assert len(caught.value.problems) == 20_000
    assert str(caught.value).endswith("... and 19950 more")
    assert len(refused({"card_id": "c", "bound_services": ["broadbant"] * 200_000})) == 20


# Classes of one's own.


class Size(enum.StrEnum):
    SMALL = "small"
    LARGE = "large"


@attrs.frozen
class Part:
    n: int


@attrs.frozen
class Box:
    part: Part
    day: dt.date | None = None


@attrs.frozen
class Parcel:
    """No checks of its own: what comes out is right all the same."""

    day: dt.date
    size: Size | None = None
    at: dt.datetime | None = None
    kind: Literal["a", "b"] | None = None
    kinds: frozenset[Literal["a", "b"]] = frozenset()
    weight: float = 1.0
    box: Box | None = None
    parts: list[Part] = attrs.field(factory=list)
    tags: tuple[str, ...] | None = None
    whatever: Any = None
    either: int | str = 3
    up: "Parcel | None" = None
    _hidden: int = 0
    least: int = attrs.field(default=3, validator=attrs.validators.ge(3))
    made: int = attrs.field(init=False, default=1)


def test_any_class():
    data = {
        "day": "2024-02-29",
        "size": "small",
        "at": "2024-02-29T08:30:00.5",
        "kind": "b",
        "kinds": ["a"],
        "weight": 2,
        "box.part.n": 1,
        "box.day": dt.date(2024, 1, 1),
        "parts": [{"n": 1}, {"n": 2}],
        "tags": ["x"],
        "whatever": {"a": 1},
        "either": "x",
        "up": {"day": "2024-01-01"},
        "_hidden": 7,
    }
    parcel = structure(data, Parcel)
    assert parcel == Parcel(
        day=dt.date(2024, 2, 29),
        size=Size.SMALL,
        at=dt.datetime(2024, 2, 29, 8, 30, 0, 500_000),
        kind="b",
        kinds=frozenset({"a"}),
        weight=2.0,
        box=Box(Part(1), dt.date(2024, 1, 1)),
        parts=[Part(1), Part(2)],
        tags=("x",),
        whatever={"a": 1},
        either="x",
        up=Parcel(dt.date(2024, 1, 1)),
        hidden=7,
    )
    assert type(parcel.weight) is float
    assert type(parcel.size) is Size
    nested = {**data, "box": {"part.n": 1, "day": "2024-01-01"}}
    del nested["box.part.n"], nested["box.day"]
    assert structure(nested, Parcel) == parcel


def test_any_class_is_checked():
    assert refused(
        {
            "day": "2024-02-30",
            "size": "huge",
            "at": "2024-02-29",
            "kind": "c",
            "kinds": ["c"],
            "weight": "1",
            "box": {"day": 3},
            "parts": [{"n": "1"}, {}, 3],
            "tags": "xyz",
            "either": 1.5,
            "made": 3,
        },
        Parcel,
    ) == [
        "made: found an unknown key, allowed is a fact of `Parcel`",
        "day: found '2024-02-30', allowed is a date such as `2024-09-12`",
        "size: found 'huge', allowed is one of `small` or `large`",
        "at: found '2024-02-29', allowed is a date and time such as `2024-09-12 08:30`",
        "kind: found 'c', allowed is one of `a` or `b`",
        "kinds: found 'c', allowed is one of `a` or `b`",
        "weight: found '1', allowed is a number",
        "box.part: found nothing, allowed is a group of facts; it is required",
        "box.day: found 3, allowed is a date",
        "parts[0].n: found '1', allowed is a whole number",
        "parts[1].n: found nothing, allowed is a whole number; it is required",
        "parts[2]: found 3, allowed is a mapping from the names of facts to their values",
        "tags: found 'xyz', allowed is a list or the like, not text",
        "either: found 1.5, allowed is a value of the type `int | str`",
    ]


@pytest.mark.parametrize(
    "day",
    [
        "2024-2-9",
        "20240209",
        "2024-02-09 ",
        "2024-02-09T00:00:00",
        "２０２４-02-09",
        "2024-W06-5",
        20240209,
        dt.datetime(2024, 2, 9),
        "",
    ],
)
def test_no_other_dates(day):
    (problem,) = refused({"day": day}, Parcel)
    assert problem.startswith("day: found ")


@pytest.mark.parametrize(
    "at",
    ["2024-02-09", "2024-02-09T08:30Z", "2024-02-09T25:00", dt.date(2024, 2, 9), "2024-02-09T08:30+08:00"],
)
def test_no_other_times(at):
    (problem,) = refused({"day": "2024-02-09", "at": at}, Parcel)
    assert problem.startswith("at: found ")


def test_validators_of_the_class_itself():
    (problem,) = refused({"day": "2024-02-09", "least": 1}, Parcel)
    assert problem.startswith("the fact: found {'day': ")
    assert problem.endswith("allowed is what its class accepts; 'least' must be >= 3: 1")


def test_a_class_inside_itself_and_data_as_deep():
    data: dict = {"day": "2024-01-01"}
    for _ in range(50_000):
        data = {"day": "2024-01-01", "up": data}
    assert refused(data, Parcel)


def test_classes_inside_each_other():
    parcel = structure({"b": {"a": {"b": None}}}, _A)
    assert parcel == _A(_B(_A(None)))
    assert refused({"b": {"a": {"b": 3}}}, _A) == ["b.a.b: found 3, allowed is a mapping of its facts or None"]


@attrs.frozen
class _A:
    b: "_B | None"


@attrs.frozen
class _B:
    a: "_A | None"


def test_annotations_that_do_not_resolve():
    @attrs.frozen
    class Odd:
        x: "Nowhere"  # noqa: F821 - on purpose

    assert structure({"x": 3}, Odd).x == 3


# Text.


def test_text_of_every_type():
    row = {
        "card_id": " 007 ",
        "account_id": "",
        "status": "active",
        "product": " ",
        "lost": "TRUE",
        "misused": "false",
        "still_needed": "",
        "arrears_fen": " 3520 ",
        "balance_fen": "007",
        "bound_services": "broadband | family_plan",
        "usage.calls_per_day": "",
        "usage.caller_id": "",
        "request.stage": "draft",
        "request.materials": "|",
        "net_age_days": None,
    }
    assert structure_text(row, Card) == Card(
        card_id="007",
        status="active",
        lost=True,
        misused=False,
        arrears_fen=3520,
        balance_fen=7,
        bound_services=frozenset({"broadband", "family_plan"}),
        request=CancellationRequest(stage="draft", materials=frozenset()),
    )
    mine = {
        "day": "2024-02-29",
        "at": "2024-02-29 08:30",
        "kind": "a",
        "kinds": "a|b",
        "weight": "-35.20",
        "box.part.n": "-1",
        "box.day": "",
        "whatever": "x",
        "tags": "",
    }
    assert structure_text(mine, Parcel) == Parcel(
        day=dt.date(2024, 2, 29),
        at=dt.datetime(2024, 2, 29, 8, 30),
        kind="a",
        kinds=frozenset({"a", "b"}),
        weight=-35.2,
        box=Box(Part(-1)),
        whatever="x",
    )


def test_every_bad_cell_is_named():
    with pytest.raises(FactError) as caught:
        structure_text(
            {
                "card_id": " ",
                "status": "在用",
                "intent": "",
                "lost": "yes",
                "misused": "0",
                "reported_lost": "NaN",
                "arrears_fen": "12.0",
                "balance_fen": "null",
                "monthly_fee_fen": "9" * 30,
                "linked_accounts": "-1",
                "net_age_days": "１２",
                "bound_services": "broadband||broadbant|broadband",
                "request.stage": "",
                "request.materials": "sim_card",
                "arrears": "5",
            },
            Card,
        )
    assert str(caught.value) == (
        "16 problems in this Card:\n"
        "  arrears: found an unknown column, allowed is a fact of `Card`; did you mean `arrears_fen`?\n"
        "  card_id: found an empty cell, allowed is text; it is required\n"
        "  status: found '在用', allowed is one of `inventory`, `active`, `suspended_voluntary`, "
        "`suspended_lost`, `suspended_arrears`, `suspended_risk`, `pre_cancelled`, `cancelled`, `recycled` "
        "or `unknown`; did you mean `active`?\n"
        "  intent: found an empty cell, allowed is one of `none`, `cancel`, `replace`, `suspend` or "
        "`port_out`; leave the column out to take its default\n"
        "  lost: found 'yes', allowed is `true` or `false`; write `true`\n"
        "  misused: found '0', allowed is `true` or `false`; write `false`\n"
        "  reported_lost: found 'NaN', allowed is `true` or `false`; "
        "leave the cell empty for what is not known\n"
        "  arrears_fen: found '12.0', allowed is a whole number in digits, such as `3520`\n"
        "  balance_fen: found 'null', allowed is a whole number in digits, such as `3520`; "
        "leave the cell empty for what is not known\n"
        "  monthly_fee_fen: found 999999999999999999999999999999, "
        "allowed is a whole number within ±(2^53 - 1)\n"
        f"  bound_services: found '', allowed is one of {SERVICES}\n"
        f"  bound_services: found 'broadbant', allowed is one of {SERVICES}; did you mean `broadband`?\n"
        "  bound_services: found 'broadband' twice, allowed is each member once\n"
        "  linked_accounts: found -1, allowed is a whole number, 0 or more\n"
        "  net_age_days: found '１２', allowed is a whole number in digits, such as `3520`\n"
        f"  request.stage: found an empty cell, allowed is {STAGES}; it is required"
    )


def test_groups_in_text():
    empty = {
        "card_id": "c",
        "request.stage": "",
        "request.materials": " ",
        "usage": "",
        "usage.caller_id": None,
    }
    assert structure_text(empty, Card) == Card(card_id="c")
    assert structure_text({**empty, "usage.caller_id": "normal"}, Card).usage == Usage(caller_id="normal")
    assert refused_text({**empty, "usage": "x", "usage.caller_id": "normal"}) == [
        "usage: found 'x' beside `usage.caller_id`, allowed is the group as a whole or facts of it, not both"
    ]
    assert refused_text({"card_id": "c", "usage": "x"}) == [
        "usage: found 'x', allowed is a column for each of its facts, such as `usage.caller_id`"
    ]


def test_rows_of_csv():
    text = "\ufeffcard_id,lost,arrears_fen\nc-1,true,0\nc-2\nc-3,,,1\n"
    first, short, long = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert structure_text(first, Card) == Card(card_id="c-1", lost=True, arrears_fen=0)
    assert structure_text(short, Card) == Card(card_id="c-2")
    assert refused_text(long) == [
        ("the fact: found the key None, allowed is a text as key; the row has more cells than there are columns")
    ]
    marked = next(csv.DictReader(io.StringIO(text)))
    assert refused_text(marked)[0] == (
        "'\\ufeffcard_id': found an unknown column, allowed is a fact of `Card`; "
        "the file starts with a byte order mark: open it with `encoding='utf-8-sig'`"
    )


def test_text_that_cannot_be_read():
    assert refused_text({"day": "", "weight": "", "tags": "1", "kinds": "c", "up.day": "2024-01-01"}, Parcel) == [
        "up.day: found an unknown column, allowed is a fact of `Parcel`; did you mean `day`?",
        "day: found an empty cell, allowed is a date; it is required",
        "kinds: found 'c', allowed is one of `a` or `b`",
        "weight: found an empty cell, allowed is a number; leave the column out to take its default",
        "tags: found '1', allowed is a list or the like, not text",
    ]
    for weight in ("1e3", "inf", "nan", ".5", "5.", "+1", "1,000", "0x1", "9" * 399, "9" * 5000):
        (problem,) = refused_text({"day": "2024-01-01", "weight": weight}, Parcel)
        assert problem.startswith("weight: found ")
    assert refused_text({"card_id": 7, "lost": True}) == [
        "card_id: found 7, allowed is text, as every cell is",
        "lost: found True, allowed is text, as every cell is",
    ]


# Properties.


def _of(cls, texts):
    """Facts of a class, as keyword arguments."""
    values = {}
    for field in attrs.fields(cls):
        item = describe(cls).facts[field.name]
        match item.type.kind:
            case "bool":
                value = st.booleans()
            case "int":
                value = st.integers(0, MAX_INT)
            case "text":
                value = texts
            case "enum":
                value = st.sampled_from(list(item.type.python))
            case "set":
                value = st.frozensets(st.sampled_from(list(item.type.python)))
            case "group":
                value = _facts(item.type.python, texts)
        values[field.name] = st.none() | value if item.optional else value
    return st.fixed_dictionaries(
        {name: value for name, value in values.items() if describe(cls).facts[name].required},
        optional={name: value for name, value in values.items() if not describe(cls).facts[name].required},
    )


def _facts(cls, texts):
    return _of(cls, texts).filter(_legal).map(lambda given: cls(**given))


def _legal(given):
    status = given.get("status", "unknown")
    live = status in ("inventory", "active") or status.startswith("suspended")
    return given.get("cancelled_days") is None or not live


def unstructured(fact, draw):
    """A fact as nested data with some of the keys dotted, and some defaults left out."""
    data = {}
    for field in attrs.fields(type(fact)):
        value = getattr(fact, field.name)
        if value == field.default and draw(st.booleans()):
            continue
        if attrs.has(type(value)):
            inner = unstructured(value, draw)
            dotted = {name for name in inner if draw(st.booleans())}
            data |= {f"{field.name}.{name}": each for name, each in inner.items() if name in dotted}
            rest = {name: each for name, each in inner.items() if name not in dotted}
            if rest or not dotted:
                data[field.name] = rest
        elif isinstance(value, frozenset):
            data[field.name] = [str(each) for each in draw(st.permutations(sorted(value)))]
        else:
            data[field.name] = str(value) if isinstance(value, str) else value
    return dict(draw(st.permutations(list(data.items()))))


@settings(max_examples=150)
@given(st.sampled_from([Card, Account]).flatmap(lambda cls: _facts(cls, st.text(max_size=5))), st.data())
def test_what_was_taken_apart_comes_together_again(fact, data):
    given_back = structure(unstructured(fact, data.draw), type(fact))
    assert given_back == fact
    assert [type(value) for value in attrs.astuple(given_back, recurse=False)] == [
        type(value) for value in attrs.astuple(fact, recurse=False)
    ]


def cells(fact, prefix=""):
    """A fact as a row of texts."""
    row = {}
    for field in attrs.fields(type(fact)):
        value = getattr(fact, field.name)
        name = prefix + field.name
        if attrs.has(type(value)):
            row |= cells(value, f"{name}.")
        elif isinstance(value, frozenset):
            row[name] = "|".join(value) or "|"
        else:
            row[name] = "" if value is None else str(value)
    return row


keys = st.text("abc 1-", min_size=1).filter(lambda text: text == text.strip())


@settings(max_examples=150)
@given(st.sampled_from([Card, Account]).flatmap(lambda cls: _facts(cls, keys)))
def test_rows_of_text_come_together_again(fact):
    row = cells(fact)
    if isinstance(fact, Card) and fact.usage == Usage():  # a row says that of no group
        fact = attrs.evolve(fact, usage=None)
    assert structure_text(row, type(fact)) == fact


def attempt(how, data, cls):
    try:
        return how(data, cls)
    except FactError as error:
        return error


names = st.sampled_from(sorted({name for cls in (Card, Account) for name in describe(cls).facts})) | st.text(max_size=6)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=4),
    st.dates(),
    st.datetimes(),
    st.sampled_from([member for each in (CardStatus, Material, BoundService) for member in each]),
    st.sampled_from(["draft", "cancel", "hidden", "true", "", " ", "2024-01-01", "12", "sim_card|sim_card"]),
)
junk = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.frozensets(leaves, max_size=3),
        st.dictionaries(names | leaves, inner, max_size=5),
    ),
    max_leaves=12,
)
mappings = st.dictionaries(names | st.integers() | st.none(), junk, max_size=8)


@settings(max_examples=400)
@given(junk | mappings, st.sampled_from([Card, Account, CancellationRequest, Usage, Parcel, Box]))
def test_nothing_but_facts_and_fact_errors(data, cls):
    for how in (structure, structure_text):
        found = attempt(how, data, cls)
        assert type(found) is cls or found.problems
        assert str(found)


@settings(max_examples=200)
@given(st.dictionaries(names, leaves | st.text(), max_size=8))
def test_rows_of_junk_too(row):
    texts = {name: None if value is None else str(value) for name, value in row.items()}
    for cls in (Card, Account, Parcel):
        found = attempt(structure_text, texts, cls)
        assert type(found) is cls or all(each.path for each in found.problems)


def test_cattrs_is_loaded_when_it_is_needed():
    script = (
        "import sys\n"
        "from dxrules.structuring import structure\n"
        "from dxrules.facts import Card\n"
        "assert 'cattrs' not in sys.modules\n"
        "structure({'card_id': 'c'}, Card)\n"
        "assert 'cattrs' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
