"""What lints say, and what is said of cases files."""

from __future__ import annotations

from collections.abc import Mapping

LINTS: Mapping[str, str] = {
    "the rule `{name}` has no example": "规则 `{name}` 没有示例",
    "give it one that fires and one that does not": "请各写一个触发的和一个不触发的示例",
    "the rule `{name}` has no example that <does>": "规则 `{name}` 没有<does>的示例",
    "add one": "请补上一个",
    "the Chinese message of `{name}` is not in Chinese": "`{name}` 的中文提示不是中文",
    "the English message of `{name}` is not in English": "`{name}` 的英文提示不是英文",
    "translate it": "请翻译",
    "nothing uses the definition `{name}`": "没有用到定义 `{name}`",
    "nothing uses the parameter `{name}`": "没有用到参数 `{name}`",
    "use it, or delete it": "请加以使用，或删除",
    "`{clause}` is never false, whatever the facts are": "无论事实如何，`{clause}` 都不可能不成立",
    "`{clause}` is never true, whatever the facts are": "无论事实如何，`{clause}` 都不可能成立",
    "correct it, or take it out": "请改正，或去掉",
    "correct it: no fact makes it true": "请改正：没有事实能使它成立",
    "`{name}` is switched off: there is nothing to override": "`{name}` 已停用，没有可以覆盖的规则",
    "`{one}` and `{two}` are never in force on the same day": "`{one}` 与 `{two}` 不会在同一天生效",
    "take it out of `overrides`": "请从 `overrides` 中去掉",
    "`{name}` is easily taken for <names>": "`{name}` 容易与 <names> 混淆",
    "give it a name that says what is different": "请起一个能看出区别的名称",
}

CASES: Mapping[str, str] = {
    "a cases file is a mapping of keys to values": "用例文件应由键和值组成",
    "begin with `facts: Card`, then `cases:`": "请先写 `facts: Card`，再写 `cases:`",
    "there are no cases": "没有用例",
    "write `cases:`, and below it a name for each case": "请写 `cases:`，并在其下为每个用例写一个名称",
    "there is no parameter `{name}`": "没有参数 `{name}`",
    "the cases are written for another value of `{name}`: it is {value}": (
        "这些用例是按 `{name}` 的另一个值写的，它现在是 {value}"
    ),
    "look at what the cases expect, then correct this": "请核对各用例的预期，再改正此处",
    "the case `{name}` says nothing": "用例 `{name}` 没有内容",
    "it needs `given` and `expect`": "需要有 `given` 和 `expect`",
    "the case does not say what its facts are of": "用例没有说明事实属于哪个类型",
    "add `facts: Card` at the top of the file, or to the case": "请在文件开头或该用例中加上 `facts: Card`",
    "name its class with `--facts MODULE:CLASS`": "请用 `--facts MODULE:CLASS` 指明它的类",
    "the case does not say for which day it is": "用例没有说明判定日",
    "add `as_of: 2026-01-31` at the top of the file, or to the case": (
        "请在文件开头或该用例中加上 `as_of: 2026-01-31`"
    ),
    "in a case `defaults` takes `false` only": "用例中的 `defaults` 只能写 `false`",
    "leave it out to have the defaults of the file": "要沿用文件的默认值，请去掉它",
    "`{path}`: found <found>, allowed is <allowed>": "`{path}`：现为<found>，应为<allowed>",
    "the case `{name}` expects nothing": "用例 `{name}` 没有写预期",
    "there is no rule `{name}`": "没有规则 `{name}`",
    "no rule blocks `{name}`": "没有规则禁止名为 `{name}` 的操作",
    "`{text}` is not an answer here": "`{text}` 不是这里可用的答案",
    "`{key}` takes names with something beside each": "`{key}` 之下要写若干名称，每个名称之后写内容",
}
