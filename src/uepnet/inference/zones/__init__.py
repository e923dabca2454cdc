"""Zones of a picture: who is in them, on how many square metres, and whether that is too many."""
