"""Text for people, kept apart from its language until somebody reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence of the catalogue with its values; `values` may hold further Words."""

    text: str
    values: tuple[tuple[str, str | int | float | Words], ...] = ()
    many: str | None = None  # the plural source text; the value named "count" chooses

    def __str__(self) -> str:
        """The English source sentence, for logs and exceptions."""
        return self.filled(self.text if self.many is None or self.count == 1 else self.many)

    @property
    def count(self) -> int:
        """The number that chooses between singular and plural; 1 where there is none."""
        number = dict(self.values).get("count", 1)
        return number if isinstance(number, int) else 1

    def filled(self, pattern: str) -> str:
        """`pattern` (the text in some language) with this sentence's values put in."""
        return pattern.format(**dict(self.values)) if self.values else pattern


def say(text: str, **values: str | int | float | Words) -> Words:
    """A sentence with named values: `say("Port {port} is closed", port=9100)`."""
    return Words(text, tuple(values.items()))


def say_many(one: str, many: str, count: int, **values: str | int | float | Words) -> Words:
    """A sentence that counts: `say_many("{count} fault", "{count} faults", 3)`."""
    return Words(one, (("count", count), *values.items()), many)
