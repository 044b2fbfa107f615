"""Reading rule files: YAML text to nodes, nodes to packs as written, those to a checked rulebook."""
