"""One ruleset of durable-rules, created so that nothing in it can fail, and freed whole.

Everything is called in one order: assert a fact, consume every match that is waiting, and so on. There is one session
id, no action, no event, no timer. Whoever calls holds a lock.

A ruleset is first shown a fact that it matches, for two reasons. It proves that the module works; and durable-rules
reads a pointer that it never set when it frees a memory in which nothing has matched yet.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterable, Mapping
from itertools import count

from dxrules.engines.rete.hashing import check_distinct
from dxrules.engines.rete.module import DurableRules, durable_rules
from dxrules.errors import EngineError

encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
"""The one way in which facts and rules are written: durable-rules compares the written texts."""

SID = "0"
RESERVED = (
    "id", "sid", "$s", "sid-0", "$i", "all", "any", "pri", "count", "cap", "dist", "name", "m", "$m", "$l", "$r",
    "$eq", "$neq", "$lt", "$lte", "$gt", "$gte", "$ex", "$nex", "$and", "$or", "$mt", "$imt", "$iall", "$iany",
    "$add", "$sub", "$mul", "$div", "$forward", "$time", "$timerName", "$baseTime", "$pulse", "warm",
)  # fmt: skip
"""Names that mean something to durable-rules, which knows them by their hashes alone, and one of ours."""

MAX_TEXT = 65_535  # bytes of a written text; durable-rules counts them with 16 bits
MAX_INT = 2**63 - 1

_WARM = encode({"warm": True, "id": "warm", "sid": SID})
_names = count(1)


class Ruleset:
    """Rules in durable-rules' own form, and the facts that it holds.

    It does not check what it is given: `dxrules.engines.rete.matcher` and `network` do.

    Args:
        rules: by name.
        properties: of the facts; at most 250.

    Raises:
        MissingExtraError: durable-rules is not there.
        EngineError: durable-rules refuses the rules, or would take one name for another.
    """

    def __init__(self, rules: Mapping[str, object], properties: Iterable[str]) -> None:
        check_distinct([*RESERVED, *rules, *properties])
        self._module = durable_rules()
        text = encode({**rules, "warm": {"all": [{"m": {"warm": True}}]}})
        with _refusals("the rules"):
            self._handle = self._module.create_ruleset(f"dxrules {next(_names)}", text)
        self._free = weakref.finalize(self, _delete, self._module, self._handle)
        self._free.atexit = False  # the process's memory goes with it
        if self.put(_WARM) != ['{"warm":{"m":' + _WARM + "}}"]:
            self.abandon()
            raise EngineError("durable-rules does not give a match that is there: is the clock set, to after 1970?")
        self.take("warm")

    def put(self, text: str) -> list[str] | None:
        """Assert a fact and consume what it makes match.

        Args:
            text: the fact as JSON, with an `id` that no fact here has, and the `sid`.

        Returns:
            The matches as durable-rules writes them; None when no rule reads the fact, which is then not stored.

        Raises:
            EngineError: durable-rules refuses; nothing is known of what it holds then.
        """
        module, handle = self._module, self._handle
        with _refusals("a fact"):
            result, state = module.assert_fact(handle, text)
            if result == 1:
                return None
            if result != 0:
                raise EngineError(f"durable-rules did not take a fact: {result}")
            found: list[str] = []
            started = module.start_action_for_state(handle, state)
            match = started[1] if started is not None else None
            while match is not None:
                found.append(match)
                match = module.complete_and_start_action(handle, state)
            return found

    def put_waiting(self, text: str) -> None:
        """Assert a fact and leave its matches waiting; it must be taken out before anything else is put in."""
        with _refusals("a fact"):
            result, _ = self._module.assert_fact(self._handle, text)
        if result != 0:
            raise EngineError(f"durable-rules did not take a fact: {result}")

    def take(self, identity: str) -> None:
        """Retract a fact by its id; nothing happens when there is none."""
        with _refusals("a fact to retract"):
            self._module.retract_fact(self._handle, f'{{"id":"{identity}","sid":"{SID}"}}')

    def abandon(self) -> None:
        """Never touch it again, not even to free it: nothing is known of its state."""
        self._free.detach()

    def close(self) -> None:
        """Free it."""
        self._free()


def _delete(module: DurableRules, handle: int) -> None:
    module.delete_state(handle, SID)  # else 190 KB of ten rules stay behind
    module.delete_ruleset(handle)


class _refusals:  # noqa: N801  # reads as a word of the statement: `with _refusals(...)`
    """Turns the exceptions of the C module into ours."""

    __slots__ = ("_what",)

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        """Nothing to begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, EngineError):
            raise EngineError(f"durable-rules refuses {self._what}: {error}") from error
