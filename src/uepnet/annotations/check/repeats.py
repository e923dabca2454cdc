"""Pictures that repeat each other within and across data sets, gathered into groups."""

from collections.abc import Iterator, Sequence

from uepnet.annotations.check.copies import Copy, find_copies
from uepnet.annotations.check.finding import Finding
from uepnet.annotations.check.subject import Reading, parts_of

NAMED = 6
"""Pictures that a message names at most."""


def find_repeats(readings: Sequence[Reading]) -> Iterator[Finding]:
    """A finding for every group of pictures that repeat each other; the worst kind where a group spans two parts.

    One file under two names is no repetition. A picture that copies any of a group belongs to it.
    """
    known = [reading for reading in readings if reading.fingerprint is not None]
    copies = [*_same_pixels(known), *find_copies([r.fingerprint for r in known if r.fingerprint is not None])]
    links = [copy for copy in copies if known[copy.first].subject.file != known[copy.second].subject.file]
    for group in _groups(len(known), links):
        within = [copy for copy in links if copy.first in group]
        yield _finding([known[place] for place in group], mirrored=all(copy.mirrored for copy in within))


def _same_pixels(readings: Sequence[Reading]) -> Iterator[Copy]:
    """Each picture with the first that has the same pixels."""
    first: dict[bytes, int] = {}
    for place, reading in enumerate(readings):
        if reading.fingerprint is not None and first.setdefault(reading.fingerprint.digest, place) != place:
            yield Copy(first[reading.fingerprint.digest], place, mirrored=False)


def _groups(size: int, links: Sequence[Copy]) -> list[list[int]]:
    """The places that are linked directly or through others, in order; those linked to none are left out."""
    leader = list(range(size))

    def lead(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for link in links:
        ends = sorted((lead(link.first), lead(link.second)))
        leader[ends[1]] = ends[0]
    members: dict[int, list[int]] = {}
    for place in range(size):
        members.setdefault(lead(place), []).append(place)
    return [group for group in members.values() if len(group) > 1]


def _finding(group: Sequence[Reading], *, mirrored: bool) -> Finding:
    parts = parts_of(reading.subject for reading in group)
    digests = {reading.fingerprint.digest for reading in group if reading.fingerprint is not None}
    how = "have the same pixels" if len(digests) == 1 else "look the same" + (", mirrored" if mirrored else "")
    named = ", ".join(map(_name, group[:NAMED])) + (f" and {len(group) - NAMED} more" if len(group) > NAMED else "")
    message = f"{named} {how}"
    if len(parts) == 1:
        return Finding("repeated-picture", message, tuple(group))
    trained = [reading.subject.label for reading in group if reading.subject.part == "train"]
    way_out = f"leave {', '.join(trained)} out of the training" if trained else "validate or test without it"
    return Finding("leaked-picture", f"{message}; {way_out}", tuple(group))


def _name(reading: Reading) -> str:
    heads = "" if reading.heads is None else f", {len(reading.heads):,} heads"
    return f"{reading.subject.label} ({reading.subject.part}{heads})"
