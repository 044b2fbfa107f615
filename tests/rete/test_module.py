"""Without durable-rules every engine but `rete` works, and `rete` says what to type."""

import sys
from types import ModuleType

import pytest

import dxrules
from children import run_child
from dxrules.engines.rete import module

COMMAND = (
    "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
    "python -m pip install --force-reinstall --no-cache-dir --no-binary durable-rules durable-rules"
)

WITHOUT = """
import dxrules

card = dxrules.Card(card_id="c-1", status="active", lost=True)
assert "SUSPEND_IMMEDIATELY" in dxrules.evaluate(card).codes
for name in dxrules.engines.NAMES:
    if name != "rete":
        assert dxrules.compile(dxrules.default_rulebook(), name).evaluate(card) == dxrules.evaluate(card)
try:
    dxrules.compile(dxrules.default_rulebook(), "rete")
except dxrules.MissingExtraError as error:
    print(error)
"""

STUBS = {
    "a build for Python 3.12": "raise ImportError('engine.so: undefined symbol: PyEval_CallObject')",
    "a build for another machine": "raise OSError('wrong ELF class')",
    "a broken build": "raise RuntimeError('it broke')",
    "some other module": "assert_fact = create_ruleset = print",
}


@pytest.fixture(autouse=True)
def _unimported():
    module._imported.cache_clear()
    yield
    module._imported.cache_clear()


@pytest.mark.parametrize("stub", STUBS)
def test_a_broken_build_is_told_and_all_else_works(stub, tmp_path):
    (tmp_path / "durable_rules_engine.py").write_text(STUBS[stub], encoding="utf-8")
    said = run_child("-c", WITHOUT, path=[tmp_path])
    assert said.startswith("the rete engine needs durable-rules, and ")
    assert f"\n    {COMMAND}\n" in said
    assert said.splitlines()[0].endswith(
        {
            "a build for Python 3.12": "it does not import (engine.so: undefined symbol: PyEval_CallObject). Type:",
            "a build for another machine": "it does not import (wrong ELF class). Type:",
            "a broken build": "it does not import (it broke). Type:",
            "some other module": "what is installed as `durable_rules_engine` has no `delete_ruleset`. Type:",
        }[stub]
    )


def test_a_missing_one_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with pytest.raises(dxrules.MissingExtraError, match=r"and it is not installed\. Type:") as caught:
        dxrules.compile(dxrules.default_rulebook(), "rete")
    assert COMMAND in str(caught.value)
    assert "gcc and python3-dev" in str(caught.value)


def test_it_may_be_installed_while_the_program_runs(monkeypatch):
    with monkeypatch.context() as context:
        context.setitem(sys.modules, "durable_rules_engine", None)
        with pytest.raises(dxrules.MissingExtraError):
            module.durable_rules()
    assert isinstance(module.durable_rules(), ModuleType)


def test_importing_dxrules_and_deciding_by_others_does_not_import_it():
    program = """
        import sys, dxrules
        dxrules.evaluate(dxrules.Card(card_id="c-1"))
        dxrules.compile(dxrules.default_rulebook(), "reference")
        assert not [name for name in sys.modules if name.startswith("durable")]
        dxrules.compile(dxrules.default_rulebook(), "rete")
        assert [name for name in sys.modules if name.startswith("durable")] == ["durable_rules_engine"]
    """
    run_child("-c", "\n".join(line[8:] for line in program.splitlines()))
