"""The network, its encoders, and the file its weights travel in."""
