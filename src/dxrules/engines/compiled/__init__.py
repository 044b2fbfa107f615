"""The compiled engine: Python source generated once an epoch."""

from dxrules.engines.compiled.engine import CompiledEngine

__all__ = ["CompiledEngine"]
