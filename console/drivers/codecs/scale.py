"""What scales send, as weighings; pure bytes in, values out.

* `toledo`: Mettler-Toledo 8217 and its many likenesses (service manual of the Viva, "8217 protocol";
  Transcell PC-150, B.1.4): `W` CR is answered by STX weight [N] CR, N for net, or by STX `?` status CR:
  bit 0 motion, bit 1 out of range, bit 2 under zero. Bits 5 and 6 differ between manuals and are not read.
  No unit is told.
* `cas`: CAS AP-1, SW-II, Gram Zfoc and Aclas OS2: ENQ is answered by ACK, then DC1 by SOH STX, S stable, U
  unstable or F abnormal, sign, weight, unit, BCC (exclusive or of all behind STX), ETX EOT. That an OS2,
  common in China, may send the same frame without being asked is (unchecked).
* `lines`: A&D, CAS (22 bytes) and most bench scales: `ST,GS,+0012.34kg` CR LF; ST stable, US unstable, OL out
  of range; GS gross, NT net (A&D AD-4404 9.2.6, OP-05 "A&D standard format", CAS Caston-III 7).
* `yaohua`: Yaohua XK3190, continuous, common in China: STX, sign, six digits, number of decimals, two
  hexadecimal digits of the exclusive or, ETX. Neither unit nor stability is told.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import xor

from console.domain.weighing import Weighing

ASK_TOLEDO = b"W\r"
ASK_TOLEDO_EVEN = (
    b"\xd7\x8d"  # the same on a line of eight bits as it goes over one of seven with even parity
)
ENQ, ACK, NAK, DC1 = b"\x05", b"\x06", b"\x15", b"\x11"
LONGEST = 64  # bytes of one frame, with room

_FILL = b"\x00\x04\x06\x15\r\n "  # between frames: their ends, and the answers to ENQ
_FRAME = re.compile(
    rb"\x02(?P<toledo>[ 0-9.]{4,8})(?P<net>N?)\r"
    rb"|\x02\?(?P<status>.)\r"
    rb"|\x01\x02(?P<cas>(?P<state>[SUF])(?P<sign>[- F])(?P<digits>[ 0-9.]{5,7})(?P<unit>[A-Za-z ]{2}))"
    rb"(?P<bcc>.)\x03"
    rb"|(?P<head>ST|US|OL),(?:(?P<kind>GS|NT|G |N ),)?(?:[^\x00-\x1f,]{2},)?"
    rb"(?P<line>[-+]?[ 0-9.]{1,12}) ?(?P<line_unit>kg|g|t|lb|oz)?\r"
    rb"|OL,(?P<over>[-+ ]?)[^\x00-\x1f]{0,24}\r"
    rb"|\x02(?P<yaohua>(?P<plus>[-+])(?P<six>[0-9]{6})(?P<decimals>[0-4]))(?P<check>[0-9A-F]{2})\x03",
    re.DOTALL,
)
_BEGUN = re.compile(rb"(?:\x01?\x02[-+? 0-9.A-Za-z]*|\x01|(?:ST|US|OL),[ -~]*)+")


class WeightReader:
    """Cuts a stream of bytes into weighings, however it arrives; keeps at most LONGEST bytes."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Weighing]:
        """The weighings that `data` completes."""
        self._rest += data
        found = []
        while frame := _FRAME.search(self._rest):
            self._rest = self._rest[frame.end() :]
            if (weighing := _read(frame)) is not None:
                found.append(weighing)
        self._rest = self._rest[-LONGEST:]
        return found


def nothing_said(heard: bytes) -> bool:
    """Whether all that came is what may stand between frames."""
    return not heard.strip(_FILL)


def broken_off(heard: bytes) -> bool:
    """Whether all that came are beginnings of frames."""
    return _BEGUN.fullmatch(heard.translate(None, _FILL)) is not None


def seven_bits(data: bytes) -> bytes:
    """The same as a line of seven bits with parity means it."""
    return bytes(byte & 0x7F for byte in data)


def _read(frame: re.Match[bytes]) -> Weighing | None:
    """None where digits or check sum are wrong."""
    if frame["toledo"] is not None:
        weight = _number(frame["toledo"])
        return weight if weight is None else Weighing("toledo", weight, "", True, frame["net"] == b"N")
    if frame["status"] is not None:
        return _status(frame["status"][0])
    if frame["cas"] is not None:
        return _cas(frame)
    if frame["yaohua"] is not None:
        if b"%02X" % reduce(xor, frame["yaohua"]) != frame["check"]:
            return None
        weight = Decimal(frame["six"].decode()).scaleb(-int(frame["decimals"]))
        return _signed("yaohua", weight, frame["plus"], "", None)
    return _line(frame)


def _status(bits: int) -> Weighing:
    trouble = "under_zero" if bits & 4 else "overload" if bits & 2 else ""
    return Weighing("toledo", stable=False if bits & 1 else None, trouble=trouble)


def _cas(frame: re.Match[bytes]) -> Weighing | None:
    if reduce(xor, frame["cas"]) != frame["bcc"][0]:
        return None
    if b"F" in (frame["state"], frame["sign"]):
        return Weighing("cas", trouble="overload")
    weight = _number(frame["digits"])
    if weight is None:
        return None
    unit = frame["unit"].decode().strip().lower()
    return _signed("cas", weight, frame["sign"], unit, frame["state"] == b"S")


def _line(frame: re.Match[bytes]) -> Weighing | None:
    head = frame["head"]
    if head is None or head == b"OL":
        under = b"-" in (frame["over"] or frame["line"] or b"")
        return Weighing("lines", trouble="under_zero" if under else "overload")
    weight = _number(frame["line"].lstrip(b"+-"))
    if weight is None:
        return None
    net = None if frame["kind"] is None else frame["kind"].startswith(b"N")
    unit = (frame["line_unit"] or b"").decode()
    return _signed("lines", weight, frame["line"][:1], unit, head == b"ST", net)


def _signed(
    dialect: str, weight: Decimal, sign: bytes, unit: str, stable: bool | None, net: bool | None = None
) -> Weighing:
    """Less than zero without a tare means that something is missing on the pan."""
    under = sign == b"-" and weight != 0
    weight = -weight if under else weight
    return Weighing(dialect, weight, unit, stable, net, "under_zero" if under and not net else "")


def _number(digits: bytes) -> Decimal | None:
    try:
        return Decimal(digits.replace(b" ", b"").decode())
    except InvalidOperation:
        return None
