"""Message templates: `{name}` and `{name:yuan}` in a text, checked against the fact type. Never `str.format`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable

import attrs

from dxrules import expression as ex
from dxrules.language.condition import check
from dxrules.language.scan import Flaw, cut
from dxrules.language.scope import Scope
from dxrules.rulebook import Hole, Template
from dxrules.suggest import nearest

FORMATS = ("yuan",)
MAX_LENGTH = 20_000  # characters in one message
_PART = re.compile(
    r"\{\{|\}\}|\{(?P<name>[^{}:]*)(?::(?P<format>[^{}]*))?\}|(?P<stray>[{}])|(?P<wide>｛[^{}｛｝]*｝)|[^{}｛]+|｛"
)
_NAME = re.compile(r"\s*[^\W\d]\w*(\.[^\W\d]\w*)*\s*")


def check_message(text: str, scope: Scope, report: Callable[[Flaw], None]) -> Template | None:
    """Read and check a message; None when something in it is broken, which was reported."""
    if len(text) > MAX_LENGTH:
        message = f"the message has {len(text)} characters; {MAX_LENGTH} are allowed"
        report(Flaw(0, 1, "message/too-long", message, "say it in fewer words"))
        return None
    known: dict[str, ex.Expr | None] = {}
    parts: list[str | Hole] = []
    sound = True
    for match in _PART.finditer(text):
        if match.group("name") is not None:
            hole = _hole(match, scope, known, report)
            sound = sound and hole is not None
            if hole is not None:
                parts.append(hole)
        elif match.group("stray") is not None:
            help_text = "for a brace in the text write it twice: `{{` or `}}`"
            report(Flaw(*match.span(), "message/brace", f"this `{match.group()}` has no partner", help_text))
            sound = False
        elif match.group("wide") and _NAME.match(match.group("wide"), 1):
            help_text = "write `{` and `}`"
            report(Flaw(*match.span(), "message/brace", f"`{cut(match.group())}` has full-width braces", help_text))
            sound = False
        else:
            literal = {"{{": "{", "}}": "}"}.get(match.group(), match.group())
            if parts and isinstance(parts[-1], str):
                parts[-1] += literal
            else:
                parts.append(literal)
    return Template(tuple(parts)) if sound else None


def _hole(
    match: re.Match[str], scope: Scope, known: dict[str, ex.Expr | None], report: Callable[[Flaw], None]
) -> Hole | None:
    written, start = match.group("name"), match.start("name")
    if not _NAME.fullmatch(written) or keyword.iskeyword(written.strip()):
        message = f"`{cut(written)}` is not a name" if written.strip() else "the braces hold no name"
        help_text = "a message takes facts, parameters and definitions; calculate in `define`"
        wide = next((each for each in written if each in "\uff1a\uff0e\u3002"), None)
        if wide is not None:
            help_text = f"write the half-width `{':' if wide == chr(0xFF1A) else '.'}`"
        report(Flaw(*match.span(), "message/name", message, help_text))
        return None

    def report_shifted(flaw: Flaw) -> None:
        report(attrs.evolve(flaw, start=flaw.start + start, end=flaw.end + start))

    found = known.get(written) or check(written, scope, report_shifted)
    known[written] = found
    if found is None:
        return None
    name = written.strip()
    if found.type.kind == "group" or not isinstance(found, (ex.FactRef, ex.ParamRef, ex.DefRef)):
        help_text = "name one of its facts"
        report(Flaw(*match.span(), "message/name", f"`{name}` is a group of facts", help_text))
        return None
    format_ = match.group("format")
    if format_ is not None and format_ not in FORMATS:
        near = nearest(format_, FORMATS)
        help_text = f"did you mean `{near}`?" if near else "leave it out: numbers, dates and texts need none"
        place = match.span("format") if format_ else match.span()
        message = f"`{cut(format_)}` is not a format" if format_ else "no format stands behind the colon"
        report(Flaw(*place, "message/format", message, help_text))
        return None
    if format_ == "yuan" and found.type.kind != "int":
        message = f"`yuan` shows whole fen; `{name}` is {found.type.words()}"
        report(Flaw(*match.span("format"), "message/format", message, "leave the format out"))
        return None
    return Hole(name, found, format_ or "")
