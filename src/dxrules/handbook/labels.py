"""The handbook's own words, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from dxrules.rulebook import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        # conditions
        "all": "all of these:", "any": "any of these:", "none": "none of these:", "not": "not this:",
        "condition true": "this surely holds:", "condition not true": "this does not hold, or it is unknown whether:",
        "condition false": "this surely does not hold:",
        "condition not false": "this holds, or it is unknown whether:",
        "condition unknown": "it is unknown whether this holds:", "condition known": "it is known whether this holds:",
        "is yes": ": yes", "is no": ": no",
        "is known true": ": known to be yes", "is not known true": ": no or unknown",
        "is known false": ": known to be no", "is not known false": ": yes or unknown",
        "is unknown": ": unknown", "is known": ": known", "is given": ": given", "is not given": ": not given",
        "number ==": ": ", "number !=": ": not ", "number <": ": less than ", "number <=": ": at most ",
        "number >": ": more than ", "number >=": ": at least ",
        "text ==": ": ", "text !=": ": not ",
        "time ==": ": ", "time !=": ": not ", "time <": ": before ", "time <=": ": no later than ",
        "time >": ": after ", "time >=": ": no earlier than ",
        "is none of": ": none of {}", "comma": ", ", "or": " or ",
        "includes": ": include ", "includes not": ": do not include ", "starts with": ": starts with {}",
        "starts not with": ": does not start with {}",
        "size of": "number of {}", "days since": "days since {}", "brackets": " ({})", "dash": " — ",
        "not definition": "not ", "a month": " a month", "group given": "given",
        # rules
        "block": "blocks {}", "require": "requires {}", "suggest": "advises {}", "warn": "warns about {}",
        "inform": "informs about {}", "block ": "blocks", "require ": "requires", "suggest ": "advises",
        "warn ": "warns", "inform ": "informs",
        "kind block": "Forbidden", "kind require": "Required", "kind suggest": "Advised", "kind warn": "Warnings",
        "kind inform": "Notes",
        "low": "low", "medium": "medium", "high": "high", "critical": "critical",
        "deadline none": "no deadline", "immediately": "immediately", "within_24h": "within 24 hours",
        "promptly": "promptly", "before_submit": "before submitting", "before_cancellation": "before cancellation",
        "before_recycle": "before the number is recycled",
        # the page
        "title": "Rule handbook", "lede": "{rules} in {packs}, as the rule files state them.",
        "rules count": "{} rules", "rule count": "1 rule", "packs count": "{} packs", "pack count": "1 pack",
        "skip": "Skip to the content", "sections": "Sections", "language": "中文",
        "find": "Find a rule", "try": "Try a case", "rules": "The rules", "picture": "The picture", "facts": "The facts",
        "index": "The index", "terms": "Definitions and parameters", "sources": "Sources",
    },
    "zh": {
        "all": "以下全部成立：", "any": "以下任一成立：", "none": "以下均不成立：", "not": "以下不成立：",
        "condition true": "以下确定成立：", "condition not true": "以下不成立或无法确定：",
        "condition false": "以下确定不成立：", "condition not false": "以下成立或无法确定：",
        "condition unknown": "以下是否成立无法确定：", "condition known": "以下是否成立可以确定：",
        "is yes": "：是", "is no": "：否",
        "is known true": "：已知为是", "is not known true": "：否或未知",
        "is known false": "：已知为否", "is not known false": "：是或未知",
        "is unknown": "：未知", "is known": "：已知", "is given": "：已提供", "is not given": "：未提供",
        "number ==": "：等于 ", "number !=": "：不等于 ", "number <": "：小于 ", "number <=": "：不超过 ",
        "number >": "：大于 ", "number >=": "：不少于 ",
        "text ==": "：", "text !=": "：不是",
        "time ==": "：", "time !=": "：不是", "time <": "：早于", "time <=": "：不晚于", "time >": "：晚于",
        "time >=": "：不早于",
        "is none of": "：不是{}中的任何一个", "comma": "、", "or": "或",
        "includes": "：包含", "includes not": "：不包含", "starts with": "：以{}开头",
        "starts not with": "：不以{}开头",
        "size of": "{}的数量", "days since": "自{}起的天数", "brackets": "（{}）", "dash": "——",
        "not definition": "非 ", "a month": "/月", "group given": "已提供",
        "block": "禁止 {}", "require": "要求 {}", "suggest": "建议 {}", "warn": "警示 {}", "inform": "告知 {}",
        "block ": "禁止", "require ": "要求", "suggest ": "建议", "warn ": "警示", "inform ": "告知",
        "kind block": "禁止", "kind require": "要求", "kind suggest": "建议", "kind warn": "警示", "kind inform": "告知",
        "low": "低", "medium": "中", "high": "高", "critical": "紧急",
        "deadline none": "无期限", "immediately": "立即", "within_24h": "24 小时内", "promptly": "尽快",
        "before_submit": "提交前", "before_cancellation": "注销前", "before_recycle": "号码回收前",
        "title": "规则手册", "lede": "共 {packs}、{rules}，内容与规则文件一致。",
        "rules count": "{} 条规则", "rule count": "1 条规则", "packs count": "{} 个规则包", "pack count": "1 个规则包",
        "skip": "跳到正文", "sections": "章节", "language": "English",
        "find": "查找规则", "try": "试一试", "rules": "规则", "picture": "关系图", "facts": "事实",
        "index": "索引", "terms": "定义与参数", "sources": "来源",
    },
}  # fmt: skip


def say(key: str, lang: Lang, **parts: str) -> str:
    """Words in a language; `parts` fill in the names in braces."""
    text = WORDS[lang][key]
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text
