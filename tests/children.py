"""Running code in a process of its own with a time limit, so that a crash or a hang is a failing test."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
_PATH = os.pathsep.join([str(TESTS), str(TESTS.parent)])


def run_child(*arguments, timeout=60, path=(), environment=None):
    """Run Python with some arguments, and return what it printed; anything but a regular end is a failure.

    Args:
        *arguments: those of the interpreter: `"-c", program`, or a script and its arguments.
        timeout: seconds.
        path: folders that come first where modules are looked for.
        environment: further variables.
    """
    paths = os.pathsep.join([*map(str, path), _PATH])
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-W", "error", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1", **(environment or {})},
    )
    assert done.returncode == 0, f"ended with {done.returncode}:\n{done.stdout[-4_000:]}\n{done.stderr[-4_000:]}"
    return done.stdout
