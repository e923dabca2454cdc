"""Films and cameras: frames at their times, counts that are steady and honest, and a timeline of them."""
