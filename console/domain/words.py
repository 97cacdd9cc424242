"""Text for people, kept apart from its language until somebody reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace

LONGEST = 200  # characters that are shown of what somebody wrote


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


def one_line(text: str, longest: int = LONGEST) -> str:
    """`text` without anything that would break or hide a line, and cut after `longest` characters."""
    safe = "".join(c if c.isprintable() or c == "\u3000" else f"\\u{ord(c):04x}" for c in text[: longest + 1])
    return safe if len(text) <= longest else f"{safe[:longest]}…"


def legible(words: Words) -> Words:
    """The same sentence with every text in its values on one line."""

    def tidied(value: str | int | float | Words) -> str | int | float | Words:
        if isinstance(value, Words):
            return legible(value)
        return one_line(value) if isinstance(value, str) else value

    return replace(words, values=tuple((name, tidied(value)) for name, value in words.values))
