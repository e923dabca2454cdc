"""From a picture to a count: backends, counter, result."""
