"""Values and messages as people read them, in English and Chinese."""

from __future__ import annotations

import datetime as dt

from dxrules.errors import FactError
from dxrules.expression import facts_of
from dxrules.meaning import Facts, value
from dxrules.rulebook import Hole, Lang, Template
from dxrules.schema import Type, label
from dxrules.values import Plain

_UNKNOWN = {"en": "unknown", "zh": "未知"}
_TRUTH = {("en", True): "yes", ("en", False): "no", ("zh", True): "是", ("zh", False): "否"}
_EMPTY = {"en": "none", "zh": "无"}
_COMMA = {"en": ", ", "zh": "、"}
_YUAN = {"en": "yuan", "zh": "元"}


MASK = "***"  # what stands for personal data


def render(template: Template, lang: Lang, facts: Facts, *, personal: bool = True) -> str:
    """A message with its values filled in; a value that its type does not take stands there as it was found.

    Args:
        template: the message.
        lang: its language.
        facts: what it reads.
        personal: False masks the values that hang on personal data.
    """
    parts = template.parts
    return "".join(part if isinstance(part, str) else _hole(part, lang, facts, personal) for part in parts)


def _hole(hole: Hole, lang: Lang, facts: Facts, personal: bool) -> str:
    if not personal and any(each.personal for each in facts_of(hole.expr).values()):
        return MASK
    try:
        found = value(hole.expr, facts)
    except FactError as error:
        return error.problems[0].found
    if hole.format == "yuan" and isinstance(found, int):
        return yuan(found, lang)
    return show(found, hole.expr.type, lang)


def yuan(fen: int, lang: Lang) -> str:
    """An amount in fen as yuan.

    >>> yuan(3520, "en"), yuan(-5, "zh")
    ('35.20 yuan', '-0.05 元')
    """
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02} {_YUAN[lang]}"


def show(found: Plain, type_: Type, lang: Lang) -> str:
    """A value as text in a language.

    >>> show(None, Type("int"), "zh"), show(dt.date(2026, 1, 5), Type("date"), "zh")
    ('未知', '2026年1月5日')
    """
    match found:
        case None:
            return _UNKNOWN[lang]
        case bool():
            return _TRUTH[lang, found]
        case float():
            return repr(found).removesuffix(".0")
        case dt.datetime():
            clock = f"{found:%H:%M:%S}" if found.second else f"{found:%H:%M}"
            return f"{_date(found, lang)} {clock}"
        case dt.date():
            return _date(found, lang)
        case frozenset():
            members = (label(type_, each, lang) for each in type_.members if each in found)
            return _COMMA[lang].join(members) or _EMPTY[lang]
        case str() if type_.kind == "enum":
            return label(type_, found, lang)
        case _:
            return str(found)


def _date(day: dt.date, lang: Lang) -> str:
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.year:04}-{day.month:02}-{day.day:02}"
