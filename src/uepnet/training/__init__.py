"""The training loop, its data on the device, and its checkpoints."""
