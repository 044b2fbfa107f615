"""One thread at a time, and nothing goes on with what was interrupted half-way.

durable-rules keeps the interpreter's lock in every call, but asserting a fact and consuming its matches takes several
calls. In between another thread may come, a signal handler or a finaliser of this thread, or the exception of a
keyboard interrupt; and a process may fork.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class ReenteredError(Exception):
    """A signal handler or a finaliser asks for what its own thread is in the middle of."""


class Guard:
    """Lets one caller in at a time, and knows whether the last one came out regularly."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._whole = True
        _guards.add(self)

    @contextmanager
    def entered(self, renew: Callable[[], None]) -> Iterator[None]:
        """Let the caller in, and nobody else.

        Args:
            renew: makes what is guarded anew, when an earlier caller left it half-way.

        Raises:
            ReenteredError: this thread is in already.
        """
        # Only the lock itself knows at each moment who has it; a note beside it would be too late for a signal. This is
        # how threading.Condition asks it.
        if self._lock._is_owned():  # type: ignore[attr-defined]  # noqa: SLF001
            raise ReenteredError
        with self._lock:
            if not self._whole:
                renew()
                self._whole = True
            yield

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Within `entered`: what is guarded is whole again only when the end is reached."""
        self._whole = False
        yield
        self._whole = True

    def forked(self) -> None:
        """In a new process: whoever held it stayed behind."""
        self._lock = threading.RLock()


_guards: weakref.WeakSet[Guard] = weakref.WeakSet()


def _forked() -> None:
    for guard in list(_guards):
        guard.forked()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_forked)
