"""A simulated bar code scanner on USB that speaks HID POS (usage page 8Ch), on a simulated bus.

Its descriptor and reports have the form that Access-IS prints in the LSR118 product manual, appendix B:
report ID 2, length, AIM identifier, 56 bytes of data, the maker's own code ID, whether the code goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from console.simulators.faults import HID_SCANNER
from console.simulators.scanner import ScannerSimulator
from console.simulators.usb import Alternate, UsbBus, UsbModel, UsbPort

_DATA = 56  # bytes a report
_HID = Alternate(kind=3, sub=0, protocol=0, out_end=0, in_end=0x81)
# Items in the order of HID 1.11, 6.2.2: page, usage, collection; then each field with its size and count.
_SCANNED = (
    "058c 0902 a101"  # Bar Code Scanner page, Bar Code Scanner, application
    " 0912 a102 8502 1500 26ff00"  # Scanned Data Report, logical, report 2, 0 to 255
    " 7508 9501 0501 093b 8102"  # Byte Count
    " 9503 058c 09fb 09fc 09fd 8102"  # Symbology Identifier 1 to 3
    " 9538 09fe 820201"  # Decoded Data, buffered bytes
    " 0666ff 9502 0904 0900 8102"  # maker's own: code ID, nothing
    " 058c 2501 7501 9508 09ff 8102 c0"  # Decode Data Continued
)
_REDIRECTION = " 0666ff 7508 26ff00 0903 a102 85fe 9501 0903 b28201 c0"  # Honeywell's feature report 254
_END = " c0"
PLAIN = bytes.fromhex(_SCANNED + _END)
REDIRECTED = bytes.fromhex(_SCANNED + _REDIRECTION + _END)


def hid_model(vendor: int = 0x05E0, product: int = 0x1200, serial: str = "HS10000001") -> UsbModel:
    """A scanner's shape on the bus; one of Honeywell's (0c2e) has to be told to send its codes here."""
    redirects = vendor == 0x0C2E
    report = (REDIRECTED if redirects else PLAIN).hex()
    return UsbModel(
        vendor, product, serial, "Simulated", "HS-1", None, -1,
        alternates=(_HID,), report=report, redirects=redirects,
    )  # fmt: skip


class HidScannerSimulator(ScannerSimulator):
    """The scanner; `identifier` is AIM's, by default what suits the code."""

    def __init__(self, model: UsbModel | None = None, bus: UsbBus | None = None) -> None:
        self.usb = UsbPort(model or hid_model(), bus)
        super().__init__(self.usb, "", "none", 0.0)
        self.identifier = ""

    usage: ClassVar[tuple[str, ...]] = ("scan CODE", "paper CODE", "usb FAULT on|off")

    @property
    def known_faults(self) -> Sequence[str]:
        """The names of all that it can show."""
        return HID_SCANNER

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs in its environment to see it."""
        return self.usb.environment

    def profile(self) -> str:
        """A ready [[scanner]] entry."""
        return f'[[scanner]]\nname = "simulated"\naddress = "{self.address}"\nsuffix = "none"\n'

    async def obey(self, line: str) -> dict[str, object]:
        """`usb FAULT on|off`, and what every scanner knows."""
        match line.split():
            case ["usb", name, ("on" | "off") as switch]:
                self.usb.set_fault(name, switch == "on")
                return {"usb": sorted(self.usb.faults)}
            case _:
                return await super().obey(line)

    async def _send(self, text: str, end: bytes) -> None:
        for report in self.reports(text.encode() + end):
            self._port.write(report)

    def reports(self, data: bytes) -> list[bytes]:
        """The input reports of one code, as the faults have it."""
        pieces = [data[at : at + _DATA] for at in range(0, len(data), _DATA)]
        identifier = b"\0\0\0" if "no_identifier" in self._faults else self._identifier(data)
        last = len(pieces) - 1
        made = [
            bytes([2, len(piece)]) + identifier + piece.ljust(_DATA, b"\0") + b"j\0" + bytes([place < last])
            for place, piece in enumerate(pieces)
        ]
        if "unfinished" in self._faults and made:
            made[-1] = made[-1][:-1] + b"\1"
        return made

    def _identifier(self, data: bytes) -> bytes:
        if self.identifier:
            return self.identifier.encode()
        by_length = {13: b"]E0", 12: b"]E0", 8: b"]E4"} if data.isdigit() else {}
        return by_length.get(len(data), b"]C0")
