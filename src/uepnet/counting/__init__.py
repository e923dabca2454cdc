"""From head points to local counts, intervals, proxies and classes; NumPy and SciPy, never torch."""
