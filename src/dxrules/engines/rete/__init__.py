"""The rete engine: durable-rules, within what is safe of it."""

from dxrules.engines.rete.engine import ReteEngine

__all__ = ["ReteEngine"]
