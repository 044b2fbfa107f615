"""What each command takes: one parser a command, without the help that argparse would print."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import NoReturn

from dxrules.cli.exits import UsageError


class Parser(argparse.ArgumentParser):
    """A parser that raises what is wrong, for one place to tell."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong."""
        raise UsageError(message)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """A formatter that does not look for the size of the terminal: `dxrules.cli.help` prints the help."""
    return argparse.HelpFormatter(prog, width=80)


def make_parser(name: str) -> Parser:
    """The parser of a command."""
    parser = Parser(prog=f"dxrules {name}", add_help=False, allow_abbrev=False, formatter_class=_formatter)
    import_module(f"dxrules.cli.commands.{name}").add_options(parser)
    parser.add_argument("-h", "--help", action="store_true", help="this help")
    return parser
