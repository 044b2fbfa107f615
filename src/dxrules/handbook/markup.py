"""HTML and SVG, made of elements. Every text is escaped where it enters; nothing else makes markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_VOID = frozenset({"br", "hr", "input", "link", "meta"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
# What XML and HTML have no character for; shown as what it is, a character that cannot be shown.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Markup, as against text."""

    __slots__ = ()


Child = str | Markup | None | Iterable["Child"]


def element(tag: str, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """An element. Texts among the children are escaped, and so are attributes.

    An attribute that is None or False is left out; one that is True stands without a value. Underscores in the name of
    an attribute become hyphens, and one at its end, which keeps it from being a word of Python, is dropped.

    >>> element("a", "2 < 3", href="#x", class_="rule")
    '<a href="#x" class="rule">2 &lt; 3</a>'
    """
    said = ((name, value) for name, value in attributes.items() if value is not None and value is not False)
    words = [tag, *(_attribute(name, value) for name, value in said)]
    start = f"<{' '.join(words)}>"
    return Markup(start if tag in _VOID else f"{start}{join(children)}</{tag}>")


def join(children: Iterable[Child]) -> Markup:
    """Markup and escaped texts, one after the other."""
    found: list[str] = []
    for child in children:
        if isinstance(child, Markup):
            found.append(child)
        elif isinstance(child, str):
            found.append(escaped(child))
        elif child is not None:
            found.append(join(child))
    return Markup("".join(found))


def escaped(text: str) -> str:
    """A text that may stand between tags or in an attribute."""
    return html.escape(_CONTROL.sub("\ufffd", text), quote=True)


def _attribute(name: str, value: str | int | bool | None) -> str:
    known = name.removesuffix("_").replace("_", "-")
    assert _NAME.fullmatch(known)
    return known if value is True else f'{known}="{escaped(str(value))}"'
