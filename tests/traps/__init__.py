"""Each trap of durable-rules, walked into through our interface; `python -m traps NAME` walks into one.

Each runs in a process of its own, started by tests/rete/test_traps.py. Most compare the decisions of `rete` with those
of `reference`; where the trap lies in joining facts, it is the network under sessions that is tried.
"""

from traps import joins, limits, processes, running, values
from traps.base import TRAPS

__all__ = ["TRAPS", "joins", "limits", "processes", "running", "values"]
