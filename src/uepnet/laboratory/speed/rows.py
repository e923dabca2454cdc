"""A row of the table of speeds: our time, the plain way's, and how much of the machine's limit is used."""

from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue


@dataclass(frozen=True)
class Aim:
    """What a path should reach: times the plain way's speed, or a share of the machine's limit; and a time, where named."""

    least: float
    against: Literal["plain", "limit"] = "plain"
    most_seconds: float | None = None

    def __str__(self) -> str:
        """The aim for people.

        >>> str(Aim(30, most_seconds=0.3)), str(Aim(0.6, against="limit"))
        ('30 x plain, 0.3 s', '60% of the limit')
        """
        text = f"{self.least:,g} x plain" if self.against == "plain" else f"{self.least:.0%} of the limit"
        return text if self.most_seconds is None else f"{text}, {self.most_seconds:g} s"


@dataclass(frozen=True)
class Use:
    """What a path needs of something that the machine does at most `per_second` of: FLOP, or bytes for a copy."""

    limit: str
    work: float
    per_second: float

    def share(self, seconds: float) -> float:
        """The share of the limit that is used where this takes so many seconds."""
        return self.work / seconds / self.per_second


@dataclass(frozen=True)
class Speed:
    """One hot path, measured against the plain way and against the machine in the same run; `note` says what was timed."""

    part: str
    name: str
    seconds: float
    plain_seconds: float
    aim: Aim
    use: Use
    note: str

    @property
    def times_plain(self) -> float:
        """How many times as fast as the plain way."""
        return self.plain_seconds / self.seconds

    @property
    def share(self) -> float:
        """The share of the limit that is used."""
        return self.use.share(self.seconds)

    @property
    def met(self) -> bool:
        """Whether the aim is reached, in time too where the aim names a time."""
        reached = self.times_plain if self.aim.against == "plain" else self.share
        return reached >= self.aim.least and (self.aim.most_seconds is None or self.seconds <= self.aim.most_seconds)

    def as_json(self) -> dict[str, JsonValue]:
        """The record of the result file."""
        return {
            "part": self.part,
            "name": self.name,
            "seconds": self.seconds,
            "plain_seconds": self.plain_seconds,
            "times_plain": self.times_plain,
            "limit": self.use.limit,
            "work": self.use.work,
            "limit_per_second": self.use.per_second,
            "share": self.share,
            "aim": str(self.aim),
            "met": self.met,
            "note": self.note,
        }
