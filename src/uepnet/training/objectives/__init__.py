"""The losses, one short file each."""
