"""Print the JSON Schema of rule files, of cases files, or of facts.

Editors check and complete a file by its schema while it is written; docs/how-to/edit-rules-in-vs-code.md shows how.

  dxrules schema > .schema.json
  dxrules schema --cases > .cases-schema.json
  dxrules schema --facts my_module:Loan
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from dxrules.cli import exits


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--cases", action="store_true", help="the schema of cases files")
    kind.add_argument(
        "-f", "--facts", metavar="MODULE:CLASS", help="the schema of facts of an attrs class, such as `Card`"
    )


def run(options: argparse.Namespace) -> int:
    """Print a schema."""
    sys.stdout.write(json.dumps(_schema(options), ensure_ascii=False, indent=2) + "\n")
    return exits.RAN


def _schema(options: argparse.Namespace) -> dict[str, Any]:
    from dxrules.authoring.jsonschema import cases_schema, facts_schema, rules_schema

    if options.facts:
        from dxrules.cli.rules import class_of
        from dxrules.schema import describe

        return facts_schema(describe(class_of(options.facts)))
    return cases_schema() if options.cases else rules_schema()
