"""One RFID or NFC tag that was read. Its number is a person's: a member's card, a staff member's key."""

from __future__ import annotations

from dataclasses import dataclass, field

_SHOWN = 2  # characters at the end, as much as tells two tags apart that a person holds in their hands


@dataclass(frozen=True, slots=True)
class Tag:
    """`number` never goes into a log, a file or a window; `whole` is False where its check sum is wrong."""

    number: str = field(repr=False)
    kind: str  # EM4100, EPC and so on
    whole: bool = True

    @property
    def reduced(self) -> str:
        """What may be kept and shown of its number: how long it is, and its end."""
        return "•" * max(0, len(self.number) - _SHOWN) + self.number[-_SHOWN:]
