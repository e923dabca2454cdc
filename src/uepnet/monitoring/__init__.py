"""Cameras watched live: streams that come back, alerts that do not flutter, and messages that reach somebody."""
