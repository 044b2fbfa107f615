"""Imports point one way, and every third-party library has one home."""

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "dxrules"

# A module imports from its own room and from rooms above it in this list, never from below.
ROOMS = [
    ["layout", "chinese"],
    ["errors", "suggest", "source"],
    ["schema", "values"],
    ["expression"],
    ["rollup"],
    ["rulebook", "pattern"],
    ["meaning", "matching", "digest", "storage"],
    ["facts", "structuring"],
    ["language"],
    ["render", "outcome", "plaindata"],
    ["codes"],
    ["plan"],
    ["explain"],
    ["decision"],
    ["engines"],
    ["api"],
    ["session"],
    ["fleet"],
    ["frames"],
    ["files"],
    ["handbook"],
    [""],  # dxrules/__init__.py
    ["authoring"],
    ["cli"],
    ["__main__"],
]

HOMES = {
    "yaml": {"language.reader"},
    "cattrs": {"structuring"},
    "durable_rules_engine": {"engines.rete.module"},
    "narwhals": {"engines.frame.nw"},
    "polars": {"engines.frame.polars_tables", "files.tables"},  # tables in memory, and tables in files
    "pandas": {"engines.frame.pandas_tables"},
    "numpy": {"engines.frame.pandas_tables", "files.csvblocks"},
    "pyarrow": {"engines.frame.arrow_tables", "files.tables"},
    "rich": {"cli.console", "files.progress"},
    "attrs": None,  # everywhere
}


def modules():
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


KNOWN = frozenset(f"dxrules.{name}" for name, _ in modules())


def named(nodes) -> set[str]:
    """The modules that import statements name."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(name if name in KNOWN else str(node.module) for name in names)
    return found


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    return named(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def room(module: str) -> int:
    head = module.split(".", maxsplit=1)[0]
    return next(place for place, names in enumerate(ROOMS) if head in names)


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda each: each if isinstance(each, str) else "")
def test_imports_point_one_way(module, path):
    """A module knows only what stands before it on the way from YAML text to decisions."""
    for name in imports(path):
        if name == "dxrules" or name.startswith("dxrules."):
            target = name.removeprefix("dxrules").removeprefix(".")
            assert room(target) <= room(module), f"{module} imports {name}"


@pytest.mark.parametrize("engine", ["compiled", "reference", "rete", "frame"])
def test_engines_know_no_yaml_and_no_other_engine(engine):
    """An engine sees checked trees only: never the reader, never another engine."""
    others = {"compiled", "reference", "rete", "frame"} - {engine}
    for module, path in modules():
        if module.split(".")[:2] == ["engines", engine]:
            for name in imports(path):
                parts = name.split(".")
                assert parts[:2] != ["dxrules", "language"], f"{module} imports {name}"
                assert not (parts[:2] == ["dxrules", "engines"] and others & set(parts[2:3])), (
                    f"{module} imports {name}"
                )


def test_modules_do_not_import_each_other_in_rings():
    """No module needs itself, however far round, when it is imported."""
    needs = {f"dxrules.{module}" if module else "dxrules": _at_import(path) for module, path in modules()}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join([*way, module])
        if module not in done:
            for name in needs.get(module, ()):
                visit(name, (*way, module))
            done.add(module)

    for module in needs:
        visit(module, ())


def _at_import(path: Path) -> set[str]:
    """What a file imports when it is imported itself: not what its functions import later."""
    return {name for name in named(ast.parse(path.read_text(encoding="utf-8")).body) if name.startswith("dxrules")}


def test_every_library_has_one_home():
    """A third-party library is imported in one module, so that one module changes when it does."""
    for module, path in modules():
        for name in imports(path):
            head = name.split(".")[0]
            if head == "dxrules" or head in sys.stdlib_module_names:
                continue
            assert head in HOMES, f"{module} imports {head}, which has no home yet"
            homes = HOMES[head]
            assert homes is None or module in homes, f"{module} imports {head}"
