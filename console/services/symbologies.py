"""The state of a test of all symbologies: what was read, what was not, and the report of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from console.domain.lights import Light
from console.domain.specimens import SPECIMENS, SQUARE, Came, Kind, Sighting, Specimen, mend
from console.domain.symbology import symbology
from console.domain.words import Words, say


@dataclass(slots=True)
class Symbologies:
    """Which specimens a scanner read, and which a person says that it does not."""

    seen: dict[Kind, Sighting] = field(default_factory=dict)
    missed: set[Kind] = field(default_factory=set)

    def saw(self, sighting: Sighting) -> None:
        """It was read; a whole reading is not undone by a worse one."""
        kind = sighting.specimen.kind
        if kind not in self.seen or sighting.came is Came.WHOLE:
            self.seen[kind] = sighting
        self.missed.discard(kind)

    def miss(self, kind: Kind) -> None:
        """A person says that it is not read; what was read once stays read."""
        if kind not in self.seen:
            self.missed.add(kind)

    @property
    def open(self) -> tuple[Specimen, ...]:
        """What was not tried yet."""
        return tuple(
            each for each in SPECIMENS if each.kind not in self.seen and each.kind not in self.missed
        )

    def after(self, kind: Kind) -> Specimen | None:
        """The next one to try behind `kind`, from the top again at the end; None when all were tried."""
        waiting = self.open
        places = [each.kind for each in SPECIMENS]
        behind = [each for each in waiting if places.index(each.kind) > places.index(kind)]
        return (*behind, *waiting)[0] if waiting else None

    def light(self, kind: Kind) -> Light:
        """How it stands with one."""
        if kind in self.missed:
            return Light.FAULT
        if kind not in self.seen:
            return Light.UNKNOWN
        seen = self.seen[kind]
        if seen.came is Came.MISREAD:
            return Light.FAULT
        well = seen.came is Came.WHOLE and all(each.right for each in seen.checks)
        return Light.OK if well else Light.ATTENTION

    def words(self, kind: Kind) -> Words:
        """What became of one."""
        if kind in self.missed:
            return say("not read. {mend}", mend=mend(kind))
        if kind not in self.seen:
            return say("not tried yet")
        return _told(self.seen[kind])

    @property
    def summary(self) -> Words:
        """How many were read, and what that says of the scanner where it says something."""
        read, total = len(self.seen), len(SPECIMENS)
        words = say("{read} of {total} symbologies were read", read=read, total=total)
        if self.missed >= SQUARE and self.seen:
            return say("{words}. It reads no square code: it may be one for bars alone", words=words)
        return words

    def report(self, text: Callable[[Words], str]) -> list[str]:
        """Each symbology with what became of it, a line each."""
        return [f"{kind}: {text(self.words(kind))}" for kind in Kind]


def _told(seen: Sighting) -> Words:
    words = _CAME[seen.came]
    for each in seen.checks:
        right = say("check digit of {what} right", what=each.what)
        wrong = say("check digit of {what} wrong", what=each.what)
        words = say("{first}, {second}", first=words, second=right if each.right else wrong)
    if kind := symbology(seen.identifier):
        sent = say("sent as {name} ({identifier})", name=kind.name, identifier=kind.identifier)
        words = say("{first}, {second}", first=words, second=sent)
    return words


_CAME: Mapping[Came, Words] = {
    Came.WHOLE: say("read"),
    Came.SHORT: say("read, but its check digit or first digit did not come: switch its transmission on"),
    Came.MISREAD: say("read badly: wipe the scanner's window, and see that the code lies flat and whole"),
    Came.CHANGED: say("read, but its characters came changed: run the self-test, which names why"),
}
