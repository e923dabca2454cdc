"""Drawn crowd scenes with exact head points."""
