"""Decide facts.

Each record of FILE is made a fact, checked, and decided. A record that is no fact is told with its line, and the others
are decided all the same; the exit code is 2 then. With --json each record gives one line of JSON.

  dxrules eval card.json
  dxrules eval cards.csv --lang zh
  dxrules eval loans.jsonl --rules loans.yaml --facts my_module:Loan --json
"""

from __future__ import annotations

import argparse

from dxrules.cli import exits
from dxrules.cli.options import add_day, add_facts, add_json, add_lang, add_personal, add_records, add_rules


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_records(parser)
    add_rules(parser)
    add_facts(parser, "; the first is the class of the records")
    add_day(parser)
    add_lang(parser)
    parser.add_argument("--each", action="store_true", help="show every decision, and not only how many there are")
    add_personal(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Decide the records of a file."""
    from dxrules.cli.cache import load
    from dxrules.cli.deciding import Decider
    from dxrules.cli.progress import followed
    from dxrules.cli.records import read_records
    from dxrules.cli.reports import report_for
    from dxrules.cli.rules import classes_of

    classes = classes_of(options.facts, options.rules)
    rulebook = load(options.rules, classes)
    decider = Decider(rulebook, classes[0], options.as_of)
    report = report_for(options, rulebook, classes[0], decider.day)
    for record in followed(read_records(options.file, options.format, options.encoding), "decided"):
        report.add(record, decider.decide(record))
    return exits.BAD_INPUT if report.end() else exits.RAN
