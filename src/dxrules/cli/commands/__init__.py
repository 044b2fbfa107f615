"""The commands, one module each, imported when it is run: `add_options` says what it takes, `run` does it."""

from __future__ import annotations

COMMANDS = {
    "eval": "decide facts from JSON, CSV or Parquet",
    "explain": "say why a fact is decided as it is, and what would change it",
    "check": "find the mistakes in rule files and cases files",
    "test": "try the examples of rules, and cases files",
    "lint": "find what is no mistake in rules, but hardly meant",
    "fmt": "lay rule files out in the one way",
    "new": "write a first rule file for a fact class",
    "docs": "write the handbook of rules: in words, with a form, as HTML",
    "graph": "draw which facts feed which rules, and what these conclude",
    "schema": "print the JSON Schema of rule files, cases files or facts, for editors",
}
