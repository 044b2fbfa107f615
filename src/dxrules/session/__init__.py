"""Sessions: working memory over facts and events, in which pattern rules fire."""

from dxrules.session.changes import Changes, OutcomeChange
from dxrules.session.session import Session

__all__ = ["Changes", "OutcomeChange", "Session"]
