"""The enums of the bundled facts. Each member is its text, and has a label in English and in Chinese."""

from __future__ import annotations

import enum
from typing import Self

from dxrules.errors import DxRulesError


class Labelled(enum.StrEnum):
    """A text enum whose members have labels: `NAME = "value", "English", "中文"`."""

    en: str
    zh: str

    def __new__(cls, value: str, en: str = "", zh: str = "") -> Self:
        """Make the member of one row."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.en = en
        member.zh = zh
        return member

    def label(self, lang: str) -> str:
        """The label in a language, `en` or `zh`.

        >>> CardStatus.ACTIVE.label("zh")
        '在用'
        """
        if lang == "en":
            return self.en
        if lang == "zh":
            return self.zh
        raise DxRulesError(f"there are no labels in the language {lang!r}: it can be `en` or `zh`")


class Product(Labelled):
    """What kind of SIM card it is."""

    TELEMARKETING = "telemarketing", "telemarketing card", "电销卡"
    ORDINARY = "ordinary", "ordinary SIM card", "普通手机卡"
    IOT = "iot", "IoT card", "物联网卡"
    UNKNOWN = "unknown", "unknown", "未知"


class Operator(Labelled):
    """The carrier that issued the card."""

    CMCC = "cmcc", "China Mobile", "中国移动"
    CUCC = "cucc", "China Unicom", "中国联通"
    CTCC = "ctcc", "China Telecom", "中国电信"
    CBN = "cbn", "China Broadnet", "中国广电"
    MVNO = "mvno", "virtual network operator", "虚拟运营商"
    UNKNOWN = "unknown", "unknown", "未知"


class HolderType(Labelled):
    """Whether a person or a company holds the card."""

    INDIVIDUAL = "individual", "individual", "个人"
    ENTERPRISE = "enterprise", "enterprise", "企业"
    UNKNOWN = "unknown", "unknown", "未知"


class CardStatus(Labelled):
    """Where the card is in its life."""

    INVENTORY = "inventory", "in stock, not opened", "库存未启用"
    ACTIVE = "active", "in use", "在用"
    SUSPENDED_VOLUNTARY = "suspended_voluntary", "suspended at the holder's wish", "停机保号"
    SUSPENDED_LOST = "suspended_lost", "suspended as lost", "挂失停机"
    SUSPENDED_ARREARS = "suspended_arrears", "suspended for arrears", "欠费停机"
    SUSPENDED_RISK = "suspended_risk", "suspended for risk", "风控停机"
    PRE_CANCELLED = "pre_cancelled", "cancellation under way", "预销户"
    CANCELLED = "cancelled", "cancelled", "已注销"
    RECYCLED = "recycled", "number recycled", "号码已回收"
    UNKNOWN = "unknown", "unknown", "未知"


class Intent(Labelled):
    """What the holder asks for."""

    NONE = "none", "nothing", "无"
    CANCEL = "cancel", "cancel", "注销"
    REPLACE = "replace", "replace the SIM", "补卡"
    SUSPEND = "suspend", "suspend", "停机"
    PORT_OUT = "port_out", "port the number out", "携号转出"


class Reason(Labelled):
    """Why the holder asks."""

    BUSINESS_CHANGE = "business_change", "change of business", "业务变更"
    PERSONAL_CHANGE = "personal_change", "change of personal needs", "个人需求变化"
    LOST = "lost", "lost", "丢失"
    MISUSED = "misused", "misused by others", "被盗用"
    COST = "cost", "cost", "费用"
    OTHER = "other", "other", "其他"


class BoundService(Labelled):
    """A service that hangs on the card."""

    BROADBAND = "broadband", "broadband", "宽带"
    FAMILY_PLAN = "family_plan", "family plan", "家庭套餐"
    MAIN_OF_SUB = "main_of_sub", "main card of a sub-card", "副卡的主卡"
    VALUE_ADDED = "value_added", "value-added service", "增值业务"
    RENTED_DEVICE = "rented_device", "rented device", "租用设备"
    GROUP_PLAN = "group_plan", "group plan", "集团套餐"


class RealName(Labelled):
    """The state of real-name registration; never the identity itself."""

    VERIFIED = "verified", "verified", "已实名"
    UNVERIFIED = "unverified", "not verified", "未实名"
    MISMATCH = "mismatch", "does not match the user", "实名信息不符"
    REVERIFY_PENDING = "reverify_pending", "to be verified again", "待重新核验"
    UNKNOWN = "unknown", "unknown", "未知"


class RiskHold(Labelled):
    """A hold that the carrier or the police put on the card."""

    NONE = "none", "none", "无"
    CARRIER_PROTECTIVE = "carrier_protective", "protective hold by the carrier", "运营商保护性管控"
    POLICE_CASE = "police_case", "hold for a police case", "涉案管控"
    UNKNOWN = "unknown", "unknown", "未知"


class CallerId(Labelled):
    """The number that called parties see."""

    NORMAL = "normal", "shown as it is", "正常显示"
    HIDDEN = "hidden", "hidden", "隐藏"
    ALTERED = "altered", "altered", "改号"
    UNKNOWN = "unknown", "unknown", "未知"


class Stage(Labelled):
    """How far a cancellation request has come."""

    DRAFT = "draft", "draft", "草稿"
    CONTACTED = "contacted", "carrier contacted", "已联系"
    MATERIALS_READY = "materials_ready", "materials ready", "材料已备齐"
    SUBMITTED = "submitted", "submitted", "已提交"
    UNDER_REVIEW = "under_review", "under review", "审核中"
    APPROVED = "approved", "approved", "已通过"
    REJECTED = "rejected", "rejected", "被退回"
    COMPLETED = "completed", "completed", "已办结"
    WITHDRAWN = "withdrawn", "withdrawn", "已撤回"


class Channel(Labelled):
    """The way by which a cancellation is asked for."""

    OFFICIAL_WEB = "official_web", "official website", "官方网站"
    OFFICIAL_APP = "official_app", "official app", "官方 APP"
    VENDOR_HOTLINE = "vendor_hotline", "hotline of the card's vendor", "电销卡客服电话"
    CARRIER_HOTLINE = "carrier_hotline", "carrier's hotline", "运营商客服电话"
    CARRIER_HALL = "carrier_hall", "carrier's shop", "运营商营业厅"
    EMAIL = "email", "e-mail", "电子邮件"
    ONLINE_CHAT = "online_chat", "online chat", "在线客服"
    THIRD_PARTY_AGENT = "third_party_agent", "third-party agent", "第三方代办"
    UNKNOWN = "unknown", "unknown", "未知"


class Material(Labelled):
    """Papers and things to bring; only whether they are there."""

    CARD_INFO = "card_info", "details of the card", "电销卡信息"
    SIM_CARD = "sim_card", "the SIM card", "SIM 卡"
    PERSONAL_ID = "personal_id", "identity card", "身份证"
    BUSINESS_LICENCE = "business_licence", "business licence", "营业执照"
    HANDLER_ID = "handler_id", "identity card of the person handling it", "经办人身份证"
    AUTHORISATION_LETTER = "authorisation_letter", "letter of authorisation", "授权委托书"


class EventKind(Labelled):
    """What happened to a card, or to a whole account."""

    LOSS_REPORTED = "loss_reported", "reported lost", "挂失"
    MISUSE_REPORTED = "misuse_reported", "reported misused by others", "报告被盗用"
    CARD_FOUND = "card_found", "card found again", "卡片找回"
    SUSPENDED = "suspended", "service suspended", "停机"
    RESTORED = "restored", "service restored", "复机"
    SIM_REPLACED = "sim_replaced", "SIM replaced", "补卡"
    OUTGOING_CALL = "outgoing_call", "outgoing call", "呼出"
    CALL_REFUSED = "call_refused", "called person refused further calls", "被叫拒绝再次来电"
    CONSENT_GIVEN = "consent_given", "called person gave consent", "被叫同意来电"
    CHARGE = "charge", "charge for use", "使用扣费"
    ARREARS_BILLED = "arrears_billed", "arrears billed", "出账欠费"
    ARREARS_PAID = "arrears_paid", "arrears paid", "结清欠费"
    CANCELLATION_SUBMITTED = "cancellation_submitted", "cancellation submitted", "提交注销申请"
    CANCELLATION_APPROVED = "cancellation_approved", "cancellation approved", "注销申请通过"
    CANCELLATION_REJECTED = "cancellation_rejected", "cancellation rejected", "注销申请被退回"
    CANCELLATION_WITHDRAWN = "cancellation_withdrawn", "cancellation withdrawn", "撤回注销申请"
    CANCELLED = "cancelled", "card cancelled", "已注销"
    RE_VERIFICATION_ASKED = "re_verification_asked", "carrier asked for verification again", "运营商要求二次核验"
    RE_VERIFIED = "re_verified", "verified again", "已完成二次核验"
    BUSINESS_CHANGED = "business_changed", "business changed", "业务变更"
    OTHER = "other", "something else", "其他"
