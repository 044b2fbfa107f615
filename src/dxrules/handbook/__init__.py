"""The handbook: documents, a picture and a form made from a rulebook, for people who do not run Python.

`encode` gives a rulebook as data, by which `resources/evaluator.js` decides in the browser; `words` says conditions in
English and Chinese, `patternwords` pattern rules; `nodes` and `drawing` are the picture, `timeline` and
`timelinedrawing` that of the order of events; the other modules make pages of them, out of elements that escape
whatever they are given (`markup`). Nothing in a page comes from the network, and no text of a rule is ever code.
"""

from dxrules.handbook.write import graph, write_handbook

__all__ = ["graph", "write_handbook"]
