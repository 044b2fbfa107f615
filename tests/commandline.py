"""Running `dxrules` in a process of its own, as its users do."""

import os
import subprocess
import sys
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "dxrules"]


@attrs.frozen
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def environment(**more):
    """The environment of a command: without colours, in English, its cache off unless a test asks for it."""
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "LC_ALL", "LANG", "LC_MESSAGES")}
    kept |= {"DXRULES_CACHE": "off", "PYTHONPATH": os.pathsep.join(sys.path)}
    return kept | {key: str(value) for key, value in more.items()}


def dxrules(*words, given="", cwd=None, **env):
    """Run a command; what it prints must be UTF-8."""
    data = given if isinstance(given, bytes) else given.encode()
    done = subprocess.run(
        [*COMMAND, *map(str, words)], input=data, capture_output=True, cwd=cwd, env=environment(**env), check=False
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
