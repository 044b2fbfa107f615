"""The way into every command: help, mistakes in what was typed, pipes, terminals, locales, interruption."""

import os
import signal
import subprocess
import time

import pytest

from commandline import COMMAND, ROOT, dxrules, environment
from dxrules.cli.commands import COMMANDS
from dxrules.cli.parser import make_parser

CARD = '{"card_id": "c-1", "status": "active", "lost": true, "intent": "cancel", "arrears_fen": 3520}'


def test_help_lists_every_command_and_says_what_the_exit_codes_mean():
    found = dxrules("--help")
    assert (found.code, found.err) == (0, "")
    for name, summary in COMMANDS.items():
        assert f"  {name}" in found.out
        assert summary in found.out
    assert "exit codes\n  0  it ran" in found.out
    assert "\x1b" not in found.out
    assert dxrules().out == found.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_lists_all_that_it_takes(name, capsys):
    from dxrules.cli.main import main

    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{COMMANDS[name][0].upper()}{COMMANDS[name][1:]}.\n\nusage: dxrules {name} ")
    for action in make_parser(name)._actions:
        assert action.help
        assert all(option in out for option in action.option_strings)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["evl"], "dxrules: there is no command `evl`; did you mean `eval`?\nsee `dxrules --help`\n"),
        (["--jsn"], "there is no option `--jsn`"),
        (["eval"], "dxrules eval: the following arguments are required: FILE\nsee `dxrules eval --help`\n"),
        (["eval", "x.json", "--as-of", "2026-02-30"], "`2026-02-30` is not a date; write it as `2026-01-31`"),
        (["eval", "x.json", "--lang", "fr"], "invalid choice: 'fr'"),
        (["eval", "x.json", "--no-such"], "unrecognized arguments: --no-such"),
        (["explain", "x.json", "--what-if", "cancel"], "`cancel` is no goal: write allow=NAME"),
        (["eval", "x.json", "--facts", "Crad"], "`Crad` is not a fact class: write its module too"),
        (["eval", "x.json", "--facts", "no_such_module:X"], "there is no module `no_such_module` here"),
        (["eval", "x.json", "--facts", "json:X"], "`json` has no class `X`"),
        (["eval", "x.json", "--facts", "json:JSONDecoder"], "is not an attrs class"),
        (["eval", "no-such.json"], "dxrules: no-such.json: No such file or directory\n"),
        (["eval", "cards.txt"], "what is in `cards.txt` cannot be told by its name: add `--format"),
    ],
)
def test_what_was_typed_wrongly_is_told_and_ends_with_2(words, told, capsys):
    from dxrules.cli.main import main

    assert main(words) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert told in found.err


def test_the_version_is_that_of_the_package(capsys):
    import importlib.metadata

    from dxrules.cli.main import main

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"dxrules {importlib.metadata.version('dxrules')}\n"


def test_chinese_comes_out_as_utf8_in_any_locale():
    for locale in ("C", "POSIX", "en_US.ISO-8859-1"):
        found = dxrules("eval", "-", "--lang", "zh", given=CARD, LC_ALL=locale, PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
        assert (found.code, found.err) == (0, "")
        assert "欠费35.20 元，结清前不能注销" in found.out
    assert "要求" in dxrules("eval", "-", given=CARD, LANG="zh_CN.UTF-8").out


def test_a_reader_that_goes_away_is_no_error():
    with subprocess.Popen(
        [*COMMAND, "eval", str(ROOT / "examples/data/cards.csv"), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout.readline().startswith(b'{"record": 1,')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_ctrl_c_ends_it_without_a_word():
    with subprocess.Popen(
        [*COMMAND, "eval", "-", "--format", "jsonl", "--json"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        process.stdin.write(f"{CARD}\n".encode() * 12)  # less than a pipe holds, more than a buffer
        process.stdin.flush()
        assert process.stdout.readline()  # it is at work
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() is not None
        assert process.stderr.read() == b""
        assert process.wait(60) == 130


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_a_terminal_has_colours_unless_they_are_not_wanted(tmp_path):
    (tmp_path / "card.json").write_text(CARD, encoding="utf-8")
    painted = on_a_terminal("eval", tmp_path / "card.json", TERM="xterm-256color")
    assert "\x1b[1;31mblocked\x1b[0m" in painted
    assert "\x1b[" in on_a_terminal("--help", TERM="xterm-256color")
    for env in ({"NO_COLOR": "1", "TERM": "xterm-256color"}, {"TERM": "dumb"}):
        assert "\x1b" not in on_a_terminal("eval", tmp_path / "card.json", **env)


def on_a_terminal(*words, **env):
    """What a command writes onto a pseudo-terminal."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, words)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(COLUMNS=100, **env)
    ) as process:
        os.close(theirs)
        found = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            found += piece
        assert process.wait(60) == 0
    os.close(ours)
    return found.decode()
