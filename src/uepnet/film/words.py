"""Times and states in words."""


def clock_time(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any.

    >>> clock_time(75.4), clock_time(3725)
    ('1:15', '1:02:05')
    """
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


STATES = {
    "ok": "counted",
    "away": "no picture comes",
    "moved": "the camera moved: another view",
    "dark": "dark: nothing to see, nothing counted",
    "covered": "lens covered: nothing counted",
    "frozen": "picture stands: nothing counted",
}
"""What a state means for those who look at a picture."""
