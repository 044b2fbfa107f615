"""What is said of conditions and of the messages of rules: their words, their types, their names."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # Characters and words
    "the condition has {count} characters; {most} are allowed": "条件有 {count} 个字符，最多允许 {most} 个",
    "split it with `define` or `all`": "请用 `define` 或 `all` 拆分",
    "split it with `define`": "请用 `define` 拆分",
    "the condition is empty": "条件为空",
    "`{text}` is not in quotes that conditions know": "`{text}` 所用的引号在条件中无效",
    "a backtick is no quote": "反引号不是引号",
    "`{text}` is not a number": "`{text}` 不是数字",
    "a date is written in quotes: `{code}`": "日期要写在引号里：`{code}`",
    "`{text}` starts with a zero": "`{text}` 以零开头",
    "leave the zero out": "请去掉开头的零",
    "`{text}` means nothing in a text": "`{text}` 在文字中没有含义",
    "write `\\\\` for a backslash": "反斜杠请写作 `\\\\`",
    "`{text}` is not written in plain letters": "`{text}` 不是用普通字母写的",
    "conditions are joined by `and`, `or` and `not`": "条件之间用 `and`、`or` 和 `not` 连接",
    "`{text}` is not a word of conditions": "`{text}` 不是条件中可用的词",
    "the text that starts here is not closed": "从这里开始的文字没有用引号结束",
    "end it with the same quote; to hold a quote, put the other kind around it": (
        "请用同一种引号结束；文字本身含引号时，外面用另一种引号"
    ),
    "`{text}` is not part of conditions": "条件中不能出现 `{text}`",
    "the character U+{code} is not part of conditions": "条件中不能出现字符 U+{code}",
    "write the half-width `{text}`": "请写半角的 `{text}`",
    "write `not`, or `!=` for unequal": "请写 `not`；表示不等于则写 `!=`",
    "write an ordinary space": "请用普通空格",
    "only `+`, `-` and `*` by a literal can be calculated": "只能用 `+`、`-` 计算，或用 `*` 乘以字面值",
    "calculate it before, as a fact or a parameter": "请事先算好，作为事实或参数提供",
    'a list of values is written with round brackets: `("a", "b")`': '取值列表要用圆括号：`("a", "b")`',
    "a condition holds no colon": "条件中没有冒号",
    "join conditions with `and` or `or`": "请用 `and` 或 `or` 连接条件",
    "a comment goes on a line of its own, outside the condition": "注释请单独成行，写在条件之外",
    "a line needs no `\\` to go on": "换行不需要 `\\`",
    # Brackets and order
    "this `)` closes nothing": "这个 `)` 没有对应的左括号",
    "this `(` is not closed": "这个 `(` 没有闭合",
    "add a `)`": "请补上 `)`",
    "brackets, signs or `not`s stand more than {most} deep": "括号、正负号或 `not` 的嵌套超过 {most} 层",
    "the condition is more than {most} deep": "条件的嵌套超过 {most} 层",
    "something is missing after `{word}`": "`{word}` 之后缺少内容",
    "something is missing before `{word}`": "`{word}` 之前缺少内容",
    "something is missing between `{one}` and `{two}`": "`{one}` 与 `{two}` 之间缺少内容",
    "a name is missing after `.`": "`.` 之后缺少名称",
    "`not` cannot follow `{word}`": "`not` 不能跟在 `{word}` 之后",
    "put brackets around `not` and what it belongs to": "请把 `not` 连同它所否定的内容放进括号",
    "this comma stands outside brackets": "这个逗号不在括号内",
    "`{word}` cannot stand here": "`{word}` 不能出现在这里",
    "write `and not`, `not in` or `is not`": "请写 `and not`、`not in` 或 `is not`",
    "a comma is missing between `{one}` and `{two}`": "`{one}` 与 `{two}` 之间缺少逗号",
    "put a comma between the two": "请在两者之间加逗号",
    "`{one}` stands right before a text": "`{one}` 紧贴在文字之前",
    "take it out": "请去掉",
    "a word such as `and` is missing between `{one}` and `{two}`": "`{one}` 与 `{two}` 之间缺少 `and` 之类的词",
    "this is not a condition": "这不是条件",
    "this is not part of conditions": "条件中不能这样写",
    # Comparisons and lists of values
    "a list of values stands only behind `in`": "取值列表只能写在 `in` 之后",
    "compare with one value, or write `in`": "请与单个值比较，或改用 `in`",
    "`{word}` cannot stand in a chain of comparisons": "连续比较中不能用 `{word}`",
    "write two comparisons and join them with `and`": "请写成两个比较，用 `and` 连接",
    "nothing compares with None by `{symbol}`": "不能用 `{symbol}` 与 `None` 比较",
    "`{word}` tests only for None, True and False": "`{word}` 只用来判断 `None`、`True` 和 `False`",
    "the list of values is empty": "取值列表为空",
    "name at least one value": "请至少写一个值",
    "a fact stands before `in` and a list of values": "`in` 之后是取值列表时，`in` 之前必须是事实",
    "a text literal stands before `in` and a set": "`in` 之后是集合时，`in` 之前必须是带引号的文字",
    "compare with `==`, joined by `or`": "请用 `==` 逐个比较，以 `or` 连接",
    "None cannot stand in a list of values": "取值列表中不能有 `None`",
    "test `is None` beside it, joined by `or`": "请另写 `is None`，以 `or` 连接",
    "`{code}` is not a literal": "`{code}` 不是字面值",
    "a list of values holds texts and numbers; join other tests with `or`": (
        "取值列表中只能有文字和数字；其他判断请用 `or` 连接"
    ),
    "None is not a list of values": "`None` 不是取值列表",
    "one value is not a list of values": "单个值不是取值列表",
    "write `{equal}`, or `{list}` with a comma": "请写 `{equal}`，或带逗号的 `{list}`",
    "None stands only behind `is` and `is not`": "`None` 只能写在 `is` 或 `is not` 之后",
    "test a fact with `... is None`": "判断事实是否未知，请写 `... is None`",
    # Conditions of several lines
    "with its definitions the condition has <size>": "连同所用的定义，条件共有 <size>",
    "{parts} parts and {levels} levels are allowed": "最多允许 {parts} 个部分、{levels} 层",
    "with their definitions all conditions together have more than {most} parts": (
        "所有条件连同所用的定义，合计超过 {most} 个部分"
    ),
    "use fewer or smaller definitions": "请减少或缩短定义",
    "a condition has no key `{key}`; it can be <names>": "条件没有键 `{key}`，可以是 <names>",
    "`{key}` takes a list of conditions": "`{key}` 之下要写条件的列表",
    "put each on a line of its own, after `- `": "请每个条件单独一行，写在 `- ` 之后",
    "the list of conditions is empty": "条件的列表为空",
    "write a comparison: `{code}`": "请写成比较：`{code}`",
    "a condition with a colon needs quotes around it": "含冒号的条件要加引号",
    "YAML ended the text at ` #`: put quotes around the whole condition": (
        "YAML 在 ` #` 处截断了文字：请给整个条件加引号"
    ),
    "a definition cannot stand for <what>": "定义不能代表<what>",
}

TYPES: Mapping[str, str] = {
    "`{value}` is not one of the known values": "`{value}` 不是已知取值",
    "`{value}`, a value of `{name}`, is not one of the known values": (
        "`{value}`（参数 `{name}` 的一个值）不是已知取值"
    ),
    "`{value}` is not a date": "`{value}` 不是日期",
    "`{value}` is not a date and time": "`{value}` 不是日期和时间",
    "`{value}`, a value of `{name}`, is not a date": "`{value}`（参数 `{name}` 的一个值）不是日期",
    "`{value}`, a value of `{name}`, is not a date and time": "`{value}`（参数 `{name}` 的一个值）不是日期和时间",
    "`{word}` takes a fact, a group or a condition": "`{word}` 只能用于事实、分组或条件",
    "test the facts that it is made of": "请判断组成它的各项事实",
    "`{test}` takes a condition; `{name}` is <type>": "`{test}` 要用于条件，而 `{name}` 是<type>",
    "compare it, as in `... == ...`, or test `is None`": "请加以比较，如 `... == ...`，或判断 `is None`",
    "`{one}` is <type>; beside it stands <other>": "`{one}` 是<type>，与它比较的却是<other>",
    "`in` takes a list of values or a set; `{name}` is <type>": "`in` 之后要写取值列表或集合，而 `{name}` 是<type>",
    "`{name}` is <type>; only numbers can be calculated with": "`{name}` 是<type>，只有数字才能计算",
    "an item of a list begins with `- `: put a space behind the dash": "列表的每一项以 `- ` 开头：请在短横之后加空格",
    "use `days_since(...)` for the days since a date": "要算某日至今的天数，请用 `days_since(...)`",
    "`*` takes a literal on one side": "`*` 必须有一边是字面值",
    "two facts or parameters cannot be multiplied": "两项事实或参数不能相乘",
    "this could pass ±(2^63 - 1)": "计算结果可能超出 ±(2^63 - 1)",
    "use smaller numbers, or compare the parts": "请用较小的数字，或分别比较各部分",
    "this number is too large": "这个数字太大",
    "this number passes ±(2^63 - 1)": "这个数字超出 ±(2^63 - 1)",
    "`{name}` cannot be used: <reason>": "`{name}` 不能使用：<reason>",
    "`{name}` takes one fact": "`{name}` 只能用于一项事实",
    "`{function}` takes <kind> fact; `{name}` is <type>": "`{function}` 要用于类型为<kind>的事实，而 `{name}` 是<type>",
    "`startswith` takes one text literal": "`startswith` 的括号里要写一段带引号的文字",
    "`startswith` belongs to a text fact; `{name}` is <type>": "`startswith` 只能用于文字类事实，而 `{name}` 是<type>",
    'list the values: `in ("a", "b")`': '请列出各个取值：`in ("a", "b")`',
    "`{code}` is <type>, not a condition": "`{code}` 是<type>，不是条件",
    "write `{test}`, or name one of its facts": "请写 `{test}`，或写明其中一项事实",
    "write `{test}`, or name a fact of it": "请写 `{test}`，或写明其中一项事实",
    "write the whole comparison: `{code}`": "请写出完整的比较：`{code}`",
    "compare it, as in `{code}`": "请加以比较，如 `{code}`",
    "`{name}` is a group of facts": "`{name}` 是事实分组",
    "name one of its facts": "请写明其中一项事实",
    "`{name}` is a set": "`{name}` 是集合",
    "`{left}` is <one>, `{right}` is <two>: they cannot be compared": (
        "`{left}` 是<one>，`{right}` 是<two>，两者不能比较"
    ),
    "only a literal can be compared with one of known values": "能与已知取值比较的只有字面值",
    "only numbers and dates have an order": "只有数字和日期才分大小先后",
    "`{symbol}` does not order <types>": "不能用 `{symbol}` 给<types>排大小",
    "quotes are for texts only: take them off": "只有文字才加引号：请去掉引号",
}

NAMES: Mapping[str, str] = {
    "`{name}` is not a fact, parameter or definition of `{owner}`": "`{name}` 不是 `{owner}` 的事实、参数或定义",
    "write `{name}`: a fact is named without its class": "请写 `{name}`：事实的名称不带类名",
    "text is quoted: write `{code}`": "文字要加引号：请写 `{code}`",
    "did you mean the text `{code}`?": "您想写的是文字 `{code}` 吗？",
    "`{name}` is not a function of conditions": "`{name}` 不是条件中可用的函数",
    'there are `len(a set)`, `days_since(a date)` and `text.startswith("...")`': (
        '可用的有 `len(集合)`、`days_since(日期)` 和 `文字.startswith("...")`'
    ),
}

MESSAGES: Mapping[str, str] = {
    "the message has {count} characters; {most} are allowed": "提示有 {count} 个字符，最多允许 {most} 个",
    "say it in fewer words": "请写得简短些",
    "this `{brace}` has no partner": "这个 `{brace}` 没有成对",
    "for a brace in the text write it twice: `{{` or `}}`": "文字中要写花括号时，请连写两个：`{{` 或 `}}`",
    "`{text}` has full-width braces": "`{text}` 用了全角花括号",
    "write `{` and `}`": "请写 `{` 和 `}`",
    "`{text}` is not a name": "`{text}` 不是名称",
    "the braces hold no name": "花括号中没有名称",
    "a message takes facts, parameters and definitions; calculate in `define`": (
        "提示中可以写事实、参数和定义；需要计算时请用 `define`"
    ),
    "`{text}` is not a format": "`{text}` 不是格式",
    "no format stands behind the colon": "冒号之后没有格式",
    "leave it out: numbers, dates and texts need none": "请去掉：数字、日期和文字都不需要格式",
    "`yuan` shows whole fen; `{name}` is <type>": "`yuan` 用来显示以分为单位的整数，而 `{name}` 是<type>",
    "leave the format out": "请去掉格式",
}
