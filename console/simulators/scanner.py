"""A simulated bar code scanner on a serial line (pseudo-terminal), and what one that types would type.

It answers the menu commands of Honeywell's user guides (Voyager 1250g, chapter 9 "Serial Programming
Commands"): SYN M CR, then tag, sub-tag and data, ended by "." (volatile) or "!" (stored). The answer repeats
the command with its value and ACK (06), ENQ (05, unknown tag) or NAK (15, bad value) before the punctuation.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import ClassVar

from console.domain.errors import BadInput
from console.domain.words import say
from console.simulators.base import Simulator, nearest, number
from console.simulators.ports import Line, PtyPort
from console.simulators.usb import UsbPort

SUFFIXES = {"enter": b"\r", "cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "tab": b"\t", "none": b""}
_START = b"\x16M\r"
_ACK, _ENQ, _NAK = b"\x06", b"\x05", b"\x15"
_MENU = {"CBRENA": (1, 0, 1), "232BAD": (5, 0, 9), "SUFBK2": (0, 0, 1)}  # default, least, most
_LONGEST = 256  # bytes of one menu command
_SLOW_SECONDS = 0.08  # between characters, as some scanners are set up
_HANZI = "阿不此的额发个和一就可了吗你哦怕去人是他无为我下有在"
# What a US keyboard makes of the keys on which a German one has these; @ and the other signs that need AltGr
# there open menus and write nothing.
_GERMAN_ON_US = str.maketrans(
    dict(zip("yzYZ-/:;_=?()&\"'*+#", "zyZY/&><?)_*(^@|}]\\", strict=True)) | dict.fromkeys("@{[]}\\|~", "")
)
# What codes that set scanners mend: NETUM's for wired 2D scanners (quick setup guide), and Honeywell's, whose
# questions this one answers (tilde, menu command, full stop). FNC3 stands in front of them all.
_INIT = "\u00f3"
_SETS = {
    "3030052": ("missing_suffix", "wrong_suffix"),
    "2051700": ("extra_prefix", "code_id"),
    "6060101": ("layout",),
    "3030C91": ("double_read",),
    "3030C93": ("double_read",),
    "3030161": ("missing_check_digit",),  # of EAN-13
    "2030102": ("missing_leading_zero",),  # of UPC-A
    "~VSUFCR.": ("missing_suffix", "wrong_suffix"),
    "~PRECA2.": ("extra_prefix", "code_id"),
    "~DLYGRD500.": ("double_read",),
    "303FFF0": (
        "missing_suffix", "wrong_suffix", "extra_prefix", "code_id", "layout", "double_read", "slow_keys",
        "missing_check_digit", "missing_leading_zero", "dropped_characters", "screen_blind",
    ),
}  # fmt: skip
_REVISION = (
    b"Product Name: Simulated SS-1\r\nBoot Revision: 1\r\n"
    b"Software Revision: SS1-1.00\r\nSerial Number: SS10000001\r\n"
)


class ScannerSimulator(Simulator):
    """The scanner; `delay` is seconds between characters, `suffix` a key of SUFFIXES."""

    kind: ClassVar[str] = "scanner"
    usage: ClassVar[tuple[str, ...]] = (
        "scan CODE",
        "paper CODE",
        "prefix TEXT",
        f"suffix {'|'.join(SUFFIXES)}",
        "delay SECONDS",
    )

    def __init__(self, port: PtyPort | UsbPort, prefix: str, suffix: str, delay: float) -> None:
        super().__init__()
        self._port = port
        self.prefix, self.delay = prefix, delay
        self.suffix = suffix
        self.settings: dict[str, int] = {}  # menu settings that were changed
        self._typed = b""
        self._chance = Random(0)

    @classmethod
    def pty(
        cls, link: Path | None = None, *, prefix: str = "", suffix: str = "enter", delay: float = 0.0
    ) -> ScannerSimulator:
        """A scanner behind `link` (default: a name in a temporary folder)."""
        return cls(PtyPort("scanner", link), prefix, suffix, delay)

    @property
    def suffix(self) -> str:
        """What ends a code: a key of SUFFIXES."""
        return self._suffix

    @suffix.setter
    def suffix(self, name: str) -> None:
        if name not in SUFFIXES:
            raise BadInput(
                say(
                    'Scanner suffix "{suffix}" is unknown. Nearest: {nearest}',
                    suffix=name,
                    nearest=nearest(name, tuple(SUFFIXES)),
                )
            )
        self._suffix = name

    @property
    def address(self) -> str:
        """`serial:///PATH`."""
        return self._port.address

    def profile(self) -> str:
        """A ready [[scanner]] entry."""
        suffix = "enter" if self.suffix == "cr" else self.suffix
        return f'[[scanner]]\nname = "simulated"\naddress = "{self.address}"\nsuffix = "{suffix}"\n'

    async def open(self) -> None:
        """Plug it in."""
        await self._port.open(self)

    async def unplug(self) -> None:
        """Pull the plug: the port vanishes."""
        await self._port.unplug()

    async def plug_in(self) -> None:
        """Put the plug back in, at the same address."""
        await self._port.open(self)

    async def close(self) -> None:
        """Unplug for good."""
        await self._port.close()

    async def scan(self, code: str, paper: bool = False) -> None:
        """Read `code` from a screen or from `paper` and send it; returns when all is sent.

        One with FNC3 in front (here as "ó") sets the scanner, or does nothing where it is another maker's.
        """
        if not self._sees(paper):
            return
        if code.startswith(_INIT):
            for fault in _SETS.get(code.removeprefix(_INIT), ()):
                self._faults.discard(fault)
        else:
            for text, suffix in self.transmissions(code):
                await self._send(text, suffix)

    def _sees(self, paper: bool) -> bool:
        return "mute" not in self._faults and (paper or "screen_blind" not in self._faults)

    def transmissions(self, code: str) -> list[tuple[str, bytes]]:
        """Each text that one reading of `code` sends, with its end, as set up and as the faults have it."""
        text = "TK0815000000" if "misread" in self._faults else code
        if "missing_check_digit" in self._faults:
            text = text[:-1]
        if "missing_leading_zero" in self._faults:
            text = text.removeprefix("0")
        if "dropped_characters" in self._faults:
            text = self._drop(text)
        text = self._in_front() + self.prefix + text
        if "layout" in self._faults:
            text = text.translate(_GERMAN_ON_US)
        if "caps_lock" in self._faults:
            text = text.swapcase()
        if "input_method" in self._faults:
            text = "".join(_HANZI[ord(each) % len(_HANZI)] if each.isalpha() else each for each in text)
        if "full_width" in self._faults:
            text = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)
        return [(text, self._end())] * (2 if "double_read" in self._faults else 1)

    def _in_front(self) -> str:
        return ("]C1" if "extra_prefix" in self._faults else "") + ("j" if "code_id" in self._faults else "")

    def _end(self) -> bytes:
        if "missing_suffix" in self._faults:
            return b""
        wrong = b"\r" if self.suffix == "tab" else b"\t"
        return wrong if "wrong_suffix" in self._faults else SUFFIXES[self.suffix]

    @property
    def pause(self) -> float:
        """Seconds between two characters."""
        return max(self.delay, _SLOW_SECONDS) if "slow_keys" in self._faults else self.delay

    def _drop(self, text: str) -> str:
        """Without one or more of its characters."""
        kept = "".join(each for each in text if self._chance.random() > 0.2)
        at = self._chance.randrange(len(text)) if text else 0
        return kept if len(kept) < len(text) else text[:at] + text[at + 1 :]

    async def _send(self, text: str, end: bytes) -> None:
        data, pause = text.encode() + end, self.pause
        pieces = [bytes([byte]) for byte in data] if pause else [data]
        for piece in pieces:
            self._port.write(piece)
            if pause:
                await asyncio.sleep(pause)

    async def obey(self, line: str) -> dict[str, object]:
        """`scan CODE`, `paper CODE`, `prefix TEXT`, `suffix NAME`, `delay SECONDS`, and more."""
        match line.split(maxsplit=1):
            case [("scan" | "paper") as where, code]:
                await self.scan(code, where == "paper")
                return {"scanned": len(code)}
            case ["prefix", *rest]:
                self.prefix = "".join(rest)
                return {"prefix": self.prefix}
            case ["suffix", name]:
                self.suffix = name
                return {"suffix": name}
            case ["delay", text]:
                self.delay = number("delay", text, 0, 10)
                return {"delay": self.delay}
            case _:
                return await super().obey(line)

    def received(self, line: Line, data: bytes) -> None:
        """Bytes from the host: menu commands are answered, anything else is passed over."""
        if "mute" in self._faults:
            return
        self._typed += data
        while (start := self._typed.find(_START)) >= 0:
            ends = [at for mark in b".!" if (at := self._typed.find(mark, start + 3)) >= 0]
            if not ends:
                break
            command, self._typed = self._typed[start + 3 : min(ends) + 1], self._typed[min(ends) + 1 :]
            line.write(self._answer(command))
        self._typed = self._typed[max(0, start) :][-_LONGEST:] if start >= 0 else self._typed[-2:]

    def lost(self, line: Line) -> None:
        """The plug was pulled: a half-typed command is forgotten."""
        self._typed = b""

    def _answer(self, command: bytes) -> bytes:
        """Each part between "," or ";" is answered by itself; after "," the tag before it is kept."""
        out, tag, part = b"", b"", b""
        for byte in command:
            if byte not in b",;.!":
                part += bytes([byte])
                continue
            text = part.upper()
            if len(text) >= 3 and not (out.endswith(b",") and len(text) < 6):
                tag = text[:3]
                out += self._one(text)
            else:
                out += self._one(tag + text)[len(tag) :]
            out += bytes([byte])
            part = b""
        return out

    def _one(self, text: bytes) -> bytes:
        name, value = text[:6].decode("ascii", "replace"), text[6:]
        if name == "REVINF":
            return text + _REVISION + _ACK
        if name not in _MENU:
            return text + _ENQ
        default, least, most = _MENU[name]
        if value in {b"?", b"^"}:
            now = self.settings.get(name, default) if value == b"?" else default
            return text[:6] + b"%d" % now + _ACK
        if value == b"*":
            return text[:6] + b"%d-%d" % (least, most) + _ACK
        if not value.isdigit() or not least <= int(value) <= most:
            return text + _NAK
        self.settings[name] = int(value)
        return text + _ACK
