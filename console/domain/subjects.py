"""What a light belongs to: a device, a backend, or the store's own network."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.words import say

DEVICE_KINDS = ("printer", "scanner", "drawer", "display", "scale", "rfid", "terminal")
KINDS = (*DEVICE_KINDS, "backend", "network")
KIND_WORDS = {
    "printer": say("printer"),
    "scanner": say("scanner"),
    "drawer": say("cash drawer"),
    "display": say("customer display"),
    "scale": say("scale"),
    "rfid": say("RFID reader"),
    "terminal": say("card terminal"),
    "backend": say("backend"),
    "network": say("network"),
}


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """`kind:name` as scripts write it; the network stands alone and has no name."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        """`printer:front`, or `network`."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def parse(cls, text: str) -> Subject:
        """The subject that `text` names; a bare kind stands for all of that kind."""
        kind, _, name = text.partition(":")
        return cls(kind, name)

    def covers(self, other: Subject) -> bool:
        """True when `other` is this subject, or of this kind where no name is given."""
        return self.kind == other.kind and self.name in ("", other.name)


NETWORK = Subject("network")
