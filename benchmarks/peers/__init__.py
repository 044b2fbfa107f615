"""Other engines on the same twelve rules, each behind one small interface.

A module here is one library. It imports the library only inside `build`, so that a missing one is reported
and not fatal; it compiles its rules once; and what it returns takes an attrs card, conversion included, to
its codes. Where a library can be asked in several ways, the module uses the one that measured fastest and
says which.
"""

from importlib import import_module

from benchmarks.peers.peer import Codes, Peer

__all__ = ["Codes", "Peer", "all_peers"]

_MODULES = (
    "datalogic_peer",
    "zen_engine_peer",
    "cel_peer",
    "rule_engine_peer",
    "durable_peer",
)


def all_peers() -> list[Peer]:
    """Every peer there is, whether or not its library is installed."""
    return [peer for module in _MODULES for peer in import_module(f"benchmarks.peers.{module}").PEERS]
