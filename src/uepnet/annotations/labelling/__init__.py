"""The point files of labelling tools, in and out; one file per tool, all as {picture's name: points [heads, 2]}."""
