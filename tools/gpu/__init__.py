"""A training on a rented GPU: packed here, run there, brought home in pieces. docs/gpu.md has the commands."""
