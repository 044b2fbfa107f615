"""What stands under the keys of a YAML mapping: names, texts, dates, and what is reported where others stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import cast

from dxrules.expression import DATE
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.scan import cut
from dxrules.language.written import Name, Report
from dxrules.source import Span
from dxrules.suggest import did_you_mean, listed
from dxrules.values import constant

Entry = tuple[Scalar, Node]


def start_of(span: Span) -> Span:
    """The start of a long stretch, for a caret that does not underline half a file."""
    return Span(span.source, span.start, min(span.end, span.start + 1))


def entries_of(
    node: MapNode, allowed: tuple[str, ...], report: Report, owner: str, elsewhere: Mapping[str, str] | None = None
) -> dict[str, Entry]:
    """The entries of a mapping by key; keys that it does not have are reported.

    Args:
        node: the mapping.
        allowed: its keys.
        report: takes the mistakes.
        owner: what the mapping is, for messages.
        elsewhere: for keys that belong to another place: which.
    """
    found: dict[str, Entry] = {}
    for key, value in node.entries:
        if key.text in allowed:
            found[key.text] = (key, value)
        else:
            help_text = did_you_mean(key.text, allowed) or f"it can be {listed(allowed)}"
            help_text = (elsewhere or {}).get(key.text, help_text)
            report(key.span, "key/unknown", f"{owner} has no key `{cut(key.text)}`", help_text)
    return found


def is_empty(node: Node) -> bool:
    """Whether nothing stands there."""
    return isinstance(node, Scalar) and node.value is None


def text_of(node: Node) -> str | None:
    """The text that stands there; None for anything else."""
    return node.text if isinstance(node, Scalar) and isinstance(node.value, str) and node.text else None


def names_in(entry: Entry | None, key: str, report: Report) -> Iterator[Name]:
    """A list of texts."""
    if entry is None or is_empty(entry[1]):
        return
    node = entry[1]
    if not isinstance(node, SeqNode):
        report(start_of(node.span), "key/not-a-list", f"`{key}` takes a list", f"write `{key}: [...]`")
        return
    for item in node.items:
        text = text_of(item)
        if text is None:
            report(
                start_of(item.span), "key/not-a-text", f"`{key}` takes a list of texts", "put quotes around a number"
            )
        else:
            yield Name(text, item.span)


def date_of(text: str) -> dt.date | None:
    """The date that a text writes; None when it writes none."""
    try:
        return cast("dt.date", constant(text, DATE))
    except ValueError:
        return None


def date_in(node: Node, key: str, report: Report) -> dt.date | None:
    """The date below a key; None after a report."""
    text = node.text if isinstance(node, Scalar) else ""
    found = date_of(text)
    if found is None:
        shown = f"`{cut(text)}` is not a date" if text else f"`{key}` takes a date"
        report(start_of(node.span) if not text else node.span, "rule/date", shown, "write it as `2026-01-31`")
    return found
