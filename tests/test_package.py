"""What is installed: the wheel and its rules, a checkout and its rules, types for users, a light import."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "tests" / "typed" / "program.py"

DECIDES = """
import dxrules
rulebook = dxrules.default_rulebook()
decision = dxrules.evaluate(dxrules.Card(card_id="c"))
assert decision.digest == rulebook.digest
print(dxrules.__file__, len(list(rulebook.rules)), rulebook.digest, sep="\\n")
"""

ADDED_PACK = """\
rulebook: added_by_a_test
facts: Card
rules:
  ADDED_BY_A_TEST:
    when: card_id == "added-by-a-test"
    inform: null
    message: {en: "Added.", zh: "已添加。"}
"""

WRONGLY_TYPED = """\
import dxrules

decision = dxrules.evaluate(dxrules.Card(card_id="c"))

number: int = decision.digest
dxrules.Card(card_id=7)
decision.verdicts("cancel")
"""

PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"

# What `import dxrules` must not load: each is heavy, and for some jobs only.
HEAVY = {
    *("click", "durable", "durable_rules_engine", "duckdb", "hypothesis", "narwhals", "numpy", "pandas"),
    *("polars", "pyarrow", "pyspark", "rich", "yaml", "_yaml", "z3"),
}


def run(*command, cwd):
    """Run a command that must succeed, and return what it printed."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def copy_of_checkout(folder):
    """A copy of what building reads: the sources, the rules and the pages that pyproject.toml names."""
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("src", "rules"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def python_with(folder, *installed):
    """A new virtual environment's Python: this one's libraries, but dxrules only as installed here.

    The libraries come by a .pth file. The .pth files inside the folder that it names are not followed, so the
    editable dxrules of the running environment is not among them.
    """
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    purelib = Path(run(python, "-c", PURELIB, cwd=folder).strip())
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (purelib / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    offline = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed"]
    run(*pip, "install", *offline, *installed, cwd=folder)
    return python


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    checkout = copy_of_checkout(tmp_path_factory.mktemp("build") / "checkout")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "../dist", cwd=checkout)
    (built,) = (checkout.parent / "dist").glob("dxrules-*.whl")
    return built


@pytest.fixture(scope="module")
def installed_python(wheel, tmp_path_factory):
    return python_with(tmp_path_factory.mktemp("installed") / "venv", wheel)


def decides(python, cwd):
    """Let a Python decide a card with the bundled rules: where dxrules is, how many rules, their digest."""
    where, rules, digest = run(python, "-I", "-c", DECIDES, cwd=cwd).splitlines()
    return Path(where), int(rules), digest


def test_the_wheel_holds_the_package_the_rules_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    rules = {f"dxrules/{path.relative_to(ROOT).as_posix()}" for path in ROOT.glob("rules/**/*.yaml")}
    assert rules
    assert rules <= set(names)
    assert "dxrules/py.typed" in names
    assert "dxrules/__init__.py" in names
    assert {name.split("/")[0] for name in names} == {"dxrules", "dxrules-0.1.0.dist-info"}
    assert len(names) == len(set(names))


def test_an_installed_wheel_decides_with_its_own_rules(installed_python, tmp_path):
    where, rules, digest = decides(installed_python, cwd=tmp_path)
    assert not where.is_relative_to(ROOT)
    assert rules >= 60
    assert digest == decides(sys.executable, cwd=tmp_path)[2]


def test_an_edit_to_a_rule_of_an_editable_checkout_is_seen(tmp_path):
    checkout = copy_of_checkout(tmp_path / "checkout")
    python = python_with(tmp_path / "venv", "--editable", checkout)
    assert not list((tmp_path / "venv").rglob("dxrules/rules"))

    where, rules, before = decides(python, cwd=tmp_path)
    assert where.is_relative_to(checkout)

    pack = checkout / "rules" / "cancellation.yaml"
    text = pack.read_text(encoding="utf-8")
    edited = re.sub(r'\ben: "', 'en: "Edited. ', text, count=1)
    assert edited != text
    pack.write_text(edited, encoding="utf-8")
    _, same_number, after_edit = decides(python, cwd=tmp_path)
    assert same_number == rules
    assert after_edit != before

    (checkout / "rules" / "added_by_a_test.yaml").write_text(ADDED_PACK, encoding="utf-8")
    _, one_more, after_addition = decides(python, cwd=tmp_path)
    assert one_more == rules + 1
    assert after_addition != after_edit


def mypy(program, python, cwd):
    """Type-check a program against what a Python has installed: whether it passed, and what was printed."""
    options = [
        "--strict",
        "--config-file=",
        f"--cache-dir={cwd / 'cache'}",
        "--python-executable",
        str(python),
    ]
    command = [sys.executable, "-m", "mypy", *options, str(program)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def test_the_installed_command_tries_the_installed_rules(installed_python, tmp_path):
    command = installed_python.with_name("dxrules.exe" if os.name == "nt" else "dxrules")
    printed = run(command, "test", cwd=tmp_path)
    assert printed.endswith("rules: all pass\n")
    assert run(installed_python, "-m", "dxrules", "test", cwd=tmp_path) == printed


def test_a_typed_program_type_checks_against_the_installed_package_and_runs(installed_python, tmp_path):
    program = shutil.copy(PROGRAM, tmp_path)
    passed, printed = mypy(program, installed_python, tmp_path)
    assert passed, printed
    printed = run(installed_python, "-I", program, cwd=tmp_path)
    assert printed == "blocked ['NO_SPACE'] undetermined ['weight_g']\n"


def test_a_wrongly_typed_program_does_not_type_check(installed_python, tmp_path):
    """That the right one passes must not be because everything is Any."""
    program = tmp_path / "wrong.py"
    program.write_text(WRONGLY_TYPED, encoding="utf-8")
    _, printed = mypy(program, installed_python, tmp_path)
    errors = [line for line in printed.splitlines() if ": error:" in line]
    assert [error.split(":")[1] for error in errors] == ["5", "6", "7"], printed


def test_the_import_is_light(tmp_path):
    done = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", "-c", "import dxrules"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "dxrules" in loaded
    assert not loaded & HEAVY


def test_every_extra_that_is_named_is_there():
    """In messages, docs and examples: what people are told to install must exist."""
    extras = set(
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    )
    files = [
        *ROOT.glob("*.md"),
        *(path for part in ("src", "docs", "examples", "tests") for path in (ROOT / part).rglob("*")),
    ]
    named = {
        (extra, path.relative_to(ROOT))
        for path in files
        if path.suffix in (".py", ".md")
        for found in re.findall(r"dxrules\[([a-z, ]+)\]", path.read_text(encoding="utf-8"))
        for extra in found.replace(" ", "").split(",")
    }
    assert named
    assert [each for each in named if each[0] not in extras] == []
