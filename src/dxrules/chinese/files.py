"""What is said of files before they are rules: files that cannot be read, and YAML."""

from __future__ import annotations

from collections.abc import Mapping

FILES: Mapping[str, str] = {
    "it cannot be read: {why}": "无法读取：{why}",
    "it cannot be read: no such file or folder": "无法读取：没有这个文件或文件夹",
    "it cannot be read: no such file or directory": "无法读取：没有这个文件或文件夹",
    "it cannot be read: permission denied": "无法读取：没有权限",
    "it cannot be read: is a directory": "无法读取：这是文件夹",
    "it cannot be read: the path is not valid": "无法读取：路径无效",
    "a source is a file, a folder, or `dxrules.Text(...)` for a text itself": (
        "来源可以是文件、文件夹，或用 `dxrules.Text(...)` 给出的文字"
    ),
    "the folder holds no rule file": "文件夹中没有规则文件",
    "rule files end in `{one}` or `{two}`": "规则文件的扩展名为 `{one}` 或 `{two}`",
    "the file is larger than {most} MB": "文件超过 {most} MB",
    "split it into several packs": "请拆成几个规则包",
    "the byte `{byte}` is not UTF-8": "字节 `{byte}` 不是 UTF-8",
    "the file is UTF-16": "文件是 UTF-16 编码",
    "save it as UTF-8": "请存为 UTF-8",
    "save the file as UTF-8": "请将文件存为 UTF-8",
    "save the file as UTF-8; it may be in GBK": "请将文件存为 UTF-8；它可能是 GBK 编码",
    "the character U+{code} is not allowed in a rule file": "规则文件中不允许出现字符 U+{code}",
}

YAML: Mapping[str, str] = {
    "there is nothing in this file": "文件中没有内容",
    "a rule file begins with `rulebook:`, `facts:` and `rules:`": "规则文件以 `rulebook:`、`facts:` 和 `rules:` 开头",
    "this is nested too deeply": "嵌套过深",
    "at most {most} lists and mappings go into each other": "列表和映射最多嵌套 {most} 层",
    "a second document begins here; a rule file holds one": "这里开始了第二个文档，而规则文件只能有一个",
    "put it in a file of its own": "请放进单独的文件",
    "`%TAG` is not used in rule files": "规则文件不使用 `%TAG`",
    "delete the line": "请删除这一行",
    "the alias `{alias}` is not used in rule files": "规则文件不使用别名 `{alias}`",
    "the anchor `{anchor}` is not used in rule files": "规则文件不使用锚点 `{anchor}`",
    "repeat the value, or give a condition a name under `define`": "请重复写出该值，或在 `define` 之下给条件命名",
    "delete it, and repeat the value or give a condition a name under `define`": (
        "请删除，再重复写出该值，或在 `define` 之下给条件命名"
    ),
    "`{tag}` is a tag to YAML, which is not used in rule files": "`{tag}` 在 YAML 中是标签，规则文件不使用标签",
    "put the value in quotes if it is text": "如果是文字，请给该值加引号",
    "a mapping or a list cannot be a key": "映射或列表不能作键",
    "text that begins with a bracket goes in quotes": "以括号开头的文字要加引号",
    "this entry has no key": "这一项没有键",
    "write the key before the colon": "请在冒号之前写键",
    "the key `{key}` stands here twice, first on line {line}": "键 `{key}` 重复，前一处在第 {line} 行",
    "keep one of the two": "请保留其中一处",
    "this key is longer than 1024 characters": "这个键超过 1024 个字符",
    "YAML takes shorter keys only": "YAML 只接受较短的键",
    # What a syntax error may mean
    "the text ends where YAML still expects something": "文字到此结束，而 YAML 认为内容还不完整",
    "`{text}` cannot stand here in YAML": "在 YAML 中，`{text}` 不能出现在这里",
    "a tab cannot stand here": "这里不能用制表符",
    "use spaces": "请用空格",
    "this line is indented with a tab": "这一行用制表符缩进",
    "this line is indented with the character U+{code}": "这一行用字符 U+{code} 缩进",
    "indent with spaces": "请用空格缩进",
    "the quote `{quote}` is not closed": "引号 `{quote}` 没有闭合",
    "end the text with `{quote}`": "请用 `{quote}` 结束文字",
    "`{text}` is not an escape that double quotes know": "`{text}` 不是双引号中可用的转义",
    "`{text}` is not a character": "`{text}` 不是字符",
    "write a backslash as `\\\\`, or use single quotes": "反斜杠请写作 `\\\\`，或改用单引号",
    "`{sign}` closes a bracket that is not open": "`{sign}` 没有对应的左括号",
    "delete it, or put the whole value in quotes if it is text": "请删除；如果是文字，请给整个值加引号",
    "`{text}` follows the closing quote `{quote}`": "结束引号 `{quote}` 之后还有 `{text}`",
    "put the whole value in other quotes": "请用另一种引号把整个值引起来",
    "put the whole value in quotes": "请给整个值加引号",
    "put the whole value in a block after `|`": "请把整个值写成 `|` 之后的多行文字",
    "put the whole value in a block: `|` here, and the text indented on the next line": (
        "请把整个值写成多行文字：此处写 `|`，文字缩进写在下一行"
    ),
    "put quotes around the whole value: `{code}`": "请给整个值加引号：`{code}`",
    "a value that begins with `{bracket}` is a <kind>, and `{text}` cannot follow it": (
        "以 `{bracket}` 开头的值是<kind>，之后不能再有 `{text}`"
    ),
    "a value cannot begin with `{sign}`, which <does> in YAML": "值不能以 `{sign}` 开头，它在 YAML 中<does>",
    "a value cannot begin with a backtick, which <does> in YAML": "值不能以反引号开头，它在 YAML 中<does>",
    "text follows `{sign}`, which <does> in YAML": "`{sign}` 之后还有文字，它在 YAML 中<does>",
    "a line that begins with `%` is an instruction to YAML": "以 `%` 开头的行在 YAML 中是指令",
    "delete it, or put it in quotes if it is text": "请删除；如果是文字，请加引号",
    "put the value in quotes": "请给该值加引号",
    "the bracket `{bracket}` is not closed": "括号 `{bracket}` 没有闭合",
    "close it with `{bracket}`": "请用 `{bracket}` 闭合",
    "a colon inside a value that is not in quotes": "没有加引号的值中含有冒号",
    "put the value in quotes, or a comma before the next key": "请给该值加引号，或在下一个键之前加逗号",
    "`{sign}` cannot close the bracket `{bracket}`": "`{sign}` 不能闭合括号 `{bracket}`",
    "`{text}` stands where a comma or `{bracket}` is due": "`{text}` 所在之处应为逗号或 `{bracket}`",
    "put a comma between items, and quotes around text": "各项之间请加逗号，文字请加引号",
    "the comment above ended the text, which cannot go on here": "上面的注释已使文字结束，不能在这里接着写",
    "put the comment above the whole value": "请把注释移到整个值之前",
    "this line is indented more than `{key}` above it, which has its value already": (
        "这一行的缩进比上面的 `{key}` 深，而 `{key}` 已经有值"
    ),
    "indent it like `{key}`, or put the value of `{other}` in quotes if it goes on here": (
        "请与 `{key}` 缩进对齐；如果是 `{other}` 的值的续行，请给整个值加引号"
    ),
    "this colon is full-width, which is not a colon to YAML": "这是全角冒号，YAML 不认作冒号",
    "type `:` and a space behind it": "请输入半角的 `:`，之后加一个空格",
    "no space behind this colon": "这个冒号之后没有空格",
    "no space behind this dash": "这个短横之后没有空格",
    "write `- `": "请写 `- `",
    "write `: `": "请写 `: `",
    "`{text}` is not followed by a colon": "`{text}` 之后没有冒号",
    "end a key with `:`; text of several lines goes in a block after `|`": (
        "键要以 `:` 结尾；多行文字要写成 `|` 之后的文字块"
    ),
    "`{text}` stands behind the end of the rules": "`{text}` 出现在规则结束之后",
    "keep everything in one mapping": "请把全部内容放在同一个映射中",
    "a list cannot begin here": "列表不能从这里开始",
    "begin a list on a line of its own, or put the value in quotes if it is text": (
        "列表请另起一行；如果是文字，请给该值加引号"
    ),
    "this line is indented by {count}, which fits no line above": "这一行缩进 {count} 格，与上面各行都对不上",
    "indent it like the lines that it belongs to": "请与所属的各行缩进对齐",
    "a list item stands where an entry with a key is due": "这里应为带键的一项，却写了列表项",
    "this stands where a list item is due": "这里应为列表项",
    "begin it with `- `": "请以 `- ` 开头",
}
