"""Every exception of the library, in one tree.

DxRulesError
├ RulebookError        rule files that cannot be used; `.diagnostics` says where and why
├ FactError            facts that are not what their class says; `.problems` lists each
│ └ FrameError         the same of the rows of a table: `.rows` says how many of how many
├ EngineError          an engine was asked for what it cannot do
└ MissingExtraError    a package that is needed is not installed, or is broken

Data first, text last: the exceptions carry frozen data, and the text is made from it here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

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

    def translated(self, lang: str) -> Diagnostic:
        """The same diagnostic with its message and help in a language; what has no Chinese stays in English.

        Args:
            lang: `en` or `zh`.

        Raises:
            DxRulesError: another language.
        """
        if not _is_chinese(lang):
            return self
        from dxrules.chinese import chinese  # a table that nobody needs who reads English

        return attrs.evolve(self, message=chinese(self.message), help=self.help and chinese(self.help))

    def text(self, lang: str = "en") -> str:
        """What `str` shows, in a language.

        >>> print(Diagnostic("a.yaml", 2, 7, "name/unknown", "`lst` is a set", "did you mean `lost`?").text("zh"))
        a.yaml:2:7: name/unknown: `lst` 是集合
          帮助：您想写的是 `lost` 吗？

        Args:
            lang: `en` or `zh`.

        Raises:
            DxRulesError: another language.
        """
        said = self.translated(lang)
        rows = [printable(f"{self.path}:{self.line}:{self.column}: {self.code}: {said.message}")]
        if self.excerpt.strip():
            number = str(self.line)
            text = printable(self.excerpt)
            before, marked = text[: self.caret], text[self.caret : self.caret + self.width]
            rows.append(f"  {number} | {text}".rstrip())
            rows.append(f"  {' ' * len(number)} | {' ' * columns(before)}{'^' * max(1, columns(marked))}")
        if said.help:
            rows.append(f"  {'帮助：' if _is_chinese(lang) else 'help: '}{printable(said.help)}")
        return "\n".join(rows)

    def __str__(self) -> str:
        return self.text()


class RulebookError(DxRulesError):
    """Rule files that cannot be used: every mistake in every file, sorted by place.

    >>> error = RulebookError([Diagnostic("a.yaml", 1, 1, "rule/no-when", "no `when`")])
    >>> error.diagnostics[0].code
    'rule/no-when'
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def text(self, lang: str = "en") -> str:
        """What `str` shows, in a language: every mistake, up to the first fifty.

        Args:
            lang: `en` or `zh`.

        Raises:
            DxRulesError: another language.
        """
        count = len(self.diagnostics)
        head, more = f"{count} mistake{'s' if count != 1 else ''} in the rules", "... and {} more"
        if _is_chinese(lang):
            head, more = f"规则中有 {count} 处错误", "……另有 {} 处"
        return _listing(head, [each.text(lang) for each in self.diagnostics[:_SHOWN]], "\n\n", count, more)

    def __str__(self) -> str:
        return self.text()


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

    def text(self, lang: str = "en") -> str:
        """What `str` shows, in a language; what has no Chinese stays in English.

        >>> Problem("lost", "1", "true, false or unknown", "write True").text("zh")
        'lost：现为 1，应为真假值或未知；请写 `True`'

        Args:
            lang: `en` or `zh`.

        Raises:
            DxRulesError: another language.
        """
        if _is_chinese(lang):
            from dxrules.chinese import chinese

            text = chinese(f"{self.path or '该事实'}: found {self.found}, allowed is {self.allowed}")
            return f"{text}；{chinese(self.help)}" if self.help else text
        text = f"{self.path or 'the fact'}: found {self.found}, allowed is {self.allowed}"
        return f"{text}; {self.help}" if self.help else text

    def __str__(self) -> str:
        return self.text()


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

    def text(self, lang: str = "en") -> str:
        """What `str` shows, in a language: every problem, up to the first fifty.

        Args:
            lang: `en` or `zh`.

        Raises:
            DxRulesError: another language.
        """
        rows = [f"  {each.text(lang)}" for each in self.problems[:_SHOWN]]
        more = "……另有 {} 个" if _is_chinese(lang) else "... and {} more"
        return _listing(self._head(lang), rows, "\n", len(self.problems), more)

    def _head(self, lang: str) -> str:
        count = len(self.problems)
        if _is_chinese(lang):
            return f"这个 {self.fact_type} 有 {count} 个问题："
        return f"{count} problem{'s' if count != 1 else ''} in this {self.fact_type}:"

    def __str__(self) -> str:
        return self.text()


class FrameError(FactError):
    """Rows of a table that are not what a class of facts says: every column that is wrong.

    >>> problem = Problem("lost", "'yes' in 2 rows, the first of them row 4", "true or false")
    >>> print(FrameError("Card", [problem], rows=(2, 100)))
    2 of 100 rows are no Card:
      lost: found 'yes' in 2 rows, the first of them row 4, allowed is true or false
    """

    def __init__(self, fact_type: str, problems: Iterable[Problem], rows: tuple[int, int]) -> None:
        super().__init__(fact_type, problems)
        self.rows = rows

    def __reduce__(self) -> tuple[Any, ...]:
        return FrameError, (self.fact_type, self.problems, self.rows)

    def _head(self, lang: str) -> str:
        bad, count = self.rows
        if _is_chinese(lang):
            return f"{count:,} 行中有 {bad:,} 行不是有效的 {self.fact_type}："
        return f"{bad:,} of {count:,} row{'s' if count != 1 else ''} {'are' if bad != 1 else 'is'} no {self.fact_type}:"


class FactWarning(UserWarning):
    """Something about a table of facts that is probably not meant, such as a column that is not there."""


def callers_level() -> int:
    """The `stacklevel` by which a warning points at the first caller outside the library."""
    frame, level = sys._getframe(1), 1  # noqa: SLF001  # what `warnings` does itself
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith("dxrules"):
        frame, level = frame.f_back, level + 1
    return level


class EngineError(DxRulesError):
    """An engine was asked for something that it cannot do; the message says what to do instead."""


class MissingExtraError(DxRulesError):
    """A package that this needs is not installed, or does not import; the message says what to type."""


def _listing(head: str, rows: list[str], gap: str, count: int, more: str) -> str:
    left = [more.replace("{}", str(count - len(rows)))] if count > len(rows) else []
    return gap.join([head, *rows, *left])


def _is_chinese(lang: str) -> bool:
    if lang not in ("en", "zh"):
        raise DxRulesError(f"there is no message in `{lang}`; it can be `en` or `zh`")
    return lang == "zh"


def shown(value: object, limit: int = 60) -> str:
    """A value as error texts show it: short, on one line, and never failing."""
    try:
        text = repr(str(value)) if isinstance(value, str) else repr(value)
    except Exception:  # noqa: BLE001  # whatever a stranger's __repr__ raises
        text = f"an unprintable {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
