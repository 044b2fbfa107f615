"""The words of a condition, looked at before Python's parser sees them.

The parser is Python's own, so that precedence is exactly Python's. But it is lenient where we are not (comments, odd
escapes), it speaks to programmers, and deep input makes it work hard: so whatever is not a word of the rule language
is reported here, in plain words, and only text that is left reaches `ast.parse`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

import attrs

MAX_LENGTH = 8_000  # characters in one condition
MAX_DEPTH = 100  # brackets, signs and `not`s inside one another

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<name>[^\W\d]\w*)
    | (?P<number>(?:0[xX][0-9a-fA-F]+ | (?:\d[\d_]*\.?\d* | \.\d+)(?:[eE][+-]?\d+)?))
    | (?P<text>"(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<op>==|!=|<=|>=|<|>|\(|\)|,|\.|\+|-|\*)
    | (?P<other>&&|\|\||<>|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = frozenset({"and", "or", "not", "in", "is", "True", "False", "None"})
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\\'\"nt]|(?P<bad>.?))", re.DOTALL)
_INSTEAD = {
    "&": "write `and`",
    "&&": "write `and`",
    "|": "write `or`",
    "||": "write `or`",
    "!": "write `not`, or `!=` for unequal",
    "=": "write `==`",
    "/": "only `+`, `-` and `*` by a literal can be calculated",
    "%": "only `+`, `-` and `*` by a literal can be calculated",
    "[": 'a list of values is written with round brackets: `("a", "b")`',
    "]": 'a list of values is written with round brackets: `("a", "b")`',
    "{": 'a list of values is written with round brackets: `("a", "b")`',
    "}": 'a list of values is written with round brackets: `("a", "b")`',
    ":": "a condition holds no colon",
    ";": "join conditions with `and` or `or`",
    "#": "a comment goes on a line of its own, outside the condition",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "\\": "a line needs no `\\` to go on",
    "“": 'write `"`',
    "”": 'write `"`',
    "‘": "write `'`",
    "’": "write `'`",
    "。": "write `.`",
    "、": "write `,`",
    "\u3000": "write an ordinary space",
    "\u00a0": "write an ordinary space",
}


@attrs.frozen
class Flaw:
    """Something wrong in a condition's text, from `start` to `end`."""

    start: int
    end: int
    code: str
    message: str
    help: str | None = None


@attrs.frozen
class Token:
    """One word of a condition."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def scan(text: str) -> tuple[list[Token], list[Flaw]]:
    """The words of a condition, spaces left out, and what is wrong with them.

    >>> [token.text for token in scan("not lost")[0]]
    ['not', 'lost']
    >>> scan("a = 1")[1][0].help
    'write `==`'
    """
    if len(text) > MAX_LENGTH:
        message = f"the condition has {len(text)} characters; {MAX_LENGTH} are allowed"
        return [], [Flaw(0, 1, "condition/too-long", message, "split it with `define` or `all`")]
    tokens = [
        Token(str(match.lastgroup), match.group(), match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "space"
    ]
    if not tokens:
        return [], [Flaw(0, max(1, len(text)), "condition/empty", "the condition is empty")]
    return tokens, list(_flaws(tokens))


def _flaws(tokens: list[Token]) -> Iterator[Flaw]:
    opened: list[Token] = []
    signs = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        yield from _token_flaws(before, token)
        if token.kind == "other" and token.text in "\"'":
            return  # the text swallows the rest, whose words would only mislead
        signs = signs + 1 if token.text in ("not", "-", "+") else 0
        if token.text == "(":
            opened.append(token)
        elif token.text == ")" and not opened:
            yield Flaw(token.start, token.end, "condition/bracket", "this `)` closes nothing")
            return
        elif token.text == ")":
            opened.pop()
        if max(len(opened), signs) > MAX_DEPTH:
            message = f"brackets, signs or `not`s stand more than {MAX_DEPTH} deep"
            yield Flaw(token.start, token.end, "condition/too-deep", message, "split it with `define`")
            return
    for token in opened:
        yield Flaw(token.start, token.end, "condition/bracket", "this `(` is not closed", "add a `)`")


def _token_flaws(before: Token | None, token: Token) -> Iterator[Flaw]:
    start, end = token.start, token.end
    joined = before is not None and before.end == start
    if token.kind == "other":
        yield _odd_character(token)
    elif token.kind == "name" and keyword.iskeyword(token.text) and token.text not in _WORDS:
        yield Flaw(start, end, "condition/not-allowed", f"`{token.text}` is not a word of conditions")
    elif token.kind == "name" and joined and before is not None and before.kind == "number":
        yield Flaw(before.start, end, "condition/syntax", f"`{before.text}{token.text}` is not a number")
    elif token.kind == "text" and joined and before is not None and before.kind == "name":
        message = f"`{before.text}` stands right before a text"
        yield Flaw(before.start, end, "condition/syntax", message, "put a space between, or take it out")
    elif token.kind == "text" and joined and before is not None and before.kind == "text":
        yield Flaw(before.start, end, "condition/syntax", "two texts stand side by side")
    elif token.kind == "number" and re.fullmatch(r"0[\d_]+", token.text) and token.text.strip("0_"):
        yield Flaw(start, end, "condition/syntax", f"`{token.text}` starts with a zero", "leave the zero out")
    elif token.kind == "number" and ("__" in token.text or "_." in token.text or token.text.endswith("_")):
        yield Flaw(start, end, "condition/syntax", f"`{token.text}` is not a number")
    elif token.kind == "text":
        for escape in _ESCAPE.finditer(token.text):
            if escape.group("bad") is not None:
                place = start + escape.start()
                message = f"`{escape.group()}` means nothing in a text"
                yield Flaw(place, place + 2, "condition/escape", message, "write `\\\\` for a backslash")


def _odd_character(token: Token) -> Flaw:
    char = token.text
    if char in "\"'":
        help_text = "end it with the same quote; to hold a quote, put the other kind around it"
        return Flaw(token.start, token.end, "condition/text", "the text that starts here is not closed", help_text)
    code = ord(char[0])
    if char not in _INSTEAD and 0xFF01 <= code <= 0xFF5E:  # full-width twins of the ASCII characters
        plain = chr(code - 0xFEE0)
        help_text = f"write the half-width `{plain}`" if plain not in _INSTEAD else _INSTEAD[plain]
    else:
        help_text = _INSTEAD.get(char)
    shown = f"`{char}`" if char.isprintable() else f"the character U+{code:04X}"
    return Flaw(token.start, token.end, "condition/character", f"{shown} is not part of conditions", help_text)
