"""Deciding files of facts of any size: CSV, JSON Lines and Parquet."""

from dxrules.files.evaluate import FileReport, evaluate_file

__all__ = ["FileReport", "evaluate_file"]
