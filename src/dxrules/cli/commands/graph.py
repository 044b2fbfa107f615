"""Draw which facts feed which rules, and what these conclude.

As SVG, or as a text that Mermaid draws, in Markdown pages of GitHub for one.

  dxrules graph --pack security > security.svg
  dxrules graph loans.yaml --facts my_module:Loan --format mermaid
  dxrules graph --no-rules --lang zh -o bundled.svg
"""

from __future__ import annotations

import argparse
import sys

from dxrules.cli import exits
from dxrules.cli.options import add_facts, add_lang, add_paths


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    add_facts(parser)
    parser.add_argument("--format", choices=("svg", "mermaid"), default="svg", help="how it is drawn")
    parser.add_argument("--pack", metavar="NAME", help="the rules of one pack alone")
    parser.add_argument("--no-rules", action="store_true", help="leave the rules out: facts lead to outcomes")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; standard output by default")
    add_lang(parser)


def run(options: argparse.Namespace) -> int:
    """Draw."""
    from pathlib import Path

    from dxrules.api import load
    from dxrules.cli.rules import classes_of, sources_of
    from dxrules.handbook import graph

    rulebook = load(*sources_of(options.paths), facts=classes_of(options.facts, options.paths))
    text = graph(rulebook, options.format, lang=options.lang, pack=options.pack, rules=not options.no_rules)
    if options.output:
        Path(options.output).write_text(text, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(text)
    return exits.RAN
