"""Counting over HTTP: an interface for programs and one page for people, both answered by `Counter`."""
