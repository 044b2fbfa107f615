"""No trap of durable-rules can be reached: each is walked into in a process of its own, with a time limit.

The names, with the docstrings of the functions, are the table of traps and tests:

| where | which |
|---|---|
| tests/traps/limits.py | fixed sizes in its C code |
| tests/traps/values.py | values that it compares wrongly |
| tests/traps/running.py | rules that it takes otherwise than they are meant, and states in which it is left |
| tests/traps/joins.py | facts that it joins, and takes for one another |
| tests/traps/processes.py | threads, processes, signals |
"""

import pytest

from children import run_child
from traps import TRAPS


@pytest.mark.parametrize("name", TRAPS)
def test_the_trap_is_not_reached(name):
    assert TRAPS[name].__doc__
    perturbed = {"MALLOC_PERTURB_": "165"}  # the C library fills memory that is new or free
    assert run_child("-m", "traps", name, environment=perturbed) == "walked\n"
