from dxrules.source import Source, Span

__all__ = ["Source", "Span"]
