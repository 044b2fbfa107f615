"""What is said of facts that are not what their class says: what was found, what is allowed."""

from __future__ import annotations

from collections.abc import Mapping

FOUND: Mapping[str, str] = {
    "nothing": "空",
    "an empty cell": "空单元格",
    "an unknown key": "未知的键",
    "an unknown column": "未知的列",
    "an unprintable {kind}": "无法显示的 {kind}",
    "a value twice": "重复的值",
    "an element": "其中一项",
    "data nested too deeply": "嵌套过深的数据",
    "a mapping that fails with {error}": "无法读取的映射（{error}）",
    "the key {key}": "键 {key}",
    "{value} twice": "{value}（重复）",
    "{value} beside `{key}`": "{value}，同时又有 `{key}`",
    "{value} in row {row}": "{value}（第 {row} 行）",
    "{value} in {count} rows, the first of them row {row}": "{value}（共 {count} 行，首见于第 {row} 行）",
}

ALLOWED: Mapping[str, str] = {
    "true, false or unknown": "真假值或未知",
    "true or false, or nothing when it is unknown": "真假值，未知时留空",
    "each member once": "每个取值只写一次",
    "a finite number": "有限的数字",
    "a whole number within ±(2^53 - 1)": "±(2^53 - 1) 以内的整数",
    "a whole number within ±(2^53 - 1), or a float": "±(2^53 - 1) 以内的整数，或小数",
    "a date and time without a time zone": "不带时区的日期和时间",
    "a list, for a set of <names>": "列表，即取自 <names> 的集合",
    "a list, for a set of {count} known values": "列表，即取自 {count} 种已知取值的集合",
    "a whole number of at least {least}": "不小于 {least} 的整数",
    "a number of at least {least}": "不小于 {least} 的数字",
    "a whole number, {least} or more": "不小于 {least} 的整数",
    "a number, {least} or more": "不小于 {least} 的数字",
    "None while `{other}` is `{member}`": "`None`（当 `{other}` 为 `{member}` 时）",
    "{kind} or None": "{kind} 或 `None`",
    "a set of <names>, as a frozenset": "取自 <names> 的 `frozenset`",
    "a set of {count} known values, as a frozenset": "取自 {count} 种已知取值的 `frozenset`",
    "a set of <names>, as a list": "取自 <names> 的列表",
    "a set of {count} known values, as a list": "取自 {count} 种已知取值的列表",
    # As text, in cells
    "a whole number in digits, such as `3520`": "数字写成的整数，如 `3520`",
    "a number in digits, such as `35.2`": "数字，如 `35.2`",
    "a date such as `2024-09-12`": "日期，如 `2024-09-12`",
    "a date and time such as `2024-09-12 08:30`": "日期和时间，如 `2024-09-12 08:30`",
    "text, as every cell is": "文字，各单元格都是如此",
    "a column for each of its facts, such as `{name}`": "其每项事实各占一列，如 `{name}`",
    # Of data as a whole
    "one value": "一个值",
    "a mapping of its facts": "由其事实组成的映射",
    "a mapping of its facts or None": "由其事实组成的映射，或 `None`",
    "a mapping from the names of facts to their values": "从事实的名称到其值的映射",
    "a mapping that can be read": "可以读取的映射",
    "a list or the like, not text": "列表之类，而不是文字",
    "a text as key": "文字形式的键",
    "a value of the type `{type}`": "类型为 `{type}` 的值",
    "groups of facts as the class has them": "与该类一致的事实分组",
    "the group as a whole or facts of it, not both": "整个分组，或分组中的事实，不能两者都有",
    "what its class accepts": "该类接受的值",
}

PROBLEMS: Mapping[str, str] = {
    "{path}: found <found>, allowed is <allowed>": "{path}：现为<found>，应为<allowed>",
    # Helps
    "it is required": "这是必填项",
    "write True": "请写 `True`",
    "write False": "请写 `False`",
    "write <found>": "请写<found>",
    "take its `.date()`": "请取它的 `.date()`",
    "convert it to the zone that the rules mean": "请换算成规则所用的时区",
    "write `unknown` for what is not known": "未知时请写 `unknown`",
    "None is what is not known": "未知要用 `None` 表示",
    "write it as a list: [{value}]": "请写成列表：[{value}]",
    "leave the cell empty for what is not known": "未知时请将单元格留空",
    "leave the column out to take its default": "要采用默认值，请去掉这一列",
    "the row has more cells than there are columns": "这一行的单元格多于列数",
    "the file starts with a byte order mark: open it with `encoding='utf-8-sig'`": (
        "文件以字节顺序标记开头：请用 `encoding='utf-8-sig'` 打开"
    ),
}

# Records that are not even data
RECORDS: Mapping[str, str] = {
    "this is not JSON: {reason} at column {column}": "不是有效的 JSON（第 {column} 列）：{reason}",
    "this is not CSV: {reason}": "不是有效的 CSV：{reason}",
    "there are {cells} cells and {columns} columns": "有 {cells} 个单元格，却有 {columns} 列",
    "a number has too many digits": "有一个数字位数过多",
    "the data are nested too deeply": "数据嵌套过深",
    "the key `{key}` stands here twice: keep one of the two": "键 `{key}` 重复：请保留其中一处",
    "the byte 0x{byte} is no text in this encoding: add `--encoding gbk` if it is GBK": (
        "字节 0x{byte} 不符合这种编码：如果是 GBK 编码，请加上 `--encoding gbk`"
    ),
}
