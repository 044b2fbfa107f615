"""The C module of durable-rules: imported here and nowhere else, when the rete engine is first asked for."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from dxrules.errors import MissingExtraError

COMMAND = (
    "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
    "python -m pip install --force-reinstall --no-cache-dir --no-binary durable-rules durable-rules"
)
"""Builds durable-rules for this Python. The flag stands for a function that Python 3.13 no longer has, and changes
nothing before; pip's cache may hold a build without it."""

_NEEDED = (
    "create_ruleset", "delete_ruleset", "delete_state", "assert_fact", "retract_fact", "start_action_for_state",
    "complete_and_start_action",
)  # fmt: skip


class DurableRules(Protocol):
    """What is called of the C module. Nothing else of it is safe."""

    def create_ruleset(self, name: str, rules: str) -> int:
        """A new ruleset's handle."""

    def delete_ruleset(self, handle: int) -> None:
        """Free a ruleset."""

    def delete_state(self, handle: int, sid: str) -> None:
        """Free a ruleset's memory of facts."""

    def assert_fact(self, handle: int, fact: str) -> tuple[int, int]:
        """0 for a fact that was stored, 1 for one that nothing reads, 2 for an id that is there already."""

    def retract_fact(self, handle: int, fact: str) -> tuple[int, int]:
        """Take a fact out by its id."""

    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str] | None:
        """The first match that is waiting."""

    def complete_and_start_action(self, handle: int, state: int) -> str | None:
        """Consume that match; the next one that is waiting."""


def durable_rules() -> DurableRules:
    """The C module.

    Raises:
        MissingExtraError: it is not installed, or does not import; the message says what to type.
    """
    return _imported()


@cache  # a failure is not kept: durable-rules may be installed while the program runs
def _imported() -> DurableRules:
    try:
        import durable_rules_engine
    except ModuleNotFoundError as error:
        raise MissingExtraError(_message("it is not installed")) from error
    except Exception as error:  # a build for another Python fails in many ways
        raise MissingExtraError(_message(f"it does not import ({error})")) from error
    missing = [name for name in _NEEDED if not callable(getattr(durable_rules_engine, name, None))]
    if missing:
        raise MissingExtraError(_message(f"what is installed as `durable_rules_engine` has no `{missing[0]}`"))
    return cast(DurableRules, durable_rules_engine)


def _message(what: str) -> str:
    return (
        f"the rete engine needs durable-rules, and {what}. Type:\n\n    {COMMAND}\n\n"
        "It is built with a C compiler and Python's headers (on Debian and Ubuntu: gcc and python3-dev). "
        "Every other engine works without it."
    )
