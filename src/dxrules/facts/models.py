"""The fact classes: `Card` with its groups `Usage` and `CancellationRequest`, `Account` and `CardEvent`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from dxrules.facts.checking import NoneWhile, checked, checked_with, keeps
from dxrules.facts.enums import (
    BoundService,
    CallerId,
    CardStatus,
    Channel,
    EventKind,
    HolderType,
    Intent,
    Material,
    Operator,
    Product,
    RealName,
    Reason,
    RiskHold,
    Stage,
)
from dxrules.schema import note

_LIVE = (
    CardStatus.INVENTORY,
    CardStatus.ACTIVE,
    CardStatus.SUSPENDED_VOLUNTARY,
    CardStatus.SUSPENDED_LOST,
    CardStatus.SUSPENDED_ARREARS,
    CardStatus.SUSPENDED_RISK,
)

# What the holder of a card can do about it. A card that was cancelled does not come back; a loss cannot be undone, nor
# a case of the police; what the holder asks for is not for anybody else to change; and no threshold of compliance
# rules is a number to aim at.
_STATUSES = {
    CardStatus.INVENTORY: (CardStatus.ACTIVE,),
    CardStatus.ACTIVE: (CardStatus.SUSPENDED_VOLUNTARY, CardStatus.SUSPENDED_LOST),
    CardStatus.SUSPENDED_VOLUNTARY: (CardStatus.ACTIVE, CardStatus.SUSPENDED_LOST),
    CardStatus.SUSPENDED_LOST: (CardStatus.ACTIVE,),  # found, or the SIM replaced
    CardStatus.SUSPENDED_ARREARS: (CardStatus.ACTIVE, CardStatus.SUSPENDED_LOST),
    CardStatus.SUSPENDED_RISK: (CardStatus.ACTIVE, CardStatus.SUSPENDED_LOST),  # verified again
}
_REAL_NAMES = {
    RealName.UNVERIFIED: (RealName.VERIFIED,),
    RealName.MISMATCH: (RealName.VERIFIED,),
    RealName.REVERIFY_PENDING: (RealName.VERIFIED,),
}
_RISK_HOLDS = {RiskHold.CARRIER_PROTECTIVE: (RiskHold.NONE,)}
# The steps of a request that its holder takes; the carrier reviews, approves and rejects. To withdraw it is left out,
# as it gives up what is asked for.
_STAGES = {
    None: (Stage.DRAFT, Stage.CONTACTED, Stage.MATERIALS_READY),
    Stage.DRAFT: (Stage.CONTACTED, Stage.MATERIALS_READY),
    Stage.CONTACTED: (Stage.MATERIALS_READY,),
    Stage.MATERIALS_READY: (Stage.SUBMITTED,),
    Stage.REJECTED: (Stage.MATERIALS_READY,),
}
_CHANNELS = tuple(each for each in Channel if each not in (Channel.THIRD_PARTY_AGENT, Channel.UNKNOWN))


# The converters of enum fields change nothing. They say to type checkers that a text will do; `checked` turns it into
# the member, and lists a bad one together with whatever else is wrong.
def _text(value: str) -> Any:
    return value


def _text_or_none(value: str | None) -> Any:
    return value


def _texts_or_none(value: frozenset[str] | None) -> Any:
    return value


keeps(_text, _text_or_none, _texts_or_none)


def _given_only(fact: Any) -> str:
    """The fact as the call that makes it, without the fields that have their defaults."""
    fields = [(field, getattr(fact, field.name)) for field in attrs.fields(type(fact))]
    given = [f"{field.name}={_brief(value)}" for field, value in fields if value is not field.default]
    return f"{type(fact).__name__}({', '.join(given)})"


def _brief(value: object) -> str:
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(sorted(map(_brief, value)))}}})" if value else "frozenset()"
    return repr(str(value)) if isinstance(value, str) else repr(value)


@attrs.frozen(kw_only=True)
class Usage:
    """How a card is used, in counts and states only: no numbers called, no recordings."""

    caller_id: CallerId | None = attrs.field(
        default=None,
        converter=_text_or_none,
        metadata=note("number that called parties see", "主叫号码显示方式", settable=(CallerId.NORMAL,)),
    )
    calls_per_day: int | None = attrs.field(
        default=None, metadata=note("outbound calls a day", "日均呼出次数", unit="calls/day", minimum=0)
    )
    consent_on_file: bool | None = attrs.field(
        default=None,
        metadata=note("consent of the called parties is on file", "已留存被叫用户同意记录", settable=(True,)),
    )
    calls_after_refusal: bool | None = attrs.field(
        default=None,
        metadata=note("people are called again after they refused", "用户拒绝后仍继续拨打", settable=(False,)),
    )
    passed_to_other: bool | None = attrs.field(
        default=None, metadata=note("the card was passed to a third party", "卡片已转给他人使用", settable=(False,))
    )
    multi_sim_device: bool | None = attrs.field(
        default=None, metadata=note("used in a device that holds many SIM cards", "在多卡设备中使用", settable=(False,))
    )
    devices_30d: int | None = attrs.field(
        default=None,
        metadata=note("different devices in 30 days", "30 天内使用过的设备数", unit="devices", minimum=0),
    )

    __attrs_post_init__ = checked
    __repr__ = _given_only


@attrs.frozen(kw_only=True)
class CancellationRequest:
    """A request to cancel a card, as far as it has come."""

    request_id: str | None = attrs.field(
        default=None,
        metadata=note("opaque key of the request, chosen by the caller", "申请标识（由调用方自定）", personal=True),
    )
    stage: Stage = attrs.field(
        converter=_text, metadata=note("how far the request has come", "申请所处阶段", settable=_STAGES)
    )
    channel: Channel | None = attrs.field(
        default=None, converter=_text_or_none, metadata=note("way by which it is made", "办理渠道", settable=_CHANNELS)
    )
    channel_official: bool | None = attrs.field(
        default=None, metadata=note("the channel is an official one", "渠道为官方渠道", settable=(True,))
    )
    policy_read: bool | None = attrs.field(
        default=None, metadata=note("the cancellation policy was read", "已阅读注销政策", settable=(True,))
    )
    materials: frozenset[Material] | None = attrs.field(
        default=None, converter=_texts_or_none, metadata=note("materials at hand", "已备材料", settable="up")
    )
    submitted_days: int | None = attrs.field(
        default=None, metadata=note("days since it was submitted", "提交后已过天数", unit="days", minimum=0)
    )
    sla_days: int | None = attrs.field(
        default=None,
        metadata=note("days that the carrier says it takes", "运营商承诺的办理天数", unit="days", minimum=0),
    )

    __attrs_post_init__ = checked
    __repr__ = _given_only


@attrs.frozen(kw_only=True)
class Card:
    """One SIM card. Only its key is required; what is not known stays None.

    >>> Card(card_id="c-1", status="active", intent="cancel", arrears_fen=3520)
    Card(card_id='c-1', status='active', intent='cancel', arrears_fen=3520)
    """

    card_id: str = attrs.field(
        metadata=note("opaque key of the card, chosen by the caller", "卡片标识（由调用方自定）", personal=True)
    )
    account_id: str | None = attrs.field(
        default=None,
        metadata=note("opaque key of the account that holds the card", "所属账户标识（由调用方自定）", personal=True),
    )
    product: Product = attrs.field(default=Product.UNKNOWN, converter=_text, metadata=note("kind of card", "卡片类型"))
    operator: Operator = attrs.field(default=Operator.UNKNOWN, converter=_text, metadata=note("carrier", "运营商"))
    holder_type: HolderType = attrs.field(
        default=HolderType.UNKNOWN, converter=_text, metadata=note("kind of holder", "持卡人类型")
    )
    status: CardStatus = attrs.field(
        default=CardStatus.UNKNOWN, converter=_text, metadata=note("state of the card", "卡片状态", settable=_STATUSES)
    )
    intent: Intent = attrs.field(
        default=Intent.NONE, converter=_text, metadata=note("what the holder asks for", "办理意向")
    )
    reason: Reason | None = attrs.field(
        default=None, converter=_text_or_none, metadata=note("why the holder asks", "办理原因")
    )
    still_needed: bool | None = attrs.field(
        default=None, metadata=note("the card or its number is still needed", "卡片或号码仍需使用")
    )
    lost: bool | None = attrs.field(default=None, metadata=note("the card is lost", "卡片已丢失"))
    misused: bool | None = attrs.field(default=None, metadata=note("the card is misused by others", "卡片被盗用"))
    reported_lost: bool | None = attrs.field(
        default=None, metadata=note("the loss is reported to the carrier", "已向运营商挂失", settable=(True,))
    )
    last_used_days: int | None = attrs.field(
        default=None,
        metadata=note("days since it was last used", "距最近一次使用的天数", unit="days", minimum=0),
    )
    arrears_fen: int | None = attrs.field(
        default=None,
        metadata=note(
            "billed and unpaid, late fees included", "欠费（含滞纳金）", unit="fen", minimum=0, settable="down"
        ),
    )
    balance_fen: int | None = attrs.field(
        default=None,
        metadata=note(
            "refundable balance, gifts not counted", "可退余额（不含赠款）", unit="fen", minimum=0, settable="down"
        ),
    )
    monthly_fee_fen: int | None = attrs.field(
        default=None, metadata=note("fee a month", "月费", unit="fen/month", minimum=0)
    )
    contract_months_left: int | None = attrs.field(
        default=None,
        metadata=note("months left in the contract", "合约剩余月数", unit="months", minimum=0, settable=(0,)),
    )
    premium_months_left: int | None = attrs.field(
        default=None,
        metadata=note(
            "months left in the premium-number agreement", "靓号协议剩余月数", unit="months", minimum=0, settable=(0,)
        ),
    )
    early_exit_fee_fen: int | None = attrs.field(
        default=None,
        metadata=note(
            "fee for leaving early, as the carrier states it", "提前解约费用", unit="fen", minimum=0, settable=(0,)
        ),
    )
    bound_services: frozenset[BoundService] | None = attrs.field(
        default=None,
        converter=_texts_or_none,
        metadata=note("services that hang on the card", "绑定的业务", settable="down"),
    )
    linked_accounts: int | None = attrs.field(
        default=None,
        metadata=note(
            "accounts elsewhere tied to the number", "绑定该号码的账号数", unit="accounts", minimum=0, settable="down"
        ),
    )
    data_on_card: bool | None = attrs.field(
        default=None, metadata=note("there are data on the card or its phone", "卡片或手机中存有资料")
    )
    data_backed_up: bool | None = attrs.field(
        default=None, metadata=note("these data are backed up", "资料已备份", settable=(True,))
    )
    real_name: RealName = attrs.field(
        default=RealName.UNKNOWN,
        converter=_text,
        metadata=note("state of real-name registration", "实名状态", settable=_REAL_NAMES),
    )
    risk_hold: RiskHold = attrs.field(
        default=RiskHold.UNKNOWN, converter=_text, metadata=note("hold on the card", "风险管控", settable=_RISK_HOLDS)
    )
    net_age_days: int | None = attrs.field(
        default=None,
        metadata=note("days since joining the network or the last port", "在网天数", unit="days", minimum=0),
    )
    cancelled_days: int | None = attrs.field(
        default=None, metadata=note("days since cancellation", "注销后已过天数", unit="days", minimum=0)
    )
    fleet_size: int | None = attrs.field(
        default=None,
        metadata=note(
            "live cards of the same holder, this one included",
            "同一持卡人在用卡数（含本卡）",
            unit="cards",
            minimum=0,
        ),
    )
    usage: Usage | None = attrs.field(default=None, metadata=note("how the card is used", "使用情况"))
    request: CancellationRequest | None = attrs.field(
        default=None, metadata=note("the request to cancel it", "注销申请", settable=True)
    )

    __attrs_post_init__ = checked_with(NoneWhile("cancelled_days", "status", _LIVE))
    __repr__ = _given_only


@attrs.frozen(kw_only=True)
class Account:
    """What the cards of one holder add up to."""

    account_id: str = attrs.field(
        metadata=note("opaque key of the account, chosen by the caller", "账户标识（由调用方自定）", personal=True)
    )
    holder_type: HolderType = attrs.field(
        default=HolderType.UNKNOWN, converter=_text, metadata=note("kind of holder", "持卡人类型")
    )
    live_cards: int | None = attrs.field(default=None, metadata=note("live cards", "在用卡数", unit="cards", minimum=0))
    business_changed: bool | None = attrs.field(
        default=None,
        metadata=note("the business changed and cards are no longer needed", "业务变更且卡片不再需要"),
    )
    unneeded_cards: int | None = attrs.field(
        default=None, metadata=note("cards no longer needed", "不再需要的卡数", unit="cards", minimum=0)
    )
    idle_cards: int | None = attrs.field(
        default=None, metadata=note("cards not used for long", "闲置卡数", unit="cards", minimum=0, settable="down")
    )
    idle_monthly_fee_fen: int | None = attrs.field(
        default=None,
        metadata=note("fees a month of the idle cards together", "闲置卡月费合计", unit="fen/month", minimum=0),
    )
    cards_with_arrears: int | None = attrs.field(
        default=None, metadata=note("cards with arrears", "欠费卡数", unit="cards", minimum=0, settable="down")
    )
    total_arrears_fen: int | None = attrs.field(
        default=None, metadata=note("arrears of all cards together", "欠费合计", unit="fen", minimum=0)
    )
    lost_unsuspended: int | None = attrs.field(
        default=None,
        metadata=note(
            "lost or misused cards that are not suspended",
            "丢失或被盗用而未停机的卡数",
            unit="cards",
            minimum=0,
            settable="down",
        ),
    )
    max_cards_one_operator: int | None = attrs.field(
        default=None,
        metadata=note("most cards at one carrier", "单一运营商最多卡数", unit="cards", minimum=0),
    )
    operator_count: int | None = attrs.field(
        default=None, metadata=note("carriers involved", "涉及运营商数", unit="carriers", minimum=0)
    )
    batch_requested: bool | None = attrs.field(
        default=None, metadata=note("cancellation as a batch is asked for", "已申请批量注销")
    )
    handler_authorised: bool | None = attrs.field(
        default=None,
        metadata=note("the person handling it has papers of authorisation", "经办人已获书面授权", settable=(True,)),
    )

    __attrs_post_init__ = checked
    __repr__ = _given_only


@attrs.frozen(kw_only=True)
class CardEvent:
    """Something that happened at a moment to a card, or to a whole account; for pattern rules.

    An event of a whole account has no `card_id`; `amount_fen` is for events about money. No numbers called and no
    names: `contact_id` tells apart the people called by keys of the caller's own choosing.
    """

    event_id: str = attrs.field(
        metadata=note("opaque key of the event, chosen by the caller", "事件标识（由调用方自定）", personal=True)
    )
    at: dt.datetime = attrs.field(metadata=note("when it happened, in local time", "发生时间（当地时间）"))
    kind: EventKind = attrs.field(converter=_text, metadata=note("what happened", "事件类型"))
    card_id: str | None = attrs.field(
        default=None,
        metadata=note("key of the card", "卡片标识", personal=True),
    )
    account_id: str | None = attrs.field(
        default=None, metadata=note("key of the account that holds the card", "所属账户标识", personal=True)
    )
    contact_id: str | None = attrs.field(
        default=None, metadata=note("key of the person called", "被叫标识", personal=True)
    )
    amount_fen: int | None = attrs.field(default=None, metadata=note("amount of money", "金额", unit="fen", minimum=0))
    promised_by: dt.datetime | None = attrs.field(
        default=None, metadata=note("by when the carrier says it will have answered", "运营商承诺的答复时间")
    )

    __attrs_post_init__ = checked
    __repr__ = _given_only
