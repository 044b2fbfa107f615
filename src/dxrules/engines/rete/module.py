"""The C module of durable-rules: imported here and nowhere else, when the rete engine is first asked for."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from typing import Any, Protocol, cast

from dxrules.errors import MissingExtraError

_INSTALL = "pip install --no-cache-dir --no-binary durable-rules durable-rules"
_FLAG = "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject"  # a name that Python 3.13 no longer has
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
        module: Any = importlib.import_module("durable_rules_engine")
    except ModuleNotFoundError as error:
        raise MissingExtraError(_message("durable-rules is not installed", error)) from error
    except Exception as error:  # a build for another Python fails in many ways
        raise MissingExtraError(_message("durable-rules is installed, but does not import", error)) from error
    missing = [name for name in _NEEDED if not callable(getattr(module, name, None))]
    if missing:
        what = f"`durable_rules_engine` is not the module of durable-rules 2.0.28: it has no `{missing[0]}`"
        raise MissingExtraError(_message(what, None))
    return cast(DurableRules, module)


def _message(what: str, error: BaseException | None) -> str:
    said = f" ({error})" if error is not None else ""
    needs_flag = sys.version_info >= (3, 13)
    command = f"{_FLAG} {_INSTALL}" if needs_flag else _INSTALL
    command = command.replace("pip install", "pip install --force-reinstall") if error is not None else command
    return (
        f"the rete engine needs durable-rules, and {what}{said}. Type:\n\n    {command}\n\n"
        "It is built with a C compiler and Python's headers (on Debian and Ubuntu: gcc and python3-dev)"
        + (f"; `{_FLAG}` stands for a function that Python 3.13 no longer has" if needs_flag else "")
        + ". Every other engine works without it."
    )
