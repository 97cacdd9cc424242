"""What every simulator has: an address, a profile entry, faults that are switched while it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import ClassVar, Self

from console.domain.errors import BadInput
from console.domain.words import say
from console.simulators.faults import FAULTS


def nearest(word: str, known: Sequence[str]) -> str:
    """The known name most like `word`; where nothing is like it, all of them."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, known, 1, 0.5)), " | ".join(known))


def number(what: str, text: str, least: float, most: float) -> float:
    """`text` as a number of that range; BadInput that names it where it is none."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise BadInput(
            say(
                '{what} "{value}" is not a number from {least} to {most}',
                what=what,
                value=text,
                least=least,
                most=most,
            )
        )
    return value


def check_fault(kind: str, name: str, known: Sequence[str] | None = None) -> None:
    """BadInput, with the nearest name, where `kind` of device has no such fault (by default: of FAULTS)."""
    known = FAULTS[kind] if known is None else known
    if name not in known:
        raise BadInput(
            say(
                'A simulated {kind} has no fault "{name}". Nearest: {nearest}',
                kind=kind,
                name=name,
                nearest=nearest(name, known),
            )
        )


class Simulator(ABC):
    """A fake device; open while used as an async context manager. All calls belong to its loop's thread."""

    kind: ClassVar[str]
    usage: ClassVar[tuple[str, ...]] = ()  # the typed commands that only this kind knows

    def __init__(self) -> None:
        self._faults: set[str] = set()

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs in its environment to see the device; mostly nothing."""
        return {}

    @property
    def faults(self) -> frozenset[str]:
        """The names of the faults that are on."""
        return frozenset(self._faults)

    def set_fault(self, name: str, on: bool = True) -> None:
        """Switch one fault; BadInput where this kind of device has no such fault."""
        self.check_fault(name)
        (self._faults.add if on else self._faults.discard)(name)

    @property
    def known_faults(self) -> Sequence[str]:
        """The names of all that it can show."""
        return FAULTS[self.kind]

    def check_fault(self, name: str) -> None:
        """BadInput, with the nearest name, where this kind of device has no such fault."""
        check_fault(self.kind, name, self.known_faults)

    def clear_faults(self) -> None:
        """Switch every fault off."""
        for name in sorted(self._faults):
            self.set_fault(name, False)

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it is, as a store profile writes it."""

    @abstractmethod
    def profile(self) -> str:
        """A ready entry for store.toml."""

    @abstractmethod
    async def open(self) -> None:
        """Start on its transport; OSError where the transport cannot be had."""

    @abstractmethod
    async def close(self) -> None:
        """Stop, and give everything back; harmless when closed already."""

    async def obey(self, line: str) -> dict[str, object]:
        """Carry out one typed command, `fault NAME on|off`; returns what to tell, BadInput if unknown."""
        match line.split():
            case ["fault", name, ("on" | "off") as switch]:
                self.set_fault(name, switch == "on")
                return {"faults": sorted(self._faults)}
            case _:
                raise BadInput(
                    say(
                        'Command "{command}" is not understood. Expected: {expected}',
                        command=line,
                        expected=" | ".join(("fault NAME on|off", *self.usage)),
                    )
                )

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
