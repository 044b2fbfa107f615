"""A syntax error of YAML as data, and the text around it: what the search for its cause works with."""

from __future__ import annotations

import re

import attrs


@attrs.frozen
class Failure:
    """Where the parser stopped, and what it knew: offsets into `text`, all of them.

    `context` is where the construct began that it was reading. `last` is the stretch of the node that was
    complete before. `bracket` is the innermost bracket that is open.
    """

    text: str
    offset: int
    context: int | None
    problem: str
    last: tuple[int, int]
    bracket: int | None


@attrs.frozen
class Trap:
    """A syntax error explained.

    `value` is the stretch to paint over when looking for further errors, where that makes sense.
    """

    code: str
    start: int
    end: int
    message: str
    help: str | None = None
    value: tuple[int, int] | None = None


# An entry or an item on one line: its indentation and dashes, its key if it has one, its value. The
# repetitions are bounded, so that a hostile line cannot make the search slow.
ENTRY = re.compile(
    r"[ ]*(?:-[ ]+){0,20}"
    r"(?:(?P<key>[^\s:#'\"{}\[\],][^:#'\"{}\[\],\r\n]{0,200}?)[ ]{0,20}:(?:[ \t]+|(?=[\r\n]|\Z)))?"
    r"(?P<value>[^\s][^\r\n]*)?"
)
_COMMENT = re.compile(r"[ \t]#")


def shown(text: str, limit: int = 40) -> str:
    """User text as messages show it: on one line, short, in backticks."""
    text = " ".join(text[: 10 * limit].split()).replace("`", "'")
    text = "".join(character if character.isprintable() else "\ufffd" for character in text)
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


def line_at(text: str, offset: int) -> tuple[int, int]:
    """Start and end of the line in which `offset` stands, without its line break."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    ends = [found for found in (text.find("\n", offset), text.find("\r", offset)) if found >= 0]
    return start, min(ends, default=len(text))


def quote_help(value: str) -> str:
    r"""How to write `value` so that YAML takes it for text.

    >>> quote_help('"a" in materials')
    'put quotes around the whole value: `\'"a" in materials\'`'
    """
    if len(value) <= 80 and value.isprintable() and "`" not in value:
        if "'" not in value:
            return f"put quotes around the whole value: `'{value}'`"
        if '"' not in value and "\\" not in value:
            return f'put quotes around the whole value: `"{value}"`'
    return "put the whole value in a block: `|` here, and the text indented on the next line"


def entry(text: str, offset: int) -> re.Match[str]:
    """The line in which `offset` stands, as an entry: its groups are `key` and `value`."""
    return next(ENTRY.finditer(text, line_at(text, offset)[0]))  # every part may be empty, so there is one


def wide_indent(line: str) -> str | None:
    r"""What is said of a line that begins with spaces which are none to YAML.

    >>> wide_indent("\u3000when: lost"), wide_indent("when: lost")
    ('this line is indented with the character U+3000', None)
    """
    if line[:1] in ("", " ", "\t") or not line[0].isspace():
        return None
    return f"this line is indented with the character U+{ord(line[0]):04X}"


def indent(text: str, line: int) -> int:
    """How many spaces stand at the start of the line that begins at `line`."""
    end = line
    while end < len(text) and text[end] == " ":
        end += 1
    return end - line


def text_end(text: str, offset: int) -> int:
    """Where the text that stands at `offset` ends on its line: before a comment and the blanks there."""
    _, end = line_at(text, offset)
    comment = _COMMENT.search(text, offset, end)
    end = comment.start() if comment else end
    return max(offset + len(text[offset:end].rstrip(" \t")), min(offset + 1, len(text)))


def rest(text: str, start: int) -> tuple[int, int]:
    """From `start` to the end of its line."""
    return start, line_at(text, start)[1]
