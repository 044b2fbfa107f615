"""Message templates: `{name}` and `{name:yuan}` in a text, checked against the fact type. Never `str.format`."""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from dxrules import expression as ex
from dxrules.language.condition import Scope, check
from dxrules.language.scan import Flaw
from dxrules.rulebook import Hole, Template
from dxrules.suggest import did_you_mean

FORMATS = ("yuan",)
_PART = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:]*)(?::(?P<format>[^{}]*))?\}|(?P<stray>[{}])|[^{}]+")
_NAME = re.compile(r"\s*[^\W\d]\w*(\.[^\W\d]\w*)*\s*")


def check_message(text: str, scope: Scope, report: Callable[[Flaw], None]) -> Template | None:
    """Read and check a message; None when something in it is broken, which was reported."""
    parts: list[str | Hole] = []
    sound = True
    for match in _PART.finditer(text):
        if match.group("name") is not None:
            hole = _hole(match, scope, report)
            sound = sound and hole is not None
            if hole is not None:
                parts.append(hole)
        elif match.group("stray") is not None:
            help_text = "for a brace in the text write it twice: `{{` or `}}`"
            report(Flaw(*match.span(), "message/brace", f"this `{match.group()}` has no partner", help_text))
            sound = False
        else:
            literal = {"{{": "{", "}}": "}"}.get(match.group(), match.group())
            if parts and isinstance(parts[-1], str):
                parts[-1] += literal
            else:
                parts.append(literal)
    return Template(tuple(parts)) if sound else None


def _hole(match: re.Match[str], scope: Scope, report: Callable[[Flaw], None]) -> Hole | None:
    written, start = match.group("name"), match.start("name")
    if not _NAME.fullmatch(written):
        message = "the braces hold no name" if not written.strip() else f"`{written.strip()}` is not a name"
        help_text = "a message takes facts, parameters and definitions; calculate in `define`"
        report(Flaw(*match.span(), "message/name", message, help_text))
        return None

    def report_shifted(flaw: Flaw) -> None:
        report(attrs.evolve(flaw, start=flaw.start + start, end=flaw.end + start))

    found = check(written, scope, report_shifted)
    if found is None:
        return None
    name = written.strip()
    if found.type.kind == "group" or not isinstance(found, (ex.FactRef, ex.ParamRef, ex.DefRef)):
        help_text = did_you_mean(name, (each for each in scope.fact_type.facts if each.startswith(f"{name}.")))
        report(Flaw(*match.span(), "message/name", f"`{name}` is a group of facts", help_text))
        return None
    format_ = match.group("format")
    if format_ is not None and format_ not in FORMATS:
        help_text = did_you_mean(format_, FORMATS) or "without a format the type decides"
        place = match.span("format") if format_ else match.span()
        report(Flaw(*place, "message/format", f"`{format_}` is not a format", help_text))
        return None
    if format_ == "yuan" and found.type.kind != "int":
        message = f"`yuan` shows whole fen; `{name}` is {found.type.words()}"
        report(Flaw(*match.span("format"), "message/format", message, "leave the format out"))
        return None
    return Hole(name, found, format_ or "")
