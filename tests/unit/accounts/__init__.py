"""Account requests: rules, addresses, names, tags, edits."""
