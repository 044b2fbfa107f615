"""The words of a condition, looked at before Python's parser sees them.

The parser is Python's own, so that precedence is exactly Python's. But it is lenient where we are not (comments, odd
escapes, full-width letters), it speaks to programmers, and deep input makes it work hard: so whatever is not a word of
the rule language, or stands where it cannot, is reported here in plain words, and only what is left is parsed.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator

import attrs

MAX_LENGTH = 8_000  # characters in one condition
MAX_DEPTH = 100  # brackets, signs and `not`s inside one another

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![\w.]))
    | (?P<number>0[xX]\w* | \.?[0-9](?:[eE][+-](?=[0-9])|[\w.])*)
    | (?P<name>[^\W\d]\w*)
    | (?P<text>"(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<quoted>“[^“”\r\n]*” | ‘[^‘’\r\n]*’ | 「[^「」\r\n]*」 | ＂[^＂\r\n]*＂ | `[^`\r\n]*`)
    | (?P<odd><> | =[<>](?!=) | === | !== | := | \*\*)
    | (?P<op>==|!=|<=|>=|<|>|\(|\)|,|\.|\+|-|\*)
    | (?P<other>&+ | \|+ | /+ | [\uff01-\uff5e]+ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(
    r"0[xX][0-9a-fA-F]+ | (?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)? | \.[0-9]+) (?:[eE][+-]?[0-9]+)?", re.VERBOSE
)
_LONGEST_NUMBER = 400
_WORDS = frozenset({"and", "or", "not", "in", "is", "True", "False", "None"})
_OPERATORS = frozenset({"and", "or", "not", "in", "is", "is not", "not in"})
_SIGNS = frozenset({"not", "-", "+"})
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|[\\'\"nt]|(?P<bad>u[0-9a-fA-F]{4}|.?))", re.DOTALL
)
_OTHER_WORDS = {"且": "and", "并且": "and", "或": "or", "或者": "or", "非": "not"}
_CALCULATED = "only `+`, `-` and `*` by a literal can be calculated"
_LIST = 'a list of values is written with round brackets: `("a", "b")`'
_INSTEAD = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=` for unequal",
    "!==": "write `!=`",
    "<>": "write `!=`",
    "=": "write `==`",
    "===": "write `==`",
    ":=": "write `==`",
    "=<": "write `<=`",
    "=>": "write `>=`",
    "**": _CALCULATED,
    "/": _CALCULATED,
    "%": _CALCULATED,
    "[": _LIST,
    "]": _LIST,
    "{": _LIST,
    "}": _LIST,
    ":": "a condition holds no colon",
    ";": "join conditions with `and` or `or`",
    "#": "a comment goes on a line of its own, outside the condition",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "×": "write `*`",
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
    end: int

    @property
    def is_value(self) -> bool:
        """Whether a value can begin with it, or be it."""
        if self.kind == "name":
            return self.text not in _OPERATORS
        return self.kind in ("number", "text")


def cut(text: str, limit: int = 60) -> str:
    """A user's text as messages show it: on one line, and not too long."""
    text = " ".join(text[: 4 * limit].split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


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
        Token(str(match.lastgroup), match.group(), *match.span())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "space"
    ]
    if not tokens:
        return [], [Flaw(0, len(text), "condition/empty", "the condition is empty")]
    flaws = list(_word_flaws(tokens)) or list(_bracket_flaws(tokens)) or list(_order_flaws(tokens))
    return tokens, flaws


# What is no word at all.


def _word_flaws(tokens: list[Token]) -> Iterator[Flaw]:
    opened = False  # whether a bracket was reported whose partner need not be
    for token in tokens:
        if token.kind == "other" and token.text in ("[", "{"):
            opened = True
        elif token.kind == "other" and token.text in ("]", "}") and opened:
            continue
        yield from _token_flaws(token)
        if token.kind == "other" and token.text in ('"', "'", "#"):
            return  # it swallows the rest, whose words would only mislead
        if token.kind == "name" and keyword.iskeyword(token.text) and token.text not in _WORDS:
            return  # the rest is Python, not ours


def _token_flaws(token: Token) -> Iterator[Flaw]:
    start, end, text = token.start, token.end, token.text
    match token.kind:
        case "other" | "odd":
            yield _odd(token)
        case "quoted":
            message = (
                f"`{cut(text)}` is not in quotes that conditions know" if text[0] != "`" else "a backtick is no quote"
            )
            yield Flaw(start, end, "condition/character", message, f'write `"{cut(text[1:-1])}"`')
        case "date":
            help_text = f'a date is written in quotes: `"{text}"`'
            yield Flaw(start, end, "condition/syntax", f"`{text}` is not a number", help_text)
        case "number" if len(text) > _LONGEST_NUMBER and text.isdecimal():
            yield Flaw(start, end, "type/overflow", "this number is too large")
        case "number" if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
            yield Flaw(start, end, "condition/syntax", f"`{cut(text)}` is not a number")
        case "number" if re.fullmatch(r"0[0-9_]+", text) and text.strip("0_"):
            yield Flaw(start, end, "condition/syntax", f"`{text}` starts with a zero", "leave the zero out")
        case "name":
            yield from _name_flaws(token)
        case _ if token.kind == "text":
            for escape in _ESCAPE.finditer(text):
                if escape.group("bad") is not None:
                    place = start + escape.start()
                    message = f"`{cut(escape.group())}` means nothing in a text"
                    help_text = "write `\\\\` for a backslash"
                    yield Flaw(place, place + len(escape.group()), "condition/escape", message, help_text)


def _name_flaws(token: Token) -> Iterator[Flaw]:
    text = token.text
    plain = unicodedata.normalize("NFKC", text)  # Python's parser would do so without a word
    if plain != text or not text.isidentifier():
        help_text = f"write `{cut(plain)}`" if plain != text and plain.isidentifier() else None
        message = f"`{cut(text)}` is not written in plain letters"
        yield Flaw(token.start, token.end, "condition/character", message, help_text)
    elif keyword.iskeyword(text) and text not in _WORDS:
        help_text = "conditions are joined by `and`, `or` and `not`"
        yield Flaw(token.start, token.end, "condition/not-allowed", f"`{text}` is not a word of conditions", help_text)


def _odd(token: Token) -> Flaw:
    text = token.text
    help_text: str | None
    if text in ('"', "'"):
        help_text = "end it with the same quote; to hold a quote, put the other kind around it"
        return Flaw(token.start, token.end, "condition/text", "the text that starts here is not closed", help_text)
    plain = unicodedata.normalize("NFKC", text)
    help_text = _INSTEAD.get(text) or _INSTEAD.get(text[0])
    if "\uff01" <= text[0] <= "\uff5e":  # full-width twins of the ASCII characters
        help_text = _INSTEAD.get(plain) or f"write the half-width `{cut(plain)}`"
    shown = f"`{cut(text)}`" if text.isprintable() else f"the character U+{ord(text[0]):04X}"
    return Flaw(token.start, token.end, "condition/character", f"{shown} is not part of conditions", help_text)


# Brackets that do not match, and depth.


def _bracket_flaws(tokens: list[Token]) -> Iterator[Flaw]:
    opened: list[tuple[Token, int]] = []  # with the depth around each
    depth = around = 0
    for token in tokens:
        if token.text == "(":
            opened.append((token, around))
            depth = around = depth + 1
        elif token.text == ")":
            if not opened:
                yield Flaw(token.start, token.end, "condition/bracket", "this `)` closes nothing", "delete it")
                return
            depth = around = opened.pop()[1]
        else:
            depth = depth + 1 if token.text in _SIGNS else around
        if depth > MAX_DEPTH:
            message = f"brackets, signs or `not`s stand more than {MAX_DEPTH} deep"
            yield Flaw(token.start, token.end, "condition/too-deep", message, "split it with `define`")
            return
    if opened:
        token = opened[-1][0]
        yield Flaw(token.start, token.end, "condition/bracket", "this `(` is not closed", "add a `)`")


# Words in an order that means nothing. The parser would say so too, but in other words in every version of Python,
# and often at another place. Only the first is reported: behind it nothing is sure.


def _order_flaws(tokens: list[Token]) -> Iterator[Flaw]:
    before: Token | None = None
    depth = 0
    for token in _joined(tokens):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        goes_on = before is not None and (before.is_value or before.text == ")")
        flaw = _behind_a_value(before, token, depth) if goes_on and before else _no_value(before, token)
        if flaw is not None:
            yield flaw
            return
        before = token
    if before is not None and not before.is_value and before.text != ")":
        yield Flaw(before.start, before.end, "condition/syntax", f"something is missing after `{before.text}`")


def _joined(tokens: list[Token]) -> Iterator[Token]:
    """The tokens, with `is not` and `not in` as one each."""
    skip = False
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        pair = "" if following is None else f"{token.text} {following.text}"
        if skip:
            skip = False
        elif pair in ("is not", "not in") and following is not None:
            skip = True
            yield Token("name", pair, token.start, following.end)
        else:
            yield token


def _no_value(before: Token | None, token: Token) -> Flaw | None:
    """The flaw of a token where a value is due, if it is none."""
    text = token.text
    place = (token.start, token.end, "condition/syntax")
    if before is not None and before.text == ".":
        return None if token.kind == "name" and text not in _WORDS else Flaw(*place, "a name is missing after `.`")
    if token.is_value or text in ("(", "-", "+"):
        return None
    if text == "not" and (before is None or before.text in ("(", ",", "and", "or", "not")):
        return None
    if text == "not" and before is not None:
        return Flaw(*place, f"`not` cannot follow `{before.text}`", "put brackets around `not` and what it belongs to")
    if before is None:
        return Flaw(*place, f"something is missing before `{text}`")
    if text == ")" and before.text in ("(", ","):
        return None
    return Flaw(*place, f"something is missing between `{before.text}` and `{text}`")


def _behind_a_value(before: Token, token: Token, depth: int) -> Flaw | None:
    """The flaw of a token behind a value, if nothing goes on with it."""
    text = token.text
    place = (token.start, token.end, "condition/syntax")
    named = before.kind == "name" and before.text not in _WORDS
    if text == "," and not depth:
        return Flaw(*place, "this comma stands outside brackets", _LIST)
    if text == "." and before.kind != "text" and before.text != ")" and not named:
        return Flaw(*place, "`.` cannot stand here")
    if text == "not":
        return Flaw(*place, "`not` cannot stand here", "write `and not`, `not in` or `is not`")
    if not token.is_value and not (text == "(" and not named):
        return None
    return _missing_word(before, token, depth)


def _missing_word(before: Token, token: Token, depth: int) -> Flaw:
    """Two values side by side: often the word between them is one that Python does not know."""
    one, two = cut(before.text), cut(token.text)
    for each in (before, token):
        word = _OTHER_WORDS.get(each.text, each.text.lower())
        if each.kind == "name" and word != each.text and word in _OPERATORS:
            return Flaw(each.start, each.end, "condition/syntax", f"`{each.text}` cannot stand here", f"write `{word}`")
    if before.kind == token.kind == "text" and depth:
        message = f"a comma is missing between `{one}` and `{two}`"
        return Flaw(before.start, token.end, "condition/syntax", message, "put a comma between the two")
    if before.kind == "name" and token.kind == "text" and before.end == token.start:
        return Flaw(before.start, before.end, "condition/syntax", f"`{one}` stands right before a text", "take it out")
    message = f"a word such as `and` is missing between `{one}` and `{two}`"
    return Flaw(token.start, token.end, "condition/syntax", message)
