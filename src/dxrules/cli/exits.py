"""How a command ends: what its exit code says."""

from __future__ import annotations

RAN = 0  # it ran, whatever was decided
FINDINGS = 1  # there are mistakes, findings, failing tests or changes to make
BAD_INPUT = 2  # what it was given cannot be used: options, files, facts
INTERRUPTED = 130  # by Ctrl-C, as shells number it
BROKEN_PIPE = 141  # nobody reads on, as shells number it

MEANING = (
    (RAN, "it ran, whatever was decided"),
    (FINDINGS, "there are findings, or failing tests"),
    (BAD_INPUT, "bad input: options, rules or facts that cannot be used"),
)


class UsageError(Exception):
    """A command was asked for what it cannot do; the text says what to write instead."""
