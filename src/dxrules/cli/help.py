"""The help: which commands there are, and what each takes."""

from __future__ import annotations

import argparse
import inspect

from dxrules.cli.commands import COMMANDS
from dxrules.cli.exits import MEANING
from dxrules.cli.output import Output, Piece

_INTRODUCTION = "Rules that policy staff can read and change: decide facts by them, and work on them."


def show_commands() -> None:
    """All the commands, a line each."""
    out = Output()
    out.line(_INTRODUCTION)
    _usage(out, "dxrules COMMAND [OPTION]...")
    _block(out, "commands", [(("  " + name, "strong"), summary) for name, summary in COMMANDS.items()])
    _block(out, "options", [(("  -h, --help", "strong"), "this help; of a command: `dxrules COMMAND --help`"),
                            (("  -V, --version", "strong"), "the version")])  # fmt: skip
    _exits(out)


def show_command(parser: argparse.ArgumentParser, summary: str, text: str | None) -> None:
    """What one command does, and all that it takes."""
    out = Output()
    body = inspect.cleandoc(text or summary).partition("\n")[2].strip()
    out.line(f"{summary[0].upper()}{summary[1:]}.")
    positional = [each for each in parser._actions if not each.option_strings]  # noqa: SLF001  # no public way
    optional = [each for each in parser._actions if each.option_strings]  # noqa: SLF001
    _usage(out, " ".join([parser.prog, *(_positional(each) for each in positional), "[OPTION]..."]))
    _block(out, "arguments", [(("  " + str(each.metavar), "strong"), each.help or "") for each in positional])
    _block(out, "options", [(("  " + _option(each), "strong"), each.help or "") for each in optional])
    _exits(out)
    if body:
        out.line()
        for line in body.splitlines():
            out.line(line)


def _usage(out: Output, text: str) -> None:
    out.line()
    out.line(("usage: ", "head"), text)


def _block(out: Output, head: str, rows: list[tuple[Piece, Piece]]) -> None:
    if rows:
        out.line()
        out.line((head, "head"))
        out.table(rows)


def _exits(out: Output) -> None:
    _block(out, "exit codes", [((f"  {code}", "strong"), meaning) for code, meaning in MEANING])


def _positional(action: argparse.Action) -> str:
    return {"*": f"[{action.metavar}]...", "+": f"{action.metavar}...", "?": f"[{action.metavar}]"}.get(
        str(action.nargs), str(action.metavar)
    )


def _option(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings)
    if action.nargs == 0:
        return names
    value = action.metavar or "|".join(map(str, action.choices or ()))
    return f"{names} {value}"
