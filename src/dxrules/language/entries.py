"""What stands under the keys of a mapping: names, texts, lists and dates, with a report of what does not."""

from __future__ import annotations

import datetime as dt
import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import cast

from dxrules.expression import DATE
from dxrules.language.failure import wide_indent
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.scan import cut
from dxrules.language.written import Name, Report
from dxrules.source import Span
from dxrules.suggest import did_you_mean, listed
from dxrules.values import constant

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
NAME = re.compile(r"[^\W\d]\w*")

Entry = tuple[Scalar, Node]
"""A key and what stands under it."""


def first_of(span: Span) -> Span:
    """The start of a long stretch, for a caret that does not underline half a file."""
    return Span(span.source, span.start, min(span.end, span.start + 1))


def keys_of(
    node: MapNode, allowed: tuple[str, ...], report: Report, owner: str, below: tuple[str, ...] = ()
) -> dict[str, Entry]:
    """The entries of a mapping by key; keys that are not allowed are reported, `below` holds those of its rules."""
    found: dict[str, Entry] = {}
    for key, value in node.entries:
        if key.text in allowed:
            found[key.text] = (key, value)
        elif (spaces := wide_indent(key.text)) is not None:
            report(key.span_of(0, 1), "yaml/indent", spaces, "indent with spaces")
        elif "\uff1a" in key.text:
            at = key.text.index("\uff1a")
            message = "this colon is full-width, which is not a colon to YAML"
            report(key.span_of(at, at + 1), "yaml/colon", message, "type `:` and a space behind it")
        else:
            help_text = did_you_mean(key.text, allowed) or f"it can be {listed(allowed)}"
            if key.text in below:
                help_text = "it belongs to a rule: indent it below the rule's name"
            report(key.span, "key/unknown", f"{owner} has no key `{cut(key.text)}`", help_text)
    return found


def is_empty(node: Node) -> bool:
    """Whether nothing stands there."""
    return isinstance(node, Scalar) and node.value is None


def text_of(node: Node) -> str | None:
    """A text that is not empty, or None."""
    return node.text if isinstance(node, Scalar) and isinstance(node.value, str) and node.text else None


def required_name(keys: Mapping[str, Entry], key: str, node: MapNode, report: Report) -> Name | None:
    """The name under a key of a pack, which must be there."""
    if key not in keys:
        code, example = ("pack/no-rulebook", "rulebook: cancellation")
        if key == "facts":
            code, example = ("pack/no-facts", "facts: Card")
        report(first_of(node.span), code, f"the file has no `{key}`", f"add a line such as `{example}`")
        return None
    value = keys[key][1]
    text = text_of(value)
    if text is None or not all(part.isidentifier() for part in re.split(r"[-. ]", text)):
        report(first_of(value.span), "pack/name", f"`{key}` takes a name", "a name holds letters, digits and `_`")
        return None
    return Name(text, value.span)


def named(entry: Entry | None, key: str, form: re.Pattern[str], report: Report) -> Iterator[tuple[Name, Node]]:
    """The entries of a mapping from names to something."""
    if entry is None or is_empty(entry[1]):
        return
    node = entry[1]
    if not isinstance(node, MapNode):
        report(first_of(node.span), "key/not-a-mapping", f"`{key}` takes names with something under each",
               f"write `{key}:`, then `  a_name: ...` on lines of their own")  # fmt: skip
        return
    for name, value in node.entries:
        sound = form.fullmatch(name.text) is not None
        if not sound:
            help_text = "a name starts with a letter and holds letters, digits and `_`"
            report(name.span, "key/name", f"`{cut(name.text)}` is not a name", help_text)
        elif form is NAME and (keyword.iskeyword(name.text) or not _plain(name.text)):
            sound = False
            message = f"`{cut(name.text)}` is not a name that conditions can use"
            report(name.span, "key/name", message, "choose another name")
        if sound or form is CODE:  # a rule is read on, for the mistakes in it
            yield Name(name.text, name.span), value


def _plain(name: str) -> bool:
    """Whether Python's parser takes a name as it is written: it reads full-width letters as plain ones."""
    return name.isidentifier() and unicodedata.normalize("NFKC", name) == name


def names_in(entry: Entry | None, key: str, report: Report) -> Iterator[Name]:
    """A list of texts."""
    if entry is None or is_empty(entry[1]):
        return
    node = entry[1]
    if not isinstance(node, SeqNode):
        report(first_of(node.span), "key/not-a-list", f"`{key}` takes a list", f"write `{key}: [...]`")
        return
    for item in node.items:
        text = text_of(item)
        if text is None:
            report(
                first_of(item.span), "key/not-a-text", f"`{key}` takes a list of texts", "put quotes around a number"
            )
        else:
            yield Name(text, item.span)


def date_text(text: str) -> dt.date | None:
    """The date that a text writes, or None."""
    try:
        return cast("dt.date", constant(text, DATE))
    except ValueError:
        return None


def date_of(node: Node, key: str, report: Report) -> dt.date | None:
    """The date under a key, or None after a report."""
    text = node.text if isinstance(node, Scalar) else ""
    found = date_text(text)
    if found is None:
        shown = f"`{cut(text)}` is not a date" if text else f"`{key}` takes a date"
        report(first_of(node.span) if not text else node.span, "rule/date", shown, "write it as `2026-01-31`")
    return found


def fires_of(node: MapNode, entry: Entry | None, report: Report) -> object:
    """True, False, None for unknown; Ellipsis after a report."""
    if entry is None:
        report(first_of(node.span), "example/fires", "the example does not say whether the rule fires",
               "add `fires: true`, `false` or `unknown`")  # fmt: skip
        return Ellipsis
    value = entry[1].value if isinstance(entry[1], Scalar) else None
    if isinstance(value, bool):
        return value
    if value == "unknown":
        return None
    report(entry[0].span, "example/fires", "`fires` takes true, false or unknown")
    return Ellipsis


def examples_in(
    entry: Entry | None, allowed: tuple[str, ...], form: str, report: Report
) -> Iterator[tuple[MapNode, dict[str, Entry]]]:
    """The examples of a rule with their entries by key. `form` says how one is written."""
    if entry is None or is_empty(entry[1]):
        return
    if not isinstance(entry[1], SeqNode):
        report(first_of(entry[1].span), "key/not-a-list", "`examples` takes a list", form)
        return
    for node in entry[1].items:
        if isinstance(node, MapNode):
            yield node, keys_of(node, allowed, report, "an example")
        else:
            report(first_of(node.span), "example/form", "an example has `given` and `fires`", form)
