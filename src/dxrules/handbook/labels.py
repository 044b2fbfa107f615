"""The handbook's own words, in English and Chinese; what it shares with explanations is there."""

from __future__ import annotations

from collections.abc import Mapping

from dxrules.explain.words import word
from dxrules.rulebook import Lang

LANGUAGE_TAGS: Mapping[Lang, str] = {"en": "en", "zh": "zh-Hans"}

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        # Conditions
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
        "text ==": ": ", "text !=": ": not ", "same ==": ": equal to ", "same !=": ": not equal to ",
        "not inline": "not ", "and inline": " and ", "or inline": " or ",
        "time ==": ": ", "time !=": ": not ", "time <": ": before ", "time <=": ": no later than ",
        "time >": ": after ", "time >=": ": no earlier than ",
        "is none of": ": none of {}", "item comma": ", ", "or": " or ",
        "includes": ": include ", "includes not": ": do not include ", "starts with": ": starts with {}",
        "starts not with": ": does not start with {}",
        "size of": "number of {}", "days since": "days since {}", "brackets": " ({})", "dash": " — ",
        "not definition": "not ",
        # The page
        "title": "Rule handbook",
        "lede": "{} in {}: in words, with what they read, their examples and their sources.",
        "rules count": "{} rules", "rule count": "1 rule", "packs count": "{} packs", "pack count": "1 pack",
        "skip": "Skip to the content", "sections": "Sections", "language": "中文", "digest": "Digest of the rulebook",
        "no advice": "Made from the rule files. It decides nothing for anyone, and is no legal advice.",
        "noscript": "The form and the search need JavaScript. Everything else on this page is here without it.",
        "back": "back to the top",
        # Rules
        "rules": "The rules", "about": "{} · pack {}", "pack": "Pack {}",
        "when": "When", "reads": "Reads", "says": "Says", "examples": "Examples", "source": "Sources",
        "as written": "As written", "condition as written": "The condition as written in the file",
        "line": "{}, line {}", "priority": "Priority", "in force": "In force", "always": "always", "from": "from {}",
        "until": "until the day before {}", "overrides": "Silences", "overridden": "Silenced by",
        "severity": "Severity", "deadline": "Deadline", "deadline none": "no deadline",
        "example": "Facts", "expected": "The rule", "fires": "fires", "fires not": "does not fire",
        "fires unknown": "is undetermined", "nothing given": "nothing in particular", "on day": "as of {}",
        "try this": "Try it", "no source": "none named", "definition line": "{} means",
        # Pattern rules
        "patterns": "Pattern rules", "pattern rules count": "{} pattern rules", "pattern rule count": "1 pattern rule",
        "both counts": "{} and {}",
        "patterns lede": "Each of these rules is about several facts and events together, and their order in time: one "
                         "thing happens, and then another does, or does not. Only a session decides by them, which is "
                         "told of events as they happen.",
        "patterns reading": "What a rule looks for is numbered, and each number stands for a different fact or event. "
                            "What is not known is no match; where it is not known whether something is there that "
                            "must not be, it counts as there.",
        "form leaves out": "The form knows one case, and nothing of what happened before: it leaves out {}. A "
                           "session, which is told of events, may decide more than it says.",
        "not tried": "The form cannot try these: it has one case, and no events.",
        "over time": "over time",
        "looks for": "What it looks for", "go together": "How they go together",
        "absent": "As long as there is none of these", "fires when": "Fires", "joins": "Part of the decision on",
        "keep": "An event counts", "kept for": "for {} from when it happens",
        "event matched": "an event ({})", "events matched": "{1} events or more ({0})",
        "fact matched": "a fact ({})", "facts matched": "{1} facts or more ({0})",
        "time of": "time of {}", "fact of": "{0} {1}", "several": "{} × {}",
        "happened <": "{} happened before {}", "happened <=": "{} happened no later than {}",
        "happened >": "{} happened after {}", "happened >=": "{} happened no earlier than {}",
        "happened ==": "{} happened at the same time as {}", "happened !=": "{} did not happen at the same time as {}",
        "joined same": "{0}: the same as {1}", "joined": "{0}: equal to the {2} of {1}",
        "joined shared": "{}: the same for all",
        "within": "at most {} from the first event to the last",
        "fires at once": "as soon as all of this holds",
        "fires after": "{1} after {0}, if all of this still holds then",
        "fires after last": "{} after the last of the events, if all of this still holds then",
        "fires at": "when this time comes, if all of this still holds then, and never where it is unknown: {}",
        "about match": "the {0} {1}", "about key": "the {0} whose key {1} gives ({2})",
        "day": "1 day", "days": "{} days", "hour": "1 hour", "hours": "{} hours", "minute": "1 minute",
        "minutes": "{} minutes", "now is": "looked at on {}",
        "pattern as written": "The conditions as written in the file", "as absent": "absent {}",
        "timeline": "The order in time of {}: {}", "timeline then": "then {}", "timeline any": "in any order {}",
        "timeline within": "within {}", "timeline at once": "at once", "timeline later": "{} later",
        "timeline due": "at the time given", "timeline none": "must not be: {}", "timeline order": "any order",
        # The form
        "try": "Try a case",
        "try lede": "Fill in what is known and leave the rest unknown: an unknown fact is never taken for “no”. "
                    "Nothing that you type leaves this page.",
        "as of": "Decide as of", "form facts": "What is known", "type tabs": "What is decided",
        "decision": "The decision",
        "choice unknown": "— unknown", "choice yes": "yes", "choice no": "no", "choice given": "given",
        "choice known": "these:", "recorded as": "recorded as “{}”", "unread": "Facts that make no difference here",
        "reset": "Clear the form", "empty text": "known, and empty", "unit": "in {}", "none chosen": "none of them",
        "group lead": "Leave it unknown if nothing is known of it.", "empty": "Empty is unknown.",
        # Search and index
        "find": "Find a rule", "find what": "Words in its name, message, condition or source",
        "by fact": "Reads the fact", "by outcome": "Outcome", "by deadline": "Deadline", "choice any": "any",
        "index": "The index", "index outcome": "By outcome", "index deadline": "By deadline",
        "index fact": "By fact",
        # Facts, terms, sources, picture
        "facts": "The facts", "facts of": "Facts of {}", "fact": "Fact", "meaning": "Meaning", "type": "What it takes",
        "read by": "Read by", "no rule": "no rule", "may be unknown": "may be unknown", "personal": "personal data",
        "kind bool": "yes or no", "kind int": "a whole number", "kind float": "a number", "kind text": "text",
        "kind date": "a date", "kind datetime": "a date and time", "kind group": "a group of facts",
        "kind enum": "one of: {}", "kind set": "any of: {}", "kind unreadable": "not read by rules", "in unit": " ({})",
        "terms": "Definitions and parameters", "definitions": "Definitions of {}", "parameters": "Parameters",
        "parameter name": "Parameter", "value": "Value", "used by": "Used by", "from day": "{} from {} on",
        "sources": "The sources", "cited by": "cited by", "no sources": "The rules name no sources.",
        "picture": "The picture", "picture of": "What feeds the rules of {}",
        "picture lede": "Facts on the left feed the rules in the middle, whose outcomes are on the right. Point at "
                        "one, or step to it with the keyboard, to see what it hangs together with.",
        "picture grouped": "There are too many rules to draw each: a line says how many rules lie between a fact and "
                           "an outcome.",
        "gates": "Before “{}”, these must be done: {}", "picture patterns": "Pattern rules have a broken edge.",
    },
    "zh": {
        "condition true": "以下确定成立：", "condition not true": "以下不成立或无法确定：",
        "condition false": "以下确定不成立：", "condition not false": "以下成立或无法确定：",
        "condition unknown": "以下是否成立无法确定：", "condition known": "以下是否成立可以确定：",
        "is yes": "：是", "is no": "：否",
        "is known true": "：已知为是", "is not known true": "：否或未知",
        "is known false": "：已知为否", "is not known false": "：是或未知",
        "is unknown": "：未知", "is known": "：已知", "is given": "：已提供", "is not given": "：未提供",
        "number ==": "：等于 ", "number !=": "：不等于 ", "number <": "：小于 ", "number <=": "：不超过 ",
        "number >": "：大于 ", "number >=": "：不少于 ",
        "text ==": "：", "text !=": "：不是", "same ==": "：等于 ", "same !=": "：不等于 ",
        "not inline": "非", "and inline": "且", "or inline": "或",
        "time ==": "：", "time !=": "：不是", "time <": "：早于", "time <=": "：不晚于", "time >": "：晚于",
        "time >=": "：不早于",
        "is none of": "：不是{}中的任何一个", "item comma": "、", "or": "或",
        "includes": "：包含", "includes not": "：不包含", "starts with": "：以{}开头",
        "starts not with": "：不以{}开头",
        "size of": "{}的数量", "days since": "自{}起的天数", "brackets": "（{}）", "dash": "——",
        "not definition": "非 ",
        "title": "规则手册",
        "lede": "{}，分属 {}：条件的文字说明、所读的事实、示例与来源。",
        "rules count": "{} 条规则", "rule count": "1 条规则", "packs count": "{} 个规则包", "pack count": "1 个规则包",
        "skip": "跳到正文", "sections": "章节", "language": "English", "digest": "规则的摘要值",
        "no advice": "由规则文件生成。本手册不代任何人作出决定，也不构成法律意见。",
        "noscript": "表单和查找需要 JavaScript；本页其余内容无需 JavaScript 即可阅读。",
        "back": "回到页首",
        "rules": "规则", "about": "{} · 规则包 {}", "pack": "规则包 {}",
        "when": "条件", "reads": "所读事实", "says": "提示", "examples": "示例", "source": "来源",
        "as written": "原文", "condition as written": "规则文件中的条件原文",
        "line": "{}，第 {} 行", "priority": "优先级", "in force": "有效期", "always": "一直有效", "from": "自 {} 起",
        "until": "至 {} 前一日止", "overrides": "覆盖", "overridden": "被覆盖于",
        "severity": "严重程度", "deadline": "期限", "deadline none": "无期限",
        "example": "事实", "expected": "规则", "fires": "触发", "fires not": "不触发", "fires unknown": "未定",
        "nothing given": "无特定事实", "on day": "截至 {}",
        "try this": "试一试", "no source": "未注明", "definition line": "{} 的含义",
        "patterns": "模式规则", "pattern rules count": "{} 条模式规则", "pattern rule count": "1 条模式规则",
        "both counts": "{}和 {}",
        "patterns lede": "这些规则同时看多条事实与事件及其先后：一件事发生之后，另一件事发生了，或者没有发生。"
                         "只有随时接收事件的会话才按这些规则作出决定。",
        "patterns reading": "规则所匹配的各项均有编号，每个编号代表不同的事实或事件。未知的不算匹配；"
                            "不应存在的事项，若无法确定是否存在，按存在处理。",
        "form leaves out": "表单只知道一个对象的现状，不知道此前发生过什么，因此不包含 {}。"
                           "接收事件的会话可能得出更多结论。",
        "not tried": "这些示例不能在表单中试用：表单只有一个对象，没有事件。",
        "over time": "时序",
        "looks for": "匹配内容", "go together": "相互关系",
        "absent": "前提是不存在以下各项", "fires when": "触发时间", "joins": "计入何者的决定",
        "keep": "事件有效期", "kept for": "自发生起 {}",
        "event matched": "事件（{}）", "events matched": "{1} 个或更多事件（{0}）",
        "fact matched": "事实（{}）", "facts matched": "{1} 条或更多事实（{0}）",
        "time of": "{} 的时间", "fact of": "{0} 的{1}", "several": "{} × {}",
        "happened <": "{} 早于 {} 发生", "happened <=": "{} 不晚于 {} 发生",
        "happened >": "{} 晚于 {} 发生", "happened >=": "{} 不早于 {} 发生",
        "happened ==": "{} 与 {} 同时发生", "happened !=": "{} 与 {} 不同时发生",
        "joined same": "{0}：与 {1} 相同", "joined": "{0}：等于 {1} 的{2}",
        "joined shared": "{}：均相同",
        "within": "首末两个事件相隔不超过 {}",
        "fires at once": "以上全部成立时立即触发",
        "fires after": "{0} 发生 {1}后，若以上仍全部成立",
        "fires after last": "最后一个事件发生 {}后，若以上仍全部成立",
        "fires at": "以下时间到来时，若以上仍全部成立（该时间未知则不触发）：{}",
        "about match": "{1}（{0}）", "about key": "{1} 的{2}所指的 {0}",
        "day": "1 天", "days": "{} 天", "hour": "1 小时", "hours": "{} 小时", "minute": "1 分钟",
        "minutes": "{} 分钟", "now is": "判断时间：{}",
        "pattern as written": "规则文件中的条件原文", "as absent": "不存在 {}",
        "timeline": "{} 的时间顺序：{}", "timeline then": "然后 {}", "timeline any": "不分先后 {}",
        "timeline within": "{}之内", "timeline at once": "立即", "timeline later": "{}后",
        "timeline due": "所载时间", "timeline none": "不得有：{}", "timeline order": "不分先后",
        "try": "试一试",
        "try lede": "填写已知的事实，其余保持未知：未知绝不当作“否”。您填写的内容不会离开本页。",
        "as of": "决定日期", "form facts": "已知的事实", "type tabs": "决定对象", "decision": "决定",
        "choice unknown": "— 未知", "choice yes": "是", "choice no": "否", "choice given": "已提供",
        "choice known": "以下各项：", "recorded as": "登记为“{}”", "unread": "不影响此处决定的事实",
        "reset": "清空表单", "empty text": "已知为空", "unit": "单位：{}", "none chosen": "均无",
        "group lead": "若一无所知，请保持未知。", "empty": "留空即为未知。",
        "find": "查找规则", "find what": "名称、提示、条件或来源中的文字",
        "by fact": "读取的事实", "by outcome": "结论", "by deadline": "期限", "choice any": "不限",
        "index": "索引", "index outcome": "按结论", "index deadline": "按期限", "index fact": "按事实",
        "facts": "事实", "facts of": "{} 的事实", "fact": "事实", "meaning": "含义", "type": "取值",
        "read by": "读取它的规则", "no rule": "没有规则", "may be unknown": "可以未知", "personal": "个人信息",
        "kind bool": "是或否", "kind int": "整数", "kind float": "数", "kind text": "文字",
        "kind date": "日期", "kind datetime": "日期和时间", "kind group": "一组事实",
        "kind enum": "其中之一：{}", "kind set": "其中若干：{}", "kind unreadable": "规则不读取", "in unit": "（{}）",
        "terms": "定义与参数", "definitions": "{} 的定义", "parameters": "参数",
        "parameter name": "参数", "value": "取值", "used by": "使用它的规则", "from day": "自 {1} 起为 {0}",
        "sources": "来源", "cited by": "引用它的规则", "no sources": "规则没有注明来源。",
        "picture": "关系图", "picture of": "规则包 {} 的事实、规则与结论",
        "picture lede": "左侧的事实进入中间的规则，规则得出右侧的结论。"
                        "指向其中一项，或用键盘移到该项，可以看到与它相连的部分。",
        "picture grouped": "规则太多，不逐条画出：每条连线注明事实与结论之间有几条规则。",
        "gates": "办理“{}”之前须完成：{}", "picture patterns": "模式规则以虚线框表示。",
    },
}  # fmt: skip

# What the page's script says; `{}` is filled in there.
SCRIPT_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "true": "true", "false": "false", "unknown": "unknown", "colon": ": ", "comma": ", ",
        "verdict blocked": "blocked", "verdict undetermined": "undetermined", "verdict allowed": "allowed",
        "ready": "ready", "not ready": "not ready: something must be done first", "ready unknown": "readiness unknown",
        "why": "Why", "fires": "fires", "nothing": "No rule fires.", "on": "as of {}",
        "undetermined": "Undetermined, for want of facts", "ask": "Worth asking for", "waits": "waits for",
        "rules wait": "{} rules wait for it", "rule waits": "1 rule waits for it",
        "silenced": "Silenced by other rules", "silenced by": "silenced by {}", "held by": "held back by {}",
        "parameter": "the parameter {}, which has no value on this day",
        "mend": "Mend what is marked in the form first: {}", "bad int": "a whole number, such as 12",
        "bad float": "a number, such as 12.5", "bad date": "a date, such as 2026-01-31",
        "bad datetime": "a date and time, such as 2026-01-31 09:30", "bad minimum": "at least {}",
        "bad size": "between −(2^53 − 1) and 2^53 − 1", "bad day": "choose the day of the decision",
        "summary": "{} outcomes, {} undetermined.", "found": "{} of {} rules", "first": "The first {} are shown.",
        "severity": "severity: {}", "data": "This case as data", "amount": "= {}", "given": "given",
        "all found": "{} rules", "group unknown": "unknown",
    },
    "zh": {
        "true": "成立", "false": "不成立", "unknown": "未知", "colon": "：", "comma": "，",
        "verdict blocked": "禁止", "verdict undetermined": "未定", "verdict allowed": "允许",
        "ready": "可以办理", "not ready": "尚不能办理：有事项须先完成", "ready unknown": "能否办理未定",
        "why": "理由", "fires": "触发", "nothing": "没有规则触发。", "on": "截至 {}",
        "undetermined": "因事实不明而未定", "ask": "值得询问的事实", "waits": "等待",
        "rules wait": "{} 条规则等待它", "rule waits": "1 条规则等待它",
        "silenced": "被其他规则覆盖", "silenced by": "被 {} 覆盖", "held by": "因 {} 未定而搁置",
        "parameter": "参数 {}（该日尚无取值）",
        "mend": "请先改正表单中标出的内容：{}", "bad int": "整数，如 12",
        "bad float": "数，如 12.5", "bad date": "日期，如 2026-01-31",
        "bad datetime": "日期和时间，如 2026-01-31 09:30", "bad minimum": "不小于 {}",
        "bad size": "须在 −(2^53 − 1) 与 2^53 − 1 之间", "bad day": "请选择决定日期",
        "summary": "{} 项结论，{} 条未定。", "found": "{} / {} 条规则", "first": "仅显示前 {} 条。",
        "severity": "严重程度：{}", "data": "以数据表示", "amount": "= {}", "given": "已提供",
        "all found": "{} 条规则", "group unknown": "未知",
    },
}  # fmt: skip

_KINDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "block": "Forbidden", "require": "Required", "suggest": "Advised", "warn": "Warnings", "inform": "Notes",
    },
    "zh": {"block": "禁止", "require": "要求", "suggest": "建议", "warn": "警示", "inform": "告知"},
}  # fmt: skip


def say(key: str, lang: Lang, *parts: object) -> str:
    """Words in a language, with parts filled in for the braces: in order, or by their numbers."""
    if key not in WORDS[lang]:
        return word(key, lang, *map(str, parts))
    text = WORDS[lang][key]
    for place, part in enumerate(parts):
        text = text.replace(f"{{{place}}}", str(part)) if f"{{{place}}}" in text else text.replace("{}", str(part), 1)
    return text


def count(number: int, what: str, lang: Lang) -> str:
    """A number of rules or packs."""
    return say(f"{what} count", lang) if number == 1 else say(f"{what}s count", lang, number)


# Units are written in notes once, in English; these are the usual ones.
_UNITS: Mapping[str, str] = {
    "fen": "分", "fen/month": "分/月", "days": "天", "months": "个月", "cards": "张", "accounts": "个", "devices": "台",
    "carriers": "家", "calls/day": "次/天", "yuan": "元", "hours": "小时", "years": "年", "calls": "次",
}  # fmt: skip


def unit_of(unit: str, lang: Lang) -> str:
    """A unit in a language; one that is not known stays as it is."""
    return _UNITS.get(unit, unit) if lang == "zh" else unit


def heading_of(kind: str, lang: Lang) -> str:
    """What stands above the outcomes of a kind."""
    return _KINDS[lang][kind]


def deadline_of(deadline: str, lang: Lang) -> str:
    """A deadline in words."""
    return say("deadline none", lang) if deadline == "none" else word(deadline, lang)
