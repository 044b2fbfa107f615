"""Write the handbook of rules: HTML that opens from the file system and needs no network.

It has every rule in words, with its examples and sources; an index; the picture; and a form in which a case is decided
at once. There is one file for each language. A table `sources.csv` beside the rule files says what their sources are.

  dxrules docs -o handbook
  dxrules docs bundled mine.yaml -o handbook
  dxrules docs loans.yaml --facts my_module:Loan --only zh
"""

from __future__ import annotations

import argparse

from dxrules.cli import exits
from dxrules.cli.options import add_facts, add_json, add_paths


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    add_facts(parser)
    parser.add_argument(
        "-o", "--output", default="handbook", metavar="FOLDER", help="where to write; `handbook` by default"
    )
    parser.add_argument("--only", choices=("en", "zh"), help="one language; by default both, English as index.html")
    parser.add_argument(
        "--sources", metavar="FILE", help="the table of sources; by default `sources.csv` beside each rule file"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write a handbook."""
    from dxrules.api import load
    from dxrules.cli.output import Output
    from dxrules.cli.rules import classes_of, sources_of
    from dxrules.cli.words import rules_counted
    from dxrules.handbook import write_handbook
    from dxrules.rulebook import LANGS

    rulebook = load(*sources_of(options.paths), facts=classes_of(options.facts, options.paths))
    langs = (options.only,) if options.only else LANGS
    index = write_handbook(rulebook, options.output, langs=langs, sources=options.sources)
    if options.json:
        counts = {"rules": len(rulebook.rules), "patterns": len(rulebook.patterns)}
        Output().data({"index": str(index), **counts, "digest": rulebook.digest})
    else:
        rules = rules_counted(len(rulebook.rules), len(rulebook.patterns))
        Output().line(f"{index}: {rules}; open it in a browser")
    return exits.RAN
