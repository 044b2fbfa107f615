"""The words that commands print around decisions, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "blocked": "禁止办理",
    "allowed": "可以办理",
    "undetermined": "未定",
    "ready": "可立即办理",
    "operation": "业务",
    "verdict": "结论",
    "block": "禁止",
    "require": "要求",
    "suggest": "建议",
    "warn": "警示",
    "inform": "告知",
    "kind": "类别",
    "code": "代码",
    "severity": "级别",
    "records": "条数",
    "rule": "规则",
    "low": "低",
    "medium": "中",
    "high": "高",
    "critical": "极高",
    "none": "",
    "immediately": "立即",
    "within_24h": "24 小时内",
    "promptly": "尽快",
    "before_submit": "提交前",
    "before_cancellation": "注销前",
    "before_recycle": "号码回收前",
    "waits for": "等待的事实",
    "most often waits for": "最常等待的事实",
    "no rule fires": "没有规则触发",
    "as of": "截至",
}


def word(text: str, lang: str) -> str:
    """A word in a language.

    >>> word("before_submit", "en"), word("blocked", "zh")
    ('before submit', '禁止办理')
    """
    if lang == "zh":
        return _WORDS[text]
    return "" if text == "none" else text.replace("_", " ")


_COUNTED: Mapping[str, str] = {
    "file": "个文件",
    "rule": "条规则",
    "pattern rule": "条模式规则",
    "example": "个示例",
    "case": "个用例",
    "mistake": "处错误",
    "finding": "项检查结果",
}

# What commands say of rule files as a whole, and of records, in English and Chinese.
_SAYINGS: Mapping[str, tuple[str, str]] = {
    "no mistakes": ("no mistakes in {}, {}", "{}、{}，没有错误"),
    "no findings": ("nothing to say of {}", "{}，没有检查结果"),
    "laid out": (": laid out anew", "：已重新排版"),
    "to lay out": (": would be laid out anew", "：需要重新排版"),
    "all laid out": ("{0} of {1} laid out anew", "{1}中，{0} 个已重新排版"),
    "all to lay out": ("{0} of {1} would be laid out anew", "{1}中，{0} 个需要重新排版"),
    "tried": ("{} and {} of {}", "{2}、{0}、{1}"),
    "failed": (", {} failed", "，{} 个未通过"),
    "in cases files": (", {} in cases files", "，用例文件中有 {}"),
    "all pass": (": all pass", "：全部通过"),
    "record": ("record {}: ", "第 {} 条记录："),
    "bad record": ("record {} is no {}:", "第 {} 条记录不是有效的 {}："),
}


def saying(key: str, lang: str, *parts: object) -> str:
    """What a command says, in a language.

    >>> saying("no findings", "en", "2 files"), saying("no findings", "zh", "2 个文件")
    ('nothing to say of 2 files', '2 个文件，没有检查结果')
    """
    return _SAYINGS[key][lang == "zh"].format(*parts)


def counted(number: int, what: str, lang: str = "en") -> str:
    """A number of things.

    >>> counted(1, "file"), counted(2, "file"), counted(2, "file", "zh")
    ('1 file', '2 files', '2 个文件')
    """
    return f"{number} {_COUNTED[what]}" if lang == "zh" else f"{number} {what}{'s' * (number != 1)}"


def rules_counted(rules: int, patterns: int, lang: str = "en") -> str:
    """Numbers of rules; pattern rules are told of where there are any.

    >>> rules_counted(1, 0), rules_counted(62, 10), rules_counted(62, 10, "zh")
    ('1 rule', '62 rules, 10 pattern rules', '62 条规则、10 条模式规则')
    """
    more = ("、" if lang == "zh" else ", ") + counted(patterns, "pattern rule", lang)
    return counted(rules, "rule", lang) + (more if patterns else "")
