"""Annotated pictures from files: one small reader per layout, all giving the same `DataSet`."""
