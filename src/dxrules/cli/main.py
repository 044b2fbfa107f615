"""The way into every command. What a command needs is imported when it is run, and nothing before."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from dxrules.cli import exits
from dxrules.cli.commands import COMMANDS
from dxrules.cli.parser import make_parser


def main(words: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        words: the command and its options; those of the process by default.

    Returns:
        The exit code, one of `dxrules.cli.exits`.
    """
    try:
        _speak_utf8()
        code = _run(sys.argv[1:] if words is None else list(words))
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, which must find something that takes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.BROKEN_PIPE
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    return code


def _speak_utf8() -> None:
    """Print UTF-8 whatever the locale: rules and messages are in Chinese too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        return _help(words)
    if words[0] in ("-V", "--version"):
        from importlib.metadata import version

        sys.stdout.write(f"dxrules {version('dxrules')}\n")
        return exits.RAN
    name = words[0]
    if name not in COMMANDS:
        return _unknown(name)
    command = import_module(f"dxrules.cli.commands.{name}")
    parser = make_parser(name)
    if {"-h", "--help"} & set(words[1:]):
        from dxrules.cli.help import show_command

        show_command(parser, COMMANDS[name], command.__doc__)
        return exits.RAN
    try:
        options = parser.parse_args(words[1:])
    except exits.UsageError as error:
        return _usage(name, str(error))
    from dxrules.cli.running import run  # what goes wrong is told there

    return run(command, options)


def _help(words: list[str]) -> int:
    if words[1:] and words[1] in COMMANDS:
        return _run([words[1], "--help"])
    from dxrules.cli.help import show_commands

    show_commands()
    return exits.RAN


def _unknown(name: str) -> int:
    from dxrules.suggest import did_you_mean

    what = "option" if name.startswith("-") else "command"
    return _usage("", f"there is no {what} `{name}`; {did_you_mean(name, COMMANDS)}")


def _usage(name: str, message: str) -> int:
    command = f"dxrules {name}".strip()
    sys.stderr.write(f"{command}: {message}\nsee `{command} --help`\n")
    return exits.BAD_INPUT
