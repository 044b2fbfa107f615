"""What is said of pattern rules and of roll-ups."""

from __future__ import annotations

from collections.abc import Mapping

PATTERNS: Mapping[str, str] = {
    "`{name}` stands for no fact type": "`{name}` 没有对应的事实类型",
    "`{name}` has no key": "`{name}` 没有主键",
    "its first field must be a text that is always given": "它的第一个字段必须是必填的文字",
    "`{name}` is not among the `facts` of this file": "`{name}` 不在本文件的 `facts` 之中",
    "add it under `facts`": "请在 `facts` 之下加上它",
    "`{text}` is not a length of time": "`{text}` 不是时间长度",
    "`{key}` takes a length of time": "`{key}` 应为时间长度",
    "write it as in `30 days`, `24 hours` or `15 minutes`": "写法如 `30 days`、`24 hours` 或 `15 minutes`",
    "it needs `match`, `about`, an effect such as `warn`, and `message`": (
        "需要有 `match`、`about`、一种效果（如 `warn`）和 `message`"
    ),
    # Matches
    "`{key}` names no fact": "`{key}` 没有写出任何事实",
    "`{key}` names {count} facts; {most} are allowed": "`{key}` 写了 {count} 项事实，最多允许 {most} 项",
    "`{name}` does not say what it is": "`{name}` 没有说明是什么",
    "`at_least` takes a whole number from {least} to {most}": "`at_least` 应为 {least} 到 {most} 的整数",
    "leave it out where one fact is enough": "一项事实就够时请去掉",
    "two matches of the rule are counted": "规则中有两个匹配要计数",
    "`{name}` is named like <what>": "`{name}` 与<what>同名",
    "`{name}` is not counted: it has no `where` of its own": "`{name}` 不计数，不能有自己的 `where`",
    "compare it under the `where` of the rule": "请写在规则的 `where` 之下",
    "pattern rules cannot count days up to today": "模式规则不能计算至今的天数",
    "compare the times of matched facts, or use `within` and `after`": (
        "请比较所匹配事实的时间，或使用 `within` 和 `after`"
    ),
    # Joins
    "`joined` takes an equality, or a list of them": "`joined` 应为一个等式，或等式的列表",
    "`joined` takes equalities of its own facts with those of matches before it": (
        "`joined` 应为它自己的事实与前面匹配的事实之间的等式"
    ),
    "`{name}` is joined to no match": "`{name}` 没有与任何匹配相连",
    "there is no match before it to be joined to": "前面没有可以相连的匹配",
    "join the later matches to this one": "请让后面的匹配与它相连",
    "a counted first match is joined by a fact that its facts share": (
        "第一个匹配若要计数，`joined` 应为其各事实共有的一项事实"
    ),
    "`{name}` counts all facts together": "`{name}` 把所有事实合在一起计数",
    "say what they share, as in `{code}`": "请写明它们共有什么，如 `{code}`",
    # About whom, and when
    "the rule `{name}` does not say what it is about": "规则 `{name}` 没有说明结论是关于谁的",
    "add `about:` and a match's name": "请加上 `about:` 和一个匹配的名称",
    "`{name}` is not a match of the rule": "`{name}` 不是规则的匹配",
    "`{name}` does not say whose decision the outcome joins": "`{name}` 没有说明结论归入谁的决定",
    "name a match with the key of a card, an account or the like": "请写一个带有卡、账户等主键的匹配",
    "the file does not say how long events count": "文件没有说明事件在多长时间内有效",
    "`within` is between events, and the rule matches fewer than two": (
        "`within` 限定事件之间的时间，而规则匹配的事件不足两个"
    ),
    "events count for <length> only": "事件只在<length>内有效",
    "make `within` shorter, or `keep` longer": "请缩短 `within`，或延长 `keep`",
    "events count for <length>, so the rule would never fire": "事件只在<length>内有效，因此规则永远不会触发",
    "make `after` shorter, or `keep` longer": "请缩短 `after`，或延长 `keep`",
    "`after` counts from the last event, and the rule matches none": "`after` 从最后一个事件起算，而规则没有匹配事件",
    "`after` takes a length of time, or a date and time of a matched fact": (
        "`after` 应为时间长度，或所匹配事实的日期和时间"
    ),
    "there is no pattern rule `{name}` to switch off": "没有可以停用的模式规则 `{name}`",
    # Examples
    "a pattern rule fires or does not: it is never unknown": "模式规则要么触发，要么不触发，不会未定",
    "`given` takes a list of facts": "`given` 应为事实的列表",
    "write each as in `{code}`": "每项写法如 `{code}`",
    "the fact does not say what it is": "这项事实没有说明是什么",
    "two facts have the same key": "两项事实的主键相同",
    "give each its own `{key}`": "请各给一个不同的 `{key}`",
    "`{name}` has no default: the example must give it": "`{name}` 没有默认值：示例必须给出",
    "give fewer facts": "请少给一些事实",
    # Facts that cannot be read
    "what is absent cannot be read here: compare it in a `where` under `{name}`": (
        "不得出现的事实在此无法读取：请在 `{name}` 之下的 `where` 中比较"
    ),
    "of facts that are counted only what they share can be read": "计数的各项事实，只能读取它们共有的内容",
}

ROLLUPS: Mapping[str, str] = {
    "it is not known which facts roll up to `{type}`": "无法确定哪些事实汇总到 `{type}`",
    "one other class must have the text that `{type}` requires, as its key": (
        "须另有一个（且仅一个）类，以 `{type}` 必填的那项文字为主键"
    ),
    "`{name}` is rolled up by nothing": "`{name}` 没有汇总方式",
    "it must be a fact of `{owner}`": "必须是 `{owner}` 的事实",
    "`{name}` is settled already": "`{name}` 已经确定",
    "roll each fact up once": "每项事实请只汇总一次",
    "`{name}` cannot be filled so": "`{name}` 不能这样补填",
    "name a fact of `{to}` that may be unknown, and one of `{of}` of the same type": (
        "请写 `{to}` 中可以未知的一项事实，和 `{of}` 中同类型的一项"
    ),
    "`{text}` adds nothing up": "`{text}` 没有汇总任何内容",
    "write it as `{one}` or `{two}`": "请写成 `{one}` 或 `{two}`",
    "write `{one}` or `{two}`": "请写 `{one}` 或 `{two}`",
    "write `count(a condition)`": "请写 `count(条件)`",
    "write `any(a condition)`": "请写 `any(条件)`",
    "write `all(a condition)`": "请写 `all(条件)`",
    "write `at_least(a condition)` or `at_least(a condition, another)`": (
        "请写 `at_least(条件)` 或 `at_least(条件, 另一条件)`"
    ),
    "write `sum(a fact)` or `sum(a fact, a condition)`": "请写 `sum(事实)` 或 `sum(事实, 条件)`",
    "write `min(a fact)` or `min(a fact, a condition)`": "请写 `min(事实)` 或 `min(事实, 条件)`",
    "write `max(a fact)` or `max(a fact, a condition)`": "请写 `max(事实)` 或 `max(事实, 条件)`",
    "write `same(a fact)` or `same(a fact, a condition)`": "请写 `same(事实)` 或 `same(事实, 条件)`",
    "write `distinct(a fact)` or `distinct(a fact, a condition)`": "请写 `distinct(事实)` 或 `distinct(事实, 条件)`",
    "write `most(a fact)` or `most(a fact, a condition)`": "请写 `most(事实)` 或 `most(事实, 条件)`",
    "write it as `count(a condition)` or `sum(a fact, a condition)`": ("请写成 `count(条件)` 或 `sum(事实, 条件)`"),
    "there is no way `{name}` of adding up": "没有名为 `{name}` 的汇总方式",
    "`{function}` takes something else": "`{function}` 的写法不对",
    "`{name}` is <type>, and `{function}` gives another": "`{name}` 是<type>，而 `{function}` 得出的类型不同",
    "roll it up in another way": "请换一种汇总方式",
    "`{function}` does not take <type>": "`{function}` 不能用于<type>",
    "it takes <one>": "它用于<one>",
    "it takes <one> or <two>": "它用于<one>或<two>",
    "it takes <one> or <two> or <three>": "它用于<one>、<two>或<three>",
}
