"""Measures, protocols and reports of a counter on a data set."""
