"""Every exception of the library, in one tree.

DxRulesError
├ RulebookError        rule files that cannot be used; `.diagnostics` says where and why
├ FactError            facts that are not what their class says; `.problems` lists each
├ EngineError          an engine was asked for what it cannot do
└ MissingExtraError    a package that is needed is not installed, or is broken

Data first, text last: the exceptions carry frozen data, and the text is made from it here.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from dxrules.layout import columns, printable

_SHOWN = 50  # diagnostics or problems that the text of an exception spells out


class DxRulesError(Exception):
    """Base of every error that dxrules raises on purpose."""


@attrs.frozen
class Diagnostic:
    """One mistake in a rule file, with its place.

    `line` and `column` count from 1, in characters. `excerpt` is the source line (of a very long one, the part around
    the mistake), `caret` where on the excerpt the underline starts, `width` its length. `str(diagnostic)` shows it:

        >>> print(Diagnostic("a.yaml", 2, 7, "name/unknown", "`lst` is not known",
        ...                  "did you mean `lost`?", "when: lst", 6, 3))
        a.yaml:2:7: name/unknown: `lst` is not known
          2 | when: lst
            |       ^^^
          help: did you mean `lost`?
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    help: str | None = None
    excerpt: str = ""
    caret: int = 0
    width: int = 1

    def __str__(self) -> str:
        rows = [printable(f"{self.path}:{self.line}:{self.column}: {self.code}: {self.message}")]
        if self.excerpt.strip():
            number = str(self.line)
            text = printable(self.excerpt)
            before, marked = text[: self.caret], text[self.caret : self.caret + self.width]
            rows.append(f"  {number} | {text}".rstrip())
            rows.append(f"  {' ' * len(number)} | {' ' * columns(before)}{'^' * max(1, columns(marked))}")
        if self.help:
            rows.append(f"  help: {printable(self.help)}")
        return "\n".join(rows)


class RulebookError(DxRulesError):
    """Rule files that cannot be used: every mistake in every file, sorted by place.

    >>> error = RulebookError([Diagnostic("a.yaml", 1, 1, "rule/no-when", "no `when`")])
    >>> error.diagnostics[0].code
    'rule/no-when'
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        count = len(self.diagnostics)
        head = f"{count} mistake{'s' if count != 1 else ''} in the rules"
        return _listing(head, [str(each) for each in self.diagnostics], "\n\n")


@attrs.frozen
class Problem:
    """One thing that is wrong with a fact.

    `path` names the field (`request.stage`; empty for the fact as a whole), `found` shows the value, `allowed` says
    what the field takes, and `help` what was probably meant.
    """

    path: str
    found: str
    allowed: str
    help: str | None = None

    def __str__(self) -> str:
        text = f"{self.path or 'the fact'}: found {self.found}, allowed is {self.allowed}"
        return f"{text}; {self.help}" if self.help else text


class FactError(DxRulesError, ValueError):
    """A fact that is not what its class says: every problem of it at once.

    >>> print(FactError("Card", [Problem("lost", "1", "true, false or unknown")]))
    1 problem in this Card:
      lost: found 1, allowed is true, false or unknown
    """

    def __init__(self, fact_type: str, problems: Iterable[Problem]) -> None:
        self.fact_type = fact_type
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(fact_type, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in this {self.fact_type}:"
        return _listing(head, [f"  {each}" for each in self.problems], "\n")


class EngineError(DxRulesError):
    """An engine was asked for something that it cannot do; the message says what to do instead."""


class MissingExtraError(DxRulesError):
    """A package that this needs is not installed, or does not import; the message says what to type."""


def _listing(head: str, rows: list[str], gap: str) -> str:
    shown = rows[:_SHOWN]
    if len(rows) > _SHOWN:
        shown.append(f"... and {len(rows) - _SHOWN} more")
    return gap.join([head, *shown])


def shown(value: object, limit: int = 60) -> str:
    """A value as error texts show it: short, on one line, and never failing."""
    try:
        text = repr(str(value)) if isinstance(value, str) else repr(value)
    except Exception:  # noqa: BLE001  # whatever a stranger's __repr__ raises
        text = f"an unprintable {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
