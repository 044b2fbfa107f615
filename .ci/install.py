"""Install this checkout and what it needs into the virtual environment that runs this script.

    .venv/bin/python .ci/install.py [--extra NAME]... [--group NAME]...

The packages come from pyproject.toml, their versions from constraints.txt. durable-rules is installed by
itself, for two reasons. It has no wheels, so it needs a C compiler and Python's headers; without them all but
the rete engine works, and that must not stop the rest. And Python 3.13 no longer has a function that it
calls, so it is built with that name pointing at the function that took its place. (Older Pythons define the
name in their own headers, which wins.) pip's cache may hold a wheel that was built without that, so the cache
is not asked, and an import is the judge.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
RETE = "durable-rules"
RETE_FLAG = "-DPyEval_CallObject=PyObject_CallObject"
RETE_LOG = Path(sys.prefix) / f"{RETE}.log"
RETE_PROBE = "import importlib.metadata as m, durable_rules_engine; print(m.version('durable-rules'))"


def main() -> None:
    """Install the packages, then the checkout as editable, then durable-rules."""
    if sys.prefix == sys.base_prefix:
        sys.exit("install.py: run this with a virtual environment's Python; `make test` makes one in .venv")
    parser = argparse.ArgumentParser()
    parser.add_argument("--extra", action="append", default=[], help="an extra of pyproject.toml")
    parser.add_argument("--group", action="append", default=[], help="a dependency group of pyproject.toml")
    options = parser.parse_args()

    pip("--upgrade", "pip")
    pip(*requirements(options.extra, options.group))
    pip("--no-deps", "--build-constraint", str(CONSTRAINTS), "--editable", str(ROOT))
    install_rete()


def requirements(extras: list[str], groups: list[str]) -> list[str]:
    """What pyproject.toml asks for, but for durable-rules."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(table["project"]["dependencies"])
    for extra in extras:
        wanted += table["project"]["optional-dependencies"][extra]
    for group in groups:
        wanted += table["dependency-groups"][group]
    return [requirement for requirement in wanted if not requirement.startswith(RETE)]


def pip(*arguments: str) -> None:
    """Run `pip install`, pinned; end with pip's own words if it fails."""
    if subprocess.run(pip_install(*arguments), check=False).returncode:
        sys.exit("install.py: pip could not install the packages (its words are above)")


def pip_install(*arguments: str) -> list[str]:
    """The command line of a pinned `pip install`."""
    quiet = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-input"]
    return [sys.executable, "-m", "pip", "install", *quiet, "--constraint", str(CONSTRAINTS), *arguments]


def install_rete() -> None:
    """Build durable-rules unless the right version already works; say so when it cannot be had."""
    if rete_version() == pinned(RETE):
        return
    environment = os.environ | {"CPPFLAGS": f"{os.environ.get('CPPFLAGS', '')} {RETE_FLAG}".strip()}
    build = ["--no-cache-dir", "--no-binary", RETE, "--build-constraint", str(CONSTRAINTS)]
    command = pip_install("--force-reinstall", "--no-deps", *build, RETE)
    with RETE_LOG.open("w", encoding="utf-8") as log:
        subprocess.run(command, env=environment, stdout=log, stderr=log, check=False)
    if rete_version() is None:
        print(
            f"note: {RETE} could not be built, so the rete engine is not there; everything else works.\n"
            f"      It needs a C compiler and Python's headers (on Debian and Ubuntu: gcc and python3-dev).\n"
            f"      What pip said: {RETE_LOG}. To try again: make clean, then the command you ran.",
            file=sys.stderr,
        )


def rete_version() -> str | None:
    """The version of durable-rules that really imports here, or None."""
    probe = subprocess.run([sys.executable, "-c", RETE_PROBE], capture_output=True, text=True, check=False)
    return probe.stdout.strip() if probe.returncode == 0 else None


def pinned(name: str) -> str:
    """The version of a package in constraints.txt."""
    match = re.search(rf"^{re.escape(name)}==(\S+)", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        sys.exit(f"install.py: constraints.txt does not pin {name}")
    return match.group(1)


if __name__ == "__main__":
    main()
