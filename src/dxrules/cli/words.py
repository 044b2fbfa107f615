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
    "critical": "紧急",
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


def counted(number: int, what: str) -> str:
    """A number of things, in English.

    >>> counted(1, "file"), counted(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {what}{'s' * (number != 1)}"


def rules_counted(rules: int, patterns: int) -> str:
    """Numbers of rules; pattern rules are told of where there are any.

    >>> rules_counted(1, 0), rules_counted(62, 10)
    ('1 rule', '62 rules, 10 pattern rules')
    """
    return counted(rules, "rule") + (f", {counted(patterns, 'pattern rule')}" if patterns else "")
