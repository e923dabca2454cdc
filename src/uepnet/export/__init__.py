"""From a model file to one graph that needs no torch."""
