"""The documentation, executed: what README, README.zh and docs/ show is run, top to bottom, each page in one namespace.

| on a page | what is done with it |
|---|---|
| a `python` block | executed; with `>>>` at its start, as doctests |
| a `text` block, next after a `python` block | compared with what that one printed; `...` stands for anything |
| a `yaml` block that begins with `rulebook:` | loaded, with the bundled and the page's own classes: no diagnostics |
| a `console` block with `$ dxrules ...` lines | run, one after the other, and what they print is compared |
| a table headed `condition`, `facts`, `result` | evaluated, row by row, on every engine |
| a table headed `code`, `refused`, `instead` | `refused` gives that diagnostic, `instead` none |

An HTML comment right above a block or table says more of it:

| comment | means |
|---|---|
| `<!-- skip: reason -->` | left out, and counted |
| `<!-- diagnostics: code, code -->` | the YAML gives exactly these (`none`: none); a `text` block after it shows them |
| `<!-- beside: bundled, other.yaml -->` | loaded together with the bundled packs, or with a block of that title |
| `<!-- conditions: Loan -->` | the class on which the conditions of a table are checked |
| `<!-- edit: a.yaml: old => new -->` | in that file of the page, one text is replaced before the block is run |

A `$ dxrules` line may end in `# exit 1`, its exit code where that is not 0, and in ` > file`; of others, such as
`$ pip`, nothing is run, and nothing of their block.

A block with a title (` ```yaml title="loans.yaml" `) is also written into the folder in which the page is run. Marked
with `diagnostics`, a `yaml` block may be a fragment: a rule, or a part of a pack without its first two lines.

In a result, `unknown: a, b` says for which facts the rule waits; a diagnostic's code, that the condition is refused.
"""
