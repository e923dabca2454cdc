"""A count held against an area: how dense the crowd would stand, and what the usual estimate by area would say.

The estimate is Jacobs' (1967, "To count a crowd", Columbia Journalism Review): the area times a typical density. His
densities are 10, 4.5 and 2.5 square feet a person, in round numbers 1, 2.5 and 4 people per square metre.
"""

from uepnet.inference.zones.density import LEVELS, level_of

JACOBS: tuple[tuple[float, str], ...] = ((1.0, "loose"), (2.5, "dense"), (4.0, "very dense"))
"""People per square metre, and what such a crowd is called."""


def density_of(count: float, area_m2: float) -> float:
    """People per square metre; `ValueError` for an area that is none."""
    if not 0 < area_m2 < float("inf"):
        raise ValueError(f"an area is more than 0 square metres, not {area_m2}")
    return count / area_m2


def in_words(count: float, area_m2: float) -> str:
    """The density and its level, and how the estimates by area stand to the count, in sentences.

    >>> print(in_words(500, 250.0))
    On 250 m² this is 2.0 people per m² (reduced speed). The count lies between Jacobs' estimates for a loose and a dense crowd.
    """
    density = density_of(count, area_m2)
    first = (
        f"On {area_m2:,.0f} m² this is {density:,.{1 if density >= 0.1 else 2}f} people per m² ({level_of(density)})."
    )
    if density > LEVELS[-1][0]:
        return f"{first} Hardly any crowd stands so dense: check the area, and the count."
    names = [name for _, name in JACOBS]
    above = sum(density >= typical for typical, _ in JACOBS)
    if above == 0:
        return f"{first} The count lies below Jacobs' estimate for a loose crowd, as where the area is partly empty."
    if above == len(JACOBS):
        return f"{first} The count lies above Jacobs' estimate for a {names[-1]} crowd: check the area on a map."
    return f"{first} The count lies between Jacobs' estimates for a {names[above - 1]} and a {names[above]} crowd."


def estimates(area_m2: float) -> tuple[str, ...]:
    """Jacobs' estimates for an area, in people.

    >>> estimates(250.0)
    ('250', '625', '1,000')
    """
    return tuple(f"{density * area_m2:,.0f}" for density, _ in JACOBS)


def areas_needed(count: float) -> tuple[str, ...]:
    """The area that a crowd would need at each of Jacobs' densities, in square metres.

    >>> areas_needed(500)
    ('500', '200', '125')
    """
    return tuple(f"{count / density:,.0f}" for density, _ in JACOBS)


def level_starts(area_m2: float) -> tuple[str, ...]:
    """From how many people on an area each of Fruin's levels holds.

    >>> level_starts(100.0)
    ('0', '43', '200', '360', '560', '710')
    """
    return tuple(f"{density * area_m2:,.0f}" for density, _ in LEVELS)


def level_index(density: float) -> int:
    """Which of the levels a density is on.

    >>> level_index(0.1), level_index(2.0)
    (0, 2)
    """
    return [name for _, name in LEVELS].index(level_of(density))
