"""The comparison of systems: what was published, as data, and what was measured here."""
