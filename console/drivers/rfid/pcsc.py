"""A contactless card reader of PC/SC, through pyscard where it is installed (PC/SC Workgroup, part 3).

The reader is asked for its name and state; a card on it for its UID by `FF CA 00 00 00`, which the reader
answers from what it knows already: nothing is written to a card, and nothing of its content is read.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from console.domain.discovery import Found
from console.domain.errors import Busy, Denied, NotConfigured, TillkeeperError, Unreachable, Unsupported
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Report
from console.domain.tags import Tag
from console.domain.words import say
from console.drivers.entries import found
from console.drivers.observed import observed, trouble_seen
from console.drivers.rfid.reader import LastTag
from console.platforms.threads import in_thread

UID = [0xFF, 0xCA, 0x00, 0x00, 0x00]
_LOOK = 0.25  # seconds between two looks for a card
# Answers of the service (winscard.h, pcsclite.h), by their low 32 bits.
_NO_SERVICE, _SERVICE_STOPPED, _NO_READERS, _UNKNOWN_READER, _GONE = (
    0x8010001D, 0x8010001E, 0x8010002E, 0x80100009, 0x80100017,
)  # fmt: skip
_SHARING, _NOT_ALLOWED = 0x8010000B, 0x8010006A


class CardReader:
    """Implements `ports.TagReader`; `name` is a part of the reader's name, or empty for the only one."""

    def __init__(self, name: str, clock: Clock, library: Callable[[], Any] | None = None) -> None:
        self.name = name
        self._clock = clock
        self._library = library or _pyscard
        self._last = LastTag(clock)

    async def examine(self) -> Sequence[Evidence]:
        """Whether the service runs and has the reader."""
        began = self._clock.seconds()
        try:
            reader = await in_thread(self._reader)
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, "rfid.pcsc", trouble)]
        words = say("The smart-card service has this reader: {name}", name=str(reader))
        found = observed(self._clock, began, "rfid.pcsc", str(reader), words, {"rfid.identified"})
        seen = [replace(found, facts={"ModelName": str(reader)})]
        tag = self._last.told()
        return [*seen, tag] if tag else seen

    async def totals(self) -> Mapping[str, int]:
        """How many tags were read since the program started."""
        return self._last.totals()

    async def tags(self, listening: Callable[[], None]) -> AsyncGenerator[Tag, None]:
        """Each card as it is laid on, until closed; the service's errors."""
        reader = await in_thread(self._reader)
        listening()
        lies_there = ""
        while True:
            number = await in_thread(self._uid, reader)
            if number and number != lies_there:
                tag = Tag(number, "UID")
                self._last.saw(tag)
                yield tag
            lies_there = number
            await asyncio.sleep(_LOOK)

    def _reader(self) -> Any:
        system = self._library().System
        try:
            readers = system.readers()
        except Exception as error:
            raise _trouble(error) from error
        wanted = [each for each in readers if self.name.casefold() in str(each).casefold()]
        if not wanted:
            there = ", ".join(map(str, readers)) or "–"
            words = say('There is no card reader "{name}"; there are: {there}', name=self.name, there=there)
            raise Unreachable(words, "pcsc.no_reader")
        return wanted[0]

    def _uid(self, reader: Any) -> str:
        """The card's number; empty where none lies on it."""
        exceptions = self._library().Exceptions
        connection = reader.createConnection()
        try:
            connection.connect()
            data, first, _ = connection.transmit(UID)
        except (exceptions.NoCardException, exceptions.CardConnectionException) as error:
            code = _code(error)
            if code in (_SHARING, _UNKNOWN_READER, _GONE, _NO_SERVICE, _SERVICE_STOPPED):
                raise _trouble(error) from error
            return ""
        finally:
            connection.disconnect()
        return bytes(data).hex().upper() if first == 0x90 else ""


class CardReaderSearch:
    """Readers that the smart-card service knows; silent where there is no such service or library."""

    def __init__(self, library: Callable[[], Any] | None = None) -> None:
        self._library = library or _pyscard

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each reader, by the name that the service gives it."""
        report(say("Looking for smart-card readers"))
        try:
            names = await in_thread(self._names)
        except TillkeeperError:
            return
        for name in names:
            yield found("rfid", f"pcsc://{quote(name)}", ("", name), "documented")

    def _names(self) -> list[str]:
        try:
            return [str(each) for each in self._library().System.readers()]
        except TillkeeperError:
            raise
        except Exception as error:
            raise _trouble(error) from error


def _pyscard() -> Any:
    """The library; Unsupported, with its name, where it is not installed or finds no PC/SC on this system."""
    try:
        importlib.import_module("smartcard.System")
        importlib.import_module("smartcard.Exceptions")
    except ImportError as error:
        words = say("This computer lacks the library pyscard ({reason})", reason=str(error)[:80])
        raise Unsupported(words, "pcsc.no_library") from error
    except Exception as error:
        raise _trouble(error) from error
    return sys.modules["smartcard"]


def _code(error: BaseException) -> int:
    code = getattr(error, "hresult", 0)
    return int(code) & 0xFFFFFFFF if isinstance(code, int) else 0


def _trouble(error: BaseException) -> TillkeeperError:
    code = _code(error)
    if code in (_NO_READERS, _UNKNOWN_READER, _GONE):
        return Unreachable(say("The smart-card service has no reader"), "pcsc.no_reader")
    if code == _SHARING:
        return Busy(say("Another program holds the card on the reader"), "pcsc.busy")
    if code == _NOT_ALLOWED:
        words = say("The system lets this user not use the smart-card service: polkit, org.debian.pcsc-lite")
        return Denied(words, "pcsc.denied")
    words = say("The smart-card service does not answer: {reason}", reason=str(error)[:80])
    return NotConfigured(words, "pcsc.not_running")
