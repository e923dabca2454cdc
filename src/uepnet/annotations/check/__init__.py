"""The linter of annotated pictures: what is broken, doubled, misplaced or repeated in data sets, as findings."""
