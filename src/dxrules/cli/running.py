"""Running a command, and telling what it was given that cannot be used."""

from __future__ import annotations

import argparse
from types import ModuleType
from typing import cast

from dxrules.cli import exits
from dxrules.cli.options import default_lang
from dxrules.cli.output import Output
from dxrules.errors import Diagnostic, DxRulesError, RulebookError


def run(command: ModuleType, options: argparse.Namespace) -> int:
    """The exit code of a command; what it cannot use is told, as JSON where that was asked for."""
    try:
        return cast("int", command.run(options))
    except RulebookError as error:
        lang = getattr(options, "lang", None) or default_lang()
        _tell(options, error.text(lang), diagnostics=[as_data(each, lang) for each in error.diagnostics])
    except (DxRulesError, exits.UsageError) as error:
        _tell(options, f"dxrules: {error}")
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        _tell(options, f"dxrules: {error.filename or 'a file'}: {error.strerror or error}")
    return exits.BAD_INPUT


def _tell(options: argparse.Namespace, text: str, **more: object) -> None:
    if getattr(options, "json", False):
        Output().data({"error": text.removeprefix("dxrules: "), **more})
    else:
        Output(errors=True).line(text)


def as_data(diagnostic: Diagnostic, lang: str) -> dict[str, object]:
    """A diagnostic as plain data, its texts in a language."""
    said = diagnostic.translated(lang)
    return {key: getattr(said, key) for key in ("path", "line", "column", "code", "message", "help")}
