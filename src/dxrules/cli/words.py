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
