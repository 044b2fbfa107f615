"""Parts of sentences in Chinese: types, lists of names, amounts. They hold no sentence, so looking up ends soon."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dxrules.chinese.catalog import Catalog, catalog
from dxrules.chinese.facts import ALLOWED, FOUND

PHRASES: Mapping[str, str] = {
    # Types
    "true or false": "真假值",
    "a whole number": "整数",
    "a number": "数字",
    "text": "文字",
    "a date": "日期",
    "a date and time": "日期和时间",
    "a set": "集合",
    "a group of facts": "事实分组",
    "one of <names>": "<names> 之一",
    "a set of <names>": "取自 <names> 的集合",
    "one of {count} known values": "{count} 种已知取值之一",
    "a set of {count} known values": "取自 {count} 种已知取值的集合",
    "an enum fact": "有已知取值的事实",
    "a text fact": "文字类事实",
    "texts": "文字",
    "conditions": "条件",
    "known values": "已知取值",
    "a text alone": "单独一段文字",
    # Types that rules cannot read
    "it holds a group inside itself": "它的分组中又含有它自己",
    "groups are more than {most} deep": "分组的嵌套超过 {most} 层",
    "it has no type annotation": "它没有类型注解",
    "its annotation {annotation} does not resolve": "它的类型注解 {annotation} 无法解析",
    "rules cannot read the type `{type}`": "规则不能读取类型 `{type}`",
    "only a `Literal` of texts can be read": "只能读取由文字组成的 `Literal`",
    "only a set of a `StrEnum` or of a `Literal` of texts can be read": (
        "集合的元素只能是 `StrEnum`，或由文字组成的 `Literal`"
    ),
    # Who has a key, and what is called so
    "a rule file": "规则文件",
    "a file of pattern rules": "模式规则文件",
    "a rule": "规则",
    "a pattern rule": "模式规则",
    "a match": "匹配",
    "an absent fact": "不得出现的事实",
    "a message": "提示",
    "an example": "示例",
    "the name of a target": "对象的名称",
    "a cases file": "用例文件",
    "a case": "用例",
    "rulebook": "规则包",
    "deadline": "时限",
    "severity": "严重程度",
    "a parameter": "参数",
    "a fact of `{owner}`": "`{owner}` 的事实",
    "another match": "另一个匹配",
    # What rules do
    "fires": "触发",
    "does not fire": "不触发",
    "is undetermined": "未定",
    # Languages
    "Chinese": "中文",
    "English": "英文",
    "English and no Chinese": "英文和中文",
    "English and Chinese": "英文和中文",
    # Amounts
    "{count} parts": "{count} 个部分",
    "{count} levels": "{count} 层",
    "{count} day": "{count} 天",
    "{count} days": "{count} 天",
    "{count} hour": "{count} 小时",
    "{count} hours": "{count} 小时",
    "{count} minute": "{count} 分钟",
    "{count} minutes": "{count} 分钟",
    # What characters are to YAML
    "is reserved": "是保留字符",
    "repeats another value": "用来重复另一个值",
    "gives a value a name": "用来给值命名",
    "names a type": "用来指明类型",
    "begins a block of lines": "用来开始多行文字",
    "separates items between brackets": "用来分隔括号中的各项",
    "a backtick": "反引号",
    "mapping": "映射",
    "list": "列表",
}

# Names in backticks, as sentences list them; `...` stands for some that are left out.
_NAME = r"(?:`[^`]*`|\.\.\.)"
_NAMES = re.compile(rf"{_NAME}(?:(?:, | or | and | -> ){_NAME})*")
_BETWEEN = re.compile(rf"({_NAME})|, | or | and | -> ")
_VALUE = re.compile(r"[\w.]*['\"(\[{<].*|[-+]?[\w.+-]+", re.DOTALL)  # a value as Python writes it
_JOINED = {", ": "、", " or ": " 或 ", " and ": " 和 ", " -> ": " → "}


def phrases() -> Catalog:
    """All parts of sentences but lists of names."""
    return _PHRASES


def phrase(hole: str, text: str) -> str | None:
    """What stands in a hole, in Chinese; None where it does not belong there.

    >>> phrase("<type>", "one of `small` or `large`"), phrase("<length>", "30 days"), phrase("<type>", "something")
    ('`small` 或 `large` 之一', '30 天', None)
    >>> phrase("<names>", "`a` and `b`"), phrase("<found>", "'text'"), phrase("<found>", "nothing")
    ('`a` 和 `b`', "'text'", '空')
    """
    if hole == "<names>":
        return _names(text)
    if hole == "<found>":
        return _PHRASES.chinese(text) or (text if _VALUE.fullmatch(text) else None)
    return part(text)


def part(text: str) -> str | None:
    """A part of a sentence in Chinese; None for one that is not known."""
    return _PHRASES.chinese(text) or (_names(text) if text.startswith("`") else None)


def _names(text: str) -> str | None:
    """A list of names in Chinese; None where it is something else."""
    if not _NAMES.fullmatch(text):
        return None
    return _BETWEEN.sub(lambda part: part[1] or _JOINED[part[0]], text)


_PHRASES = catalog([PHRASES, FOUND, ALLOWED], lambda _, text: _names(text))
