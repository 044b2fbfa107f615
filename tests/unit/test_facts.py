"""The bundled facts: what their classes hold, what they refuse, and what they say of themselves."""

import datetime as dt
import enum
import pickle
from typing import Literal

import attrs
import pytest

from dxrules import facts
from dxrules.errors import DxRulesError, FactError, Problem
from dxrules.facts import (
    Account,
    BoundService,
    CallerId,
    CancellationRequest,
    Card,
    CardStatus,
    HolderType,
    Intent,
    Labelled,
    Material,
    Operator,
    Product,
    RealName,
    RiskHold,
    Stage,
    Usage,
    checked,
)
from dxrules.schema import describe, label

CLASSES = (Account, CancellationRequest, Card, Usage)
ENUMS = [each for each in vars(facts).values() if isinstance(each, type) and issubclass(each, Labelled) and len(each)]

# the fields as the domain lists them: kind, and default; "required" where there is none
FIELDS = {
    Card: {
        "card_id": ("text", "required"),
        "account_id": ("text", None),
        "product": ("enum", Product.UNKNOWN),
        "operator": ("enum", Operator.UNKNOWN),
        "holder_type": ("enum", HolderType.UNKNOWN),
        "status": ("enum", CardStatus.UNKNOWN),
        "intent": ("enum", Intent.NONE),
        "reason": ("enum", None),
        "still_needed": ("bool", None),
        "lost": ("bool", None),
        "misused": ("bool", None),
        "reported_lost": ("bool", None),
        "last_used_days": ("int", None),
        "arrears_fen": ("int", None),
        "balance_fen": ("int", None),
        "monthly_fee_fen": ("int", None),
        "contract_months_left": ("int", None),
        "premium_months_left": ("int", None),
        "early_exit_fee_fen": ("int", None),
        "bound_services": ("set", None),
        "linked_accounts": ("int", None),
        "data_on_card": ("bool", None),
        "data_backed_up": ("bool", None),
        "real_name": ("enum", RealName.UNKNOWN),
        "risk_hold": ("enum", RiskHold.UNKNOWN),
        "net_age_days": ("int", None),
        "cancelled_days": ("int", None),
        "fleet_size": ("int", None),
        "usage": ("group", None),
        "request": ("group", None),
    },
    Usage: {
        "caller_id": ("enum", None),
        "calls_per_day": ("int", None),
        "consent_on_file": ("bool", None),
        "calls_after_refusal": ("bool", None),
        "passed_to_other": ("bool", None),
        "multi_sim_device": ("bool", None),
        "devices_30d": ("int", None),
    },
    CancellationRequest: {
        "request_id": ("text", None),
        "stage": ("enum", "required"),
        "channel": ("enum", None),
        "channel_official": ("bool", None),
        "policy_read": ("bool", None),
        "materials": ("set", None),
        "submitted_days": ("int", None),
        "sla_days": ("int", None),
    },
    Account: {
        "account_id": ("text", "required"),
        "holder_type": ("enum", HolderType.UNKNOWN),
        "live_cards": ("int", None),
        "business_changed": ("bool", None),
        "unneeded_cards": ("int", None),
        "idle_cards": ("int", None),
        "idle_monthly_fee_fen": ("int", None),
        "cards_with_arrears": ("int", None),
        "total_arrears_fen": ("int", None),
        "lost_unsuspended": ("int", None),
        "max_cards_one_operator": ("int", None),
        "operator_count": ("int", None),
        "batch_requested": ("bool", None),
        "handler_authorised": ("bool", None),
    },
}

MEMBERS = {
    "Product": "telemarketing ordinary iot unknown",
    "Operator": "cmcc cucc ctcc cbn mvno unknown",
    "HolderType": "individual enterprise unknown",
    "CardStatus": "inventory active suspended_voluntary suspended_lost suspended_arrears suspended_risk"
    " pre_cancelled cancelled recycled unknown",
    "Intent": "none cancel replace suspend port_out",
    "Reason": "business_change personal_change lost misused cost other",
    "BoundService": "broadband family_plan main_of_sub value_added rented_device group_plan",
    "RealName": "verified unverified mismatch reverify_pending unknown",
    "RiskHold": "none carrier_protective police_case unknown",
    "CallerId": "normal hidden altered unknown",
    "Stage": "draft contacted materials_ready submitted under_review approved rejected completed withdrawn",
    "Channel": "official_web official_app vendor_hotline carrier_hotline carrier_hall email online_chat"
    " third_party_agent unknown",
    "EventKind": "loss_reported misuse_reported card_found suspended restored sim_replaced outgoing_call call_refused"
    " consent_given charge arrears_billed arrears_paid cancellation_submitted cancellation_approved"
    " cancellation_rejected cancellation_withdrawn cancelled re_verification_asked re_verified business_changed other",
    "Material": "card_info sim_card personal_id business_licence handler_id authorisation_letter",
}


def make(cls, **given):
    required = {Card: "card_id", Account: "account_id", CancellationRequest: "stage"}
    if cls in required:
        given.setdefault(required[cls], "draft")
    return cls(**given)


def problems(cls, **given):
    with pytest.raises(FactError) as caught:
        make(cls, **given)
    assert caught.value.fact_type == cls.__name__
    return [str(each) for each in caught.value.problems]


# What the classes are.


@pytest.mark.parametrize("cls", CLASSES)
def test_fields_are_the_domain_s(cls):
    found = {}
    for field in attrs.fields(cls):
        item = describe(cls).facts[field.name]
        default = "required" if field.default is attrs.NOTHING else field.default
        assert item.optional == (default is None), field.name
        found[field.name] = (item.type.kind, default)
    assert found == FIELDS[cls]


def test_enums_are_the_domain_s():
    assert {each.__name__: " ".join(each) for each in ENUMS} == MEMBERS


@pytest.mark.parametrize("cls", CLASSES)
def test_every_field_has_a_note(cls):
    for field in attrs.fields(cls):
        item = describe(cls).facts[field.name]
        assert item.note is not None, field.name
        assert item.note.en, field.name
        assert item.note.en.isascii(), field.name
        assert item.note.zh, field.name
        assert not item.note.zh.isascii(), field.name
        assert item.note.personal == (field.name in ("card_id", "account_id", "request_id"))
        assert (item.note.unit is not None) == (item.type.kind == "int"), field.name
        assert item.note.minimum == (0 if item.type.kind == "int" else None), field.name


def test_notes_say_the_unit():
    assert describe(Card).facts["arrears_fen"].note.unit == "fen"
    assert describe(Card).facts["monthly_fee_fen"].note.unit == "fen/month"
    assert describe(Card).facts["request.sla_days"].note.unit == "days"
    assert describe(Card).facts["usage.calls_per_day"].note.unit == "calls/day"


@pytest.mark.parametrize("member", [member for each in ENUMS for member in each], ids=repr)
def test_every_member_has_labels(member):
    assert member.label("en").isascii()
    assert member.label("en")
    assert not member.label("zh").isascii()
    assert type(member)(str(member)) is member


@pytest.mark.parametrize("each", ENUMS)
def test_labels_differ(each):
    assert len({member.label("en") for member in each}) == len(each)
    assert len({member.label("zh") for member in each}) == len(each)


def test_labels():
    assert CardStatus.ACTIVE.label("zh") == "在用"
    assert CardStatus.ACTIVE.label("en") == "in use"
    assert label(describe(Card).facts["status"].type, "suspended_lost", "zh") == "挂失停机"
    with pytest.raises(DxRulesError, match="there are no labels in the language 'fr': it can be `en` or `zh`"):
        CardStatus.ACTIVE.label("fr")


FULL = Card(
    card_id="c",
    status="active",
    intent="cancel",
    arrears_fen=0,
    bound_services=frozenset({"broadband"}),
    usage=Usage(caller_id="hidden", calls_per_day=3),
    request=CancellationRequest(stage="draft", materials=frozenset({"sim_card", Material.PERSONAL_ID})),
)


@pytest.mark.parametrize("fact", [FULL, FULL.usage, FULL.request, Account(account_id="a")])
def test_facts_are_values(fact):
    cls = type(fact)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        fact.anything = 1
    assert not hasattr(fact, "__dict__")
    assert hash(fact) == hash(attrs.evolve(fact))
    assert attrs.evolve(fact) == fact
    assert pickle.loads(pickle.dumps(fact)) == fact
    assert eval(repr(fact), vars(facts)) == fact  # repr is the call that makes it
    assert type(pickle.loads(pickle.dumps(fact))) is cls


def test_evolve_checks_again():
    assert attrs.evolve(FULL, status="cancelled").status is CardStatus.CANCELLED
    with pytest.raises(FactError):
        attrs.evolve(FULL, arrears_fen=-1)


def test_repr_is_brief():
    assert repr(FULL) == (
        "Card(card_id='c', status='active', intent='cancel', arrears_fen=0, "
        "bound_services=frozenset({'broadband'}), usage=Usage(caller_id='hidden', calls_per_day=3), "
        "request=CancellationRequest(stage='draft', materials=frozenset({'personal_id', 'sim_card'})))"
    )
    assert repr(Card(card_id="c", bound_services=frozenset())) == "Card(card_id='c', bound_services=frozenset())"


# What they take.


@pytest.mark.parametrize("cls", CLASSES)
def test_texts_become_members(cls):
    for field in attrs.fields(cls):
        type_ = describe(cls).facts[field.name].type
        for text in type_.members:
            member = type_.python(text)
            if type_.kind == "enum":
                assert getattr(make(cls, **{field.name: text}), field.name) is member
                assert getattr(make(cls, **{field.name: member}), field.name) is member
            else:
                (found,) = getattr(make(cls, **{field.name: frozenset([text])}), field.name)
                assert found is member


def test_texts_of_another_enum_become_members():
    class Other(enum.StrEnum):
        ACTIVE = "active"

    assert Card(card_id="c", status=Other.ACTIVE).status is CardStatus.ACTIVE
    (service,) = Card(card_id="c", bound_services=frozenset({BoundService.BROADBAND})).bound_services
    assert service is BoundService.BROADBAND


@pytest.mark.parametrize("cls", CLASSES)
def test_every_optional_field_takes_none(cls):
    for name, item in describe(cls).facts.items():
        if item.optional and len(item.path) == 1:
            assert getattr(make(cls, **{name: None}), name) is None


def test_legal_though_odd():
    Card(card_id="c", status="active", lost=True)
    Card(card_id="c", status="cancelled", intent="cancel", cancelled_days=0)
    Card(card_id="c", status="pre_cancelled", cancelled_days=1)
    Card(card_id="c", cancelled_days=1)
    Card(card_id="", arrears_fen=2**53 - 1)


def test_a_subclass_of_a_group_is_a_group():
    @attrs.frozen(kw_only=True)
    class MoreUsage(Usage):
        more: int = 0

    assert Card(card_id="c", usage=MoreUsage(more=1)).usage.more == 1
    assert problems(MoreUsage, more="x", devices_30d=-1) == [
        "devices_30d: found -1, allowed is a whole number, 0 or more",
        "more: found 'x', allowed is a whole number",
    ]


# What they refuse.

JUNK = {
    "bool": [1, 0, "yes", "true", 1.0, [], object],
    "int": [True, 1.0, "1", -1, 2**53, -(2**53), float("nan"), b"1", dt.date(2024, 1, 1), None.__class__],
    "text": [1, b"c", ["c"], True],
    "enum": ["actve", "", "ACTIVE", "UNKNOWN", 3, True, [], {}, b"active", CardStatus],
    "set": [["broadband"], {"broadband"}, "broadband", ("broadband",), frozenset({"x"}), frozenset({1}), 1],
    "group": [{}, {"stage": "draft"}, 1, "x", Usage, CancellationRequest, Account(account_id="a")],
}


@pytest.mark.parametrize("cls", CLASSES)
def test_every_field_refuses_what_its_type_does_not_take(cls):
    for field in attrs.fields(cls):
        item = describe(cls).facts[field.name]
        for junk in JUNK[item.type.kind] + ([] if item.optional else [None]):
            with pytest.raises(FactError) as caught:
                make(cls, **{field.name: junk})
            assert [each.path for each in caught.value.problems] == [field.name], junk


def test_groups_are_not_interchangeable():
    request = CancellationRequest(stage="draft")
    assert problems(Card, usage=request, request=FULL.usage) == [
        "usage: found CancellationRequest(stage='draft'), allowed is Usage or None",
        "request: found Usage(caller_id='hidden', calls_per_day=3), allowed is CancellationRequest or None",
    ]


STATUSES = (
    "one of `inventory`, `active`, `suspended_voluntary`, `suspended_lost`, `suspended_arrears`, "
    "`suspended_risk`, `pre_cancelled`, `cancelled`, `recycled` or `unknown`"
)


def test_all_problems_come_in_one_error():
    with pytest.raises(FactError) as caught:
        Card(
            card_id=7,
            status="actve",
            intent="port out",
            lost=1,
            misused="yes",
            arrears_fen=-1,
            balance_fen=12.0,
            monthly_fee_fen=12.5,
            linked_accounts=True,
            net_age_days=2**53,
            bound_services=frozenset({"broadbant", "x"}),
            usage=3,
        )
    assert str(caught.value) == (
        "13 problems in this Card:\n"
        "  card_id: found 7, allowed is text\n"
        f"  status: found 'actve', allowed is {STATUSES}; did you mean `active`?\n"
        "  intent: found 'port out', allowed is one of `none`, `cancel`, `replace`, `suspend` or `port_out`;"
        " did you mean `port_out`?\n"
        "  lost: found 1, allowed is true, false or unknown; write True\n"
        "  misused: found 'yes', allowed is true, false or unknown\n"
        "  arrears_fen: found -1, allowed is a whole number, 0 or more\n"
        "  balance_fen: found 12.0, allowed is a whole number; write 12\n"
        "  monthly_fee_fen: found 12.5, allowed is a whole number\n"
        "  bound_services: found 'broadbant', allowed is one of `broadband`, `family_plan`, `main_of_sub`,"
        " `value_added`, `rented_device` or `group_plan`; did you mean `broadband`?\n"
        "  bound_services: found 'x', allowed is one of `broadband`, `family_plan`, `main_of_sub`,"
        " `value_added`, `rented_device` or `group_plan`\n"
        "  linked_accounts: found True, allowed is a whole number\n"
        "  net_age_days: found 9007199254740992, allowed is a whole number within ±(2^53 - 1)\n"
        "  usage: found 3, allowed is Usage or None"
    )
    assert isinstance(caught.value, ValueError)
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_help_for_what_was_meant():
    assert problems(Card, status="在用") == [f"status: found '在用', allowed is {STATUSES}; did you mean `active`?"]
    assert problems(Card, status=None) == [
        f"status: found None, allowed is {STATUSES}; write `unknown` for what is not known"
    ]
    assert problems(Card, card_id=None) == ["card_id: found None, allowed is text"]
    assert problems(Card, arrears_fen=float("nan")) == [
        "arrears_fen: found nan, allowed is a whole number; None is what is not known"
    ]
    assert problems(CancellationRequest, stage="drafft")[0].endswith("did you mean `draft`?")
    assert problems(Usage, devices_30d="3") == ["devices_30d: found '3', allowed is a whole number"]


@pytest.mark.parametrize("status", CardStatus)
def test_days_since_cancellation_are_not_for_live_cards(status):
    live = status is CardStatus.ACTIVE or status is CardStatus.INVENTORY or status.startswith("suspended")
    for given in (status, str(status)):
        if live:
            assert problems(Card, status=given, cancelled_days=3, lost=0) == [
                "lost: found 0, allowed is true, false or unknown; write False",
                f"cancelled_days: found 3, allowed is None while `status` is `{status}`",
            ]
        else:
            assert Card(card_id="c", status=given, cancelled_days=3).cancelled_days == 3


def test_one_problem_a_field():
    assert problems(Card, status="active", cancelled_days=-1) == [
        "cancelled_days: found -1, allowed is a whole number, 0 or more"
    ]
    assert problems(Card, status=["active"], cancelled_days=1) == [f"status: found ['active'], allowed is {STATUSES}"]


def test_a_missing_key_is_a_type_error_of_the_call():
    with pytest.raises(TypeError, match="card_id"):
        Card()
    with pytest.raises(TypeError, match="stage"):
        CancellationRequest()


def test_values_that_fight_back():
    class Rude:
        def __repr__(self):
            raise RuntimeError

        def __eq__(self, other):
            raise RuntimeError

        __hash__ = None

    assert problems(Card, status=Rude(), arrears_fen=Rude(), card_id=Rude(), cancelled_days=3) == [
        "card_id: found an unprintable Rude, allowed is text",
        f"status: found an unprintable Rude, allowed is {STATUSES}",
        "arrears_fen: found an unprintable Rude, allowed is a whole number",
    ]


# The same for a class of one's own.


class Size(enum.StrEnum):
    SMALL = "small"
    LARGE = "large"


@attrs.frozen
class Parcel:
    size: Size
    day: dt.date | None = None
    at: dt.datetime | None = None
    weight: float = 1.0
    kind: Literal["a", "b"] = "a"
    sizes: frozenset[Size] = frozenset()
    tags: list[int] = attrs.field(factory=list)
    parts: "frozenset[Literal['x', 'y']] | None" = None
    later: int = attrs.field(init=False, default=3)

    __attrs_post_init__ = checked


def test_checked_serves_any_class():
    day = dt.datetime(2024, 1, 1)
    parcel = Parcel("small", day.date(), day, 2, sizes=frozenset({"large"}), parts=frozenset({"x"}), tags="?")
    assert parcel.size is Size.SMALL
    assert [type(each) for each in parcel.sizes] == [Size]
    assert parcel.parts == {"x"}
    assert Parcel(Size.LARGE, weight=float("nan")).size is Size.LARGE
    assert problems(
        Parcel,
        size="larg",
        day=day,
        at=day.date(),
        weight=float("inf"),
        kind="c",
        sizes=frozenset({"small", 3}),
        parts=frozenset({"z"}),
    ) == [
        "size: found 'larg', allowed is one of `small` or `large`; did you mean `large`?",
        "day: found datetime.datetime(2024, 1, 1, 0, 0), allowed is a date; take its `.date()`",
        "at: found datetime.date(2024, 1, 1), allowed is a date and time",
        "weight: found inf, allowed is a finite number",
        "kind: found 'c', allowed is one of `a` or `b`",
        "sizes: found 3, allowed is one of `small` or `large`",
        "parts: found 'z', allowed is one of `x` or `y`",
    ]
    assert problems(Parcel, size=None)[0] == "size: found None, allowed is one of `small` or `large`"


def test_checked_serves_classes_of_one_field_or_none():
    @attrs.frozen
    class One:
        n: int
        __attrs_post_init__ = checked

    @attrs.frozen
    class Nothing:
        __attrs_post_init__ = checked

    assert One(1).n == 1
    assert problems(One, n="1") == ["n: found '1', allowed is a whole number"]
    assert Nothing() == Nothing()


def test_a_class_adds_its_own_problems():
    @attrs.frozen
    class Stay:
        first: dt.date
        last: dt.date

        def __attrs_post_init__(self):
            backwards = self.last < self.first
            checked(self, *([Problem("last", str(self.last), "a day after `first`")] if backwards else []))

    assert problems(Stay, first=dt.date(2024, 1, 2), last=dt.date(2024, 1, 1)) == [
        "last: found 2024-01-01, allowed is a day after `first`"
    ]


def test_stage_and_caller_id_have_no_default_that_claims_anything():
    assert CancellationRequest(stage="draft").request_id is None
    assert CancellationRequest(stage=Stage.DRAFT).channel is None
    assert Usage().caller_id is None
    assert Usage(caller_id="unknown").caller_id is CallerId.UNKNOWN
