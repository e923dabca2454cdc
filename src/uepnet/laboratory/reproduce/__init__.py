"""The paper's tables and figures, measured anew: what each needs, how its rows are learnt, and how they are shown."""
