"""What a YAML syntax error most likely means, in plain words, and how to put it right.

A YAML parser says where it lost its way, not what the author meant. The same few traps account for nearly
all of these errors in rule files, because conditions and messages are full of quotes, colons and braces,
which YAML reads as its own. Each function here looks for one trap in the text around the place where the
parser stopped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxrules.language.failure import (
    ENTRY,
    Failure,
    Trap,
    entry,
    indent,
    line_at,
    quote_help,
    rest,
    shown,
    text_end,
    wide_indent,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_BREAK = re.compile(r"[\r\n]")
_TIGHT_COLON = re.compile(r"\w:[\w\u00a0\u3000]")
_TIGHT_DASH = re.compile(r"-[^\W\d]")
_WIDE_COLON = "\uff1a"
_RESERVED = {
    "@": "is reserved",
    "`": "is reserved",
    "%": "is reserved",
    "*": "repeats another value",
    "&": "gives a value a name",
    "!": "names a type",
    "|": "begins a block of lines",
    ">": "begins a block of lines",
    ",": "separates items between brackets",
}


def explain(failure: Failure) -> Trap:
    """The trap that a syntax error fell into.

    >>> text = 'when: "a" in materials'
    >>> explain(Failure(text, 10, 0, "did not find expected key", (6, 9), None)).code
    'yaml/quotes'
    """
    for trap in _TRAPS:
        found = trap(failure)
        if found is not None:
            return found
    text, offset = failure.text, failure.offset
    if not text[offset:].strip():
        return Trap("yaml/syntax", offset, offset + 1, "the text ends where YAML still expects something")
    stop = text_end(text, offset)
    return Trap("yaml/syntax", offset, stop, f"{shown(text[offset:stop])} cannot stand here in YAML")


def _tab(failure: Failure) -> Trap | None:
    at = failure.offset
    if failure.text[at : at + 1] != "\t":
        return None
    start, _ = line_at(failure.text, at)
    if failure.text[start:at].strip():
        return Trap("yaml/tab", at, at + 1, "a tab cannot stand here", "use spaces")
    return Trap("yaml/tab", at, at + 1, "this line is indented with a tab", "indent with spaces")


def _unclosed_quote(failure: Failure) -> Trap | None:
    at = failure.context
    if at is None or failure.text[at : at + 1] not in ("'", '"'):
        return None
    if not re.search("end of stream|document (indicator|separator)", failure.problem):
        return None
    return _open_quote(failure.text, at)


def _open_quote(text: str, at: int) -> Trap:
    message = f"the quote `{text[at]}` is not closed"
    return Trap("yaml/unclosed", at, text_end(text, at), message, f"end the text with `{text[at]}`")


def _escape(failure: Failure) -> Trap | None:
    text, context = failure.text, failure.context
    if context is None or text[context : context + 1] != '"':
        return None
    if not re.search("escape|hex", failure.problem):
        return None
    at = text.rfind("\\", context, failure.offset + 1)
    if at < 0:
        return None
    width = {"x": 4, "u": 6, "U": 10}.get(text[at + 1 : at + 2], 2)
    end = min(at + width, line_at(text, at)[1])
    message = f"{shown(text[at:end])} is not an escape that double quotes know"
    return Trap("yaml/escape", at, end, message, "write a backslash as `\\\\`, or use single quotes")


def _stray_bracket(failure: Failure) -> Trap | None:
    sign = failure.text[failure.offset : failure.offset + 1]
    if sign not in ("}", "]") or failure.bracket is not None:
        return None
    message = f"`{sign}` closes a bracket that is not open"
    advice = "delete it, or put the whole value in quotes if it is text"
    return Trap("yaml/unclosed", failure.offset, failure.offset + 1, message, advice)


def _long_key(failure: Failure) -> Trap | None:
    text, offset = failure.text, failure.offset
    start = line_at(text, offset)[0]
    start += indent(text, start)
    if text[offset : offset + 1] != ":" or offset - start <= 1024 or ": " in text[start:offset]:
        return None
    message = "this key is longer than 1024 characters"
    return Trap("yaml/key", start, offset, message, "YAML takes shorter keys only")


def _after_quotes(failure: Failure) -> Trap | None:
    """Text behind the closing quote: `when: "a" in materials`."""
    text, (start, end), offset = failure.text, failure.last, failure.offset
    quote = text[start : start + 1]
    if quote not in ("'", '"') or end - start < 2 or text[end - 1] != quote:
        return None
    if text[end:offset].strip(" \t\r\n"):
        return None
    apart = _BREAK.search(text, end, offset) is not None
    if apart and (entry(text, offset)["key"] or text[offset : offset + 1] in ("-", ":", "")):
        return None
    opened, _ = line_at(text, end)
    closing = ENTRY.match(text, opened, end - 1)
    if start < opened and closing and closing["key"] and not closing["value"]:
        # The text swallowed lines up to the opening quote of the next one.
        return _open_quote(text, start)
    stop = text_end(text, offset)
    message = f"{shown(text[offset:stop])} follows the closing quote `{quote}`"
    if failure.bracket is not None:
        found = re.compile(r"[,\]}]").search(text, offset, stop)
        stop = found.start() if found else stop
        message = f"{shown(text[offset:stop])} follows the closing quote `{quote}`"
        return Trap("yaml/quotes", offset, stop, message, "put the whole value in other quotes")
    if apart or start < opened:
        return Trap("yaml/quotes", offset, stop, message, "put the whole value in a block after `|`")
    return Trap("yaml/quotes", offset, stop, message, quote_help(text[start:stop]), rest(text, start))


def _after_brackets(failure: Failure) -> Trap | None:
    """Text behind a closing bracket: `en: {amount} is due`."""
    text, (start, end), offset = failure.text, failure.last, failure.offset
    bracket = text[start : start + 1]
    if bracket not in ("{", "[") or failure.bracket is not None:
        return None
    if offset >= len(text) or text[end:offset].strip(" \t"):
        return None
    stop = text_end(text, offset)
    kind = "mapping" if bracket == "{" else "list"
    behind = shown(text[offset:stop])
    message = f"a value that begins with `{bracket}` is a {kind}, and {behind} cannot follow it"
    if line_at(text, start) != line_at(text, offset):
        return Trap("yaml/braces", offset, stop, message)
    return Trap("yaml/braces", start, stop, message, quote_help(text[start:stop]), rest(text, start))


def _reserved(failure: Failure) -> Trap | None:
    """A value that begins with a character which means something to YAML."""
    text, offset, context = failure.text, failure.offset, failure.context
    start, end = failure.last
    at = offset
    if text[start : start + 1] == "*" and end > start and not text[end:offset].strip(" \t"):
        at = start
    elif context is not None and text[context : context + 1] in tuple("*&!|>%"):
        at = context
    sign = text[at : at + 1]
    if sign not in _RESERVED:
        return None
    if sign == "," and failure.bracket is not None:
        return None
    stop = text_end(text, at)
    shown_sign = f"`{sign}`" if sign != "`" else "a backtick"
    message = f"a value cannot begin with {shown_sign}, which {_RESERVED[sign]} in YAML"
    if sign in "|>":
        message = f"text follows `{sign}`, which {_RESERVED[sign]} in YAML"
    if sign == "%" and at == line_at(text, at)[0]:
        message = "a line that begins with `%` is an instruction to YAML"
        return Trap("yaml/reserved", at, stop, message, "delete it, or put it in quotes if it is text")
    if failure.bracket is not None:
        return Trap("yaml/reserved", at, at + 1, message, "put the value in quotes")
    return Trap("yaml/reserved", at, at + 1, message, quote_help(text[at:stop]), rest(text, at))


def _in_brackets(failure: Failure) -> Trap | None:
    """Something between brackets: one that is not closed, a comma that is missing, a colon too many."""
    text, offset, at = failure.text, failure.offset, failure.bracket
    if at is None:
        return None
    start, _ = line_at(text, at)
    here, _ = line_at(text, offset)
    opened = text[at]
    closing = "}" if opened == "{" else "]"
    outside = here > start and indent(text, here) <= indent(text, start)
    if outside or not text[offset : offset + 1000].strip():
        message = f"the bracket `{opened}` is not closed"
        return Trap("yaml/unclosed", at, at + 1, message, f"close it with `{closing}`")
    if text[offset] == ":" and text[at:offset].rstrip()[-1:] in ("{", ","):
        return _no_key(offset)
    if text[offset] == ":":
        message = "a colon inside a value that is not in quotes"
        advice = "put the value in quotes, or a comma before the next key"
        return Trap("yaml/colon", offset, offset + 1, message, advice)
    if text[offset] in "}]":
        message = f"`{text[offset]}` cannot close the bracket `{opened}`"
        return Trap("yaml/unclosed", offset, offset + 1, message, f"close it with `{closing}`")
    message = f"{shown(text[offset : text_end(text, offset)])} stands where a comma or `{closing}` is due"
    advice = "put a comma between items, and quotes around text"
    return Trap("yaml/syntax", offset, offset + 1, message, advice)


def _after_comment(failure: Failure) -> Trap | None:
    """Plain text that a comment ended, and that goes on below it."""
    text, end, offset = failure.text, failure.last[1], failure.offset
    between = text[end:offset]
    if "#" not in between or _BREAK.search(between) is None or between.lstrip()[:1] != "#":
        return None
    if entry(text, offset)["key"] or text[offset : offset + 1] in ("-", ":", ""):
        return None
    message = "the comment above ended the text, which cannot go on here"
    advice = "put the comment above the whole value"
    return Trap("yaml/comment", offset, text_end(text, offset), message, advice)


def _colon(failure: Failure) -> Trap | None:
    """A colon where none can be: in plain text, or because the line above is not what it seems."""
    text, offset = failure.text, failure.offset
    if "mapping values" not in failure.problem or text[offset : offset + 1] != ":":
        return None
    here = entry(text, offset)
    if here["value"] and here.start("value") < offset:
        start, stop = here.start("value"), text_end(text, offset)
        message = "a colon inside a value that is not in quotes"
        advice = quote_help(text[start:stop]) if here["key"] else "put the whole value in quotes"
        return Trap("yaml/colon", offset, offset + 1, message, advice, rest(text, start))
    start, _ = line_at(text, offset)
    above = start
    while above > 0 and not text[above:start].strip():
        above, _ = line_at(text, above - 1)
    before = entry(text, above)
    if above == start or not text[above:start].strip() or text[above:start].lstrip().startswith("#"):
        return None
    if not before["key"]:
        return _key_alone(text, above)
    key = shown(before["key"])
    begin = before.start("key")
    first = start + indent(text, start)
    if not before["value"] or first - start <= begin - above:
        return None
    message = f"this line is indented more than {key} above it, which has its value already"
    advice = f"indent it like {key}, or put the value of {key} in quotes if it goes on here"
    return Trap("yaml/indent", first, text_end(text, first), message, advice)


def _lone_key(failure: Failure) -> Trap | None:
    if failure.context is None or "could not find expected ':'" not in failure.problem:
        return None
    return _key_alone(failure.text, line_at(failure.text, failure.context)[0])


def _key_alone(text: str, line: int) -> Trap:
    """A line that has no colon, or none that YAML takes for one."""
    start = line + indent(text, line)
    stop = text_end(text, start)
    spaces = wide_indent(text[start:stop])
    if spaces is not None:
        return Trap("yaml/indent", start, start + 1, spaces, "indent with spaces")
    wide = text.find(_WIDE_COLON, start, stop)
    if wide >= 0:
        message = "this colon is full-width, which is not a colon to YAML"
        return Trap("yaml/colon", wide, wide + 1, message, "type `:` and a space behind it")
    tight = _TIGHT_COLON.search(text, start, stop)
    if tight:
        at = tight.start() + 1
        return Trap("yaml/colon", at, at + 1, "no space behind this colon", "write `: `")
    if _TIGHT_DASH.match(text, start, stop):
        return Trap("yaml/syntax", start, start + 1, "no space behind this dash", "write `- `")
    message = f"{shown(text[start:stop])} is not followed by a colon"
    advice = "end a key with `:`; text of several lines goes in a block after `|`"
    return Trap("yaml/colon", start, stop, message, advice)


def _no_key(offset: int) -> Trap:
    return Trap("yaml/key", offset, offset + 1, "this entry has no key", "write the key before the colon")


def _document(failure: Failure) -> Trap | None:
    if "document start" not in failure.problem:
        return None
    offset = failure.offset
    stop = text_end(failure.text, offset)
    message = f"{shown(failure.text[offset:stop])} stands behind the end of the rules"
    return Trap("yaml/documents", offset, stop, message, "keep everything in one mapping")


def _list_beside_key(failure: Failure) -> Trap | None:
    offset = failure.offset
    if failure.text[offset : offset + 1] != "-" or "not allowed" not in failure.problem:
        return None
    advice = "begin a list on a line of its own, or put the value in quotes if it is text"
    return Trap("yaml/syntax", offset, offset + 1, "a list cannot begin here", advice)


def _misplaced(failure: Failure) -> Trap | None:
    """A line that does not fit the lines above it."""
    text, offset, context = failure.text, failure.offset, failure.context
    start, _ = line_at(text, offset)
    if context is None or text[start:offset].strip():
        return None
    sign = text[offset : offset + 1]
    if not sign or not re.search("block|key|indicator", failure.problem):
        return None
    stop = text_end(text, offset)
    if sign == ":":
        return _no_key(offset)
    spaces = wide_indent(text[offset:stop])
    if spaces is not None:
        return Trap("yaml/indent", offset, offset + 1, spaces, "indent with spaces")
    first, _ = line_at(text, context)
    if context - first != offset - start:
        message = f"this line is indented by {offset - start}, which fits no line above"
        return Trap("yaml/indent", offset, stop, message, "indent it like the lines that it belongs to")
    if sign == "-":
        return Trap("yaml/syntax", offset, stop, "a list item stands where an entry with a key is due")
    if text[context : context + 1] == "-":
        return Trap("yaml/syntax", offset, stop, "this stands where a list item is due", "begin it with `- `")
    return None


_TRAPS: tuple[Callable[[Failure], Trap | None], ...] = (
    _tab,
    _unclosed_quote,
    _escape,
    _stray_bracket,
    _long_key,
    _after_quotes,
    _after_brackets,
    _reserved,
    _in_brackets,
    _after_comment,
    _colon,
    _lone_key,
    _document,
    _list_beside_key,
    _misplaced,
)
