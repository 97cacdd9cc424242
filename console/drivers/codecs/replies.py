"""What every printer language's parser gives: pieces of the answer, whatever way the bytes were cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

GARBAGE = "garbage"  # the kind of bytes that are no answer in this language


@dataclass(frozen=True, slots=True)
class Reply:
    """One piece of the printer's answer; `kind` is a name of its language's codec, or GARBAGE."""

    kind: str
    data: bytes


class Parser(Protocol):
    """Takes bytes in any pieces and yields replies; what it keeps is bounded."""

    @property
    def pending(self) -> bytes:
        """A reply that has begun and not ended."""

    def expect(self, kind: str | None) -> None:
        """The kind of the one reply that was asked for; None when that question is over.

        For languages whose answers have no signature of their own.
        """

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Each reply that `data` completes."""
