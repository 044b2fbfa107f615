"""Diagnostics as text, as JSON, and as annotations that GitHub shows beside the lines of a change."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from dxrules.cli.output import Output
from dxrules.cli.running import as_data
from dxrules.cli.words import counted
from dxrules.errors import Diagnostic


def tell(
    diagnostics: Sequence[Diagnostic], form: str, good: str, *, what: str, lang: str, errors: bool = False
) -> None:
    """Print diagnostics.

    Args:
        diagnostics: what was found.
        form: `text`, `json` or `github`.
        good: what to say in a text when nothing was found.
        what: what one of them is called.
        lang: the language of what is said, `en` or `zh`.
        errors: to standard error.
    """
    out = Output(errors=errors)
    if form == "json":
        out.data([as_data(each, lang) for each in diagnostics])
        return
    if form == "github":
        for each in diagnostics:
            out.line(annotation(each.translated(lang)))
        return
    for each in diagnostics:
        show(out, each, lang)
        out.line()
    out.line((counted(len(diagnostics), what, lang), "bad") if diagnostics else (good, "good"))


def show(out: Output, diagnostic: Diagnostic, lang: str) -> None:
    """Print one diagnostic as text in a language."""
    head, *rest = _for_command_line(diagnostic).text(lang).split("\n")
    place, _, message = head.partition(f" {diagnostic.code}: ")
    out.line((place, "strong"), (f" {diagnostic.code}: ", "warn"), message)
    for line in rest:
        out.line(line)


def _for_command_line(diagnostic: Diagnostic) -> Diagnostic:
    """A help about the Python interface in the words of the command line."""
    found = diagnostic.help or ""
    if diagnostic.code != "pack/facts" or found.startswith("did you mean"):
        return diagnostic
    more = "any class that is named with `--facts MODULE:CLASS`"
    listed = found.startswith("it can be")
    return attrs.evolve(diagnostic, help=f"{found.replace(' or ', ', ')}, or {more}" if listed else f"it can be {more}")


def annotation(diagnostic: Diagnostic) -> str:
    r"""A workflow command of GitHub Actions.

    >>> print(annotation(Diagnostic("a,b.yaml", 2, 7, "name/unknown", "100 % wrong", "help\nhere")))
    ::error file=a%2Cb.yaml,line=2,col=7,title=name/unknown::100 %25 wrong%0Ahelp%0Ahere
    """
    text = "\n".join(filter(None, (diagnostic.message, diagnostic.help)))
    place = f"file={_property(diagnostic.path)},line={diagnostic.line},col={diagnostic.column}"
    return f"::error {place},title={_property(diagnostic.code)}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
