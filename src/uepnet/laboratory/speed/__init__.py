"""How far each hot path is from what the machine can do, and from the plain way to do it."""
