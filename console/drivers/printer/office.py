"""Whether an office printer stands at an address: it would print what it takes for text.

Nearly all network printers for paper of the last twenty years answer IPP at /ipp/print (RFC 8010,
PWG 5100.14), receipt and label printers hardly ever do. Older ones are not told apart. On USB
each tells its languages.
"""

from __future__ import annotations

from console.domain.errors import Busy, Denied, TillkeeperError
from console.drivers.codecs.usb_printer import is_no_label_printer
from console.drivers.printer.ipp.client import IppClient
from console.drivers.printer.ipp.place import PORT, remote
from console.drivers.told import Told

_SECONDS = 1.0


async def is_office_printer(host: str, port: int = PORT) -> bool:
    """Whether `host` itself answers as an IPP printer, be it with a refusal."""
    literal = f"[{host}]" if ":" in host else host
    try:
        await IppClient(remote(f"ipp://{literal}:{port}"), _SECONDS).printer()
    except (Busy, Denied):
        return True
    except TillkeeperError:
        return False
    return True


async def calls_itself_another(told: Told) -> bool:
    """Whether what a USB printer says of itself speaks against a label printer."""
    return "usb.device_id" in told and is_no_label_printer(told["usb.device_id"].fields)
