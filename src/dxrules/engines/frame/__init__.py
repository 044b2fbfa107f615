"""The frame engine: rules over the columns of a table, as expressions that the table's own engine runs."""

from dxrules.engines.frame.engine import ADDITIONS, Addition, OnError, decide_fleet_frame, decide_frame, decide_table

__all__ = ["ADDITIONS", "Addition", "OnError", "decide_fleet_frame", "decide_frame", "decide_table"]
