"""Sessions: working memory over facts and events, in which pattern rules fire."""

from dxrules.session.changes import Change, Changes
from dxrules.session.session import Session

__all__ = ["Change", "Changes", "Session"]
