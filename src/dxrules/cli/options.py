"""The options that several commands take."""

from __future__ import annotations

import argparse
import datetime as dt
import os


def add_paths(parser: argparse.ArgumentParser, what: str = "rule files or folders") -> None:
    """Rule files as arguments."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help=f"{what}; `bundled` for the rules that come along, the default"
    )


def add_records(parser: argparse.ArgumentParser) -> None:
    """The file with the facts, and how it is read."""
    parser.add_argument(
        "file", metavar="FILE",
        help="facts in JSON (an object or a list), JSON Lines, CSV or Parquet; `-` is standard input",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=("json", "jsonl", "csv", "parquet"), help="what FILE is; by default its name tells"
    )
    parser.add_argument(
        "--encoding", default="utf-8-sig", metavar="NAME", help="the encoding of FILE; UTF-8 by default"
    )


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Rule files as an option, where the arguments are something else."""
    parser.add_argument(
        "-r", "--rules", action="append", default=[], metavar="PATH",
        help="a rule file or folder, or `bundled` for the rules that come along, the default; may be repeated",
    )  # fmt: skip


def add_facts(parser: argparse.ArgumentParser, more: str = "") -> None:
    """The fact classes."""
    parser.add_argument(
        "-f", "--facts", action="append", default=[], metavar="MODULE:CLASS",
        help=f"an attrs class that the rules read; `Card` and `Account` by default; may be repeated{more}",
    )  # fmt: skip


def add_json(parser: argparse.ArgumentParser) -> None:
    """JSON for machines."""
    parser.add_argument("--json", action="store_true", help="print JSON, for machines")


def add_lang(parser: argparse.ArgumentParser) -> None:
    """The language of messages."""
    parser.add_argument(
        "-l", "--lang", choices=("en", "zh"), default=default_lang(),
        help="the language of messages; by default Chinese where the locale is, else English",
    )  # fmt: skip


def add_day(parser: argparse.ArgumentParser) -> None:
    """The day of decisions."""
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="the day for which to decide, such as 2026-01-31; today by default"
    )


def add_personal(parser: argparse.ArgumentParser) -> None:
    """Personal data."""
    parser.add_argument("--personal", action="store_true", help="show personal data, which is masked by default")


def default_lang() -> str:
    """The language that the locale asks for."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if named.startswith("zh") else "en"


def _day(text: str) -> dt.date:
    from dxrules.expression import DATE
    from dxrules.values import constant

    try:
        day = constant(text, DATE)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"`{text}` is not a date; {error}") from None
    assert isinstance(day, dt.date)
    return day
