"""The words of explanations, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from dxrules.rulebook import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "true": "true", "false": "false", "unknown": "unknown",
        "all": "all of these:", "any": "any of these:", "none": "none of these:", "not": "not this:",
        "group given": "given",
        "block": "blocks {}", "require": "requires {}", "suggest": "advises {}", "warn": "warns about {}",
        "inform": "informs about {}",
        "block ": "blocks", "require ": "requires", "suggest ": "advises", "warn ": "warns", "inform ": "informs",
        "low": "low", "medium": "medium", "high": "high", "critical": "critical",
        "immediately": "immediately", "within_24h": "within 24 hours", "promptly": "promptly",
        "before_submit": "before submitting", "before_cancellation": "before cancellation",
        "before_recycle": "before the number is recycled",
        "comma": ", ", "semicolon": "; ", "colon": ": ", "list": ", ", "stop": ".",
        "open": " (", "close": ")",
        "matched": "matched by:",
        "would say": "It would say: {}",
        "needs false": "must be false",
        "parameter": "parameter {}, which has no value on this day",
        "nothing fires": "no rule fires",
        "undetermined:": "Undetermined, by what they wait for:",
        "silenced:": "Silenced, by the rules that override them:",
        "held by": "held back by {}, which is undetermined",
        "silenced by": "silenced by {}",
        "missing": "Worth asking for, each with the rules that wait for it:",
        "nothing missing": "nothing is missing: every rule is decided",
        "fires": "It fires: nothing stands in its way.",
        "fails": "It does not fire: what is marked > stands in its way.",
        "hangs": "It is undetermined: what is marked > stands in its way.",
        "is silenced": "It is silenced by {}, which overrides it and fires.",
        "is held": "It is held back by {}, which overrides it and is undetermined.",
        "would": "It would fire if {} did not.",
        "from": "It is not in force on {}: it is valid from {}.",
        "until": "It is not in force on {}: it was valid until {}.",
        "off": "It is switched off by the pack `{}`.",
        "allow": "allow {}", "fire": "make {} fire", "silence": "silence {}",
        "one fact": "To {}, change one fact:", "several facts": "To {}, change {} facts:",
        "reached": "To {}, nothing need change: it is so already.",
        "no way": "To {}, there is no change that a person can make.",
        "none found": "To {}, no change was found that a person can make.",
        "in the way": "In the way: {}",
        "start": "start: {}", "set": "{}: {}", "change": "{}: {} -> {}", "also": " (or: {})",
        "starts": "then fires: {}", "stops": "no longer fires: {}",
        "and more": "{}, ... ({} in all)",
        "more": "There are more ways like these.",
        "not exact": "There may be smaller changes: some conditions compare facts that can both be changed.",
        "ask": "What is not known may change this; ask for: {}",
    },
    "zh": {
        "true": "成立", "false": "不成立", "unknown": "未知",
        "all": "以下全部成立：", "any": "以下任一成立：", "none": "以下均不成立：", "not": "以下不成立：",
        "group given": "已提供",
        "block": "禁止{}", "require": "要求{}", "suggest": "建议{}", "warn": "警示{}", "inform": "告知{}",
        "block ": "禁止", "require ": "要求", "suggest ": "建议", "warn ": "警示", "inform ": "告知",
        "low": "严重度低", "medium": "严重度中", "high": "严重度高", "critical": "严重度极高",
        "immediately": "立即", "within_24h": "24 小时内", "promptly": "尽快",
        "before_submit": "提交前", "before_cancellation": "注销前", "before_recycle": "号码回收前",
        "comma": "，", "semicolon": "；", "colon": "：", "list": "、", "stop": "。",
        "open": "（", "close": "）",
        "matched": "所匹配的事实：",
        "would say": "触发时的提示：{}",
        "needs false": "须不成立",
        "parameter": "参数 {}（该日尚无取值）",
        "nothing fires": "没有规则触发",
        "undetermined:": "未定的规则，按所等待的事实列出：",
        "silenced:": "被其他规则覆盖的规则：",
        "held by": "覆盖它的 {} 未定",
        "silenced by": "被 {} 覆盖",
        "missing": "值得询问的事实及等待它的规则：",
        "nothing missing": "没有缺失的事实：所有规则均已确定",
        "fires": "规则已触发，没有障碍。",
        "fails": "规则未触发：障碍为标有 > 的子句。",
        "hangs": "规则未定：障碍为标有 > 的子句。",
        "is silenced": "规则被 {} 覆盖（该规则已触发）。",
        "is held": "规则被 {} 暂时搁置（该规则覆盖它且未定）。",
        "would": "若 {} 不触发，本规则即会触发。",
        "from": "规则在 {} 不生效：自 {} 起有效。",
        "until": "规则在 {} 不生效：有效期至 {} 止（不含当日）。",
        "off": "规则已被规则包“{}”停用。",
        "allow": "允许{}", "fire": "触发 {}", "silence": "使 {} 不触发",
        "one fact": "若要{}，只需改变一项事实：", "several facts": "若要{}，需改变 {} 项事实：",
        "reached": "若要{}，无需改变：现已如此。",
        "no way": "若要{}，没有可行的改变。",
        "none found": "若要{}，未找到可行的改变。",
        "in the way": "障碍：{}",
        "start": "开始：{}", "set": "{}：{}", "change": "{}：{} → {}", "also": "（或：{}）",
        "starts": "将触发：{}", "stops": "不再触发：{}",
        "and more": "{}……（共 {} 条）",
        "more": "还有其他类似办法。",
        "not exact": "或许还有更小的改变：有的条件同时比较了几项可改变的事实。",
        "ask": "未知的事实可能影响结果，请先询问：{}",
    },
}  # fmt: skip


def apart(name: str, lang: Lang) -> str:
    """A name behind Chinese words: a blank stands before one that is not Chinese.

    >>> apart("cancel", "zh"), apart("注销", "zh"), apart("cancel", "en")
    (' cancel', '注销', 'cancel')
    """
    return f" {name}" if lang == "zh" and name[:1].isascii() else name


def effect(kind: str, name: str | None, lang: Lang) -> str:
    """What a rule does, as a phrase; `name` is what its target is called.

    >>> effect("block", "cancel", "en"), effect("block", "注销", "zh"), effect("warn", None, "zh")
    ('blocks cancel', '禁止注销', '警示')
    """
    return word(kind, lang, apart(name, lang)) if name else word(f"{kind} ", lang)


def word(key: str, lang: Lang, *parts: str) -> str:
    """A word or sentence in a language, with parts filled in for its braces."""
    text = WORDS[lang][key]
    for part in parts:
        text = text.replace("{}", part, 1)
    return text
