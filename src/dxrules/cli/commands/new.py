"""Write a first rule file for a fact class.

The file is valid as it is written: one rule with examples, and a list of the facts that rules can read. A file that is
there is not written over.

  dxrules new                                   rules on Card, into card_rules.yaml
  dxrules new my_module:Loan -o loans.yaml
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from dxrules.cli import exits
from dxrules.cli.options import add_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "facts", nargs="?", default="Card", metavar="MODULE:CLASS", help="the attrs class; `Card` by default"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="the file to write; `-` is standard output")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write a rule file."""
    from dxrules.authoring.scaffold import default_name, first_rulebook
    from dxrules.cli.output import Output
    from dxrules.cli.rules import class_of
    from dxrules.schema import describe

    cls = class_of(options.facts)
    path = Path(options.output or f"{default_name(cls)}.yaml")
    name = default_name(cls) if options.output in (None, "-") else re.sub(r"\W+", "_", path.stem)
    name = name if name.isidentifier() else default_name(cls)
    word = options.facts if ":" in options.facts else ""
    try:
        text = first_rulebook(describe(cls), name, word, path.name)
    except ValueError:
        raise exits.UsageError(f"`{cls.__name__}` has no fact that rules can read") from None
    out = Output()
    if options.output == "-":
        out.line(text.rstrip("\n"))
        return exits.RAN
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise exits.UsageError(f"{path} is there already; name another with `-o FILE`") from None
    if options.json:
        out.data({"written": str(path), "rulebook": name})
        return exits.RAN
    option = f" --facts {word}" if word else ""
    out.line((str(path), "strong"), ": written. Change it, and then:")
    out.line(f"  dxrules check {path}{option}")
    out.line(f"  dxrules test {path}{option}")
    return exits.RAN
