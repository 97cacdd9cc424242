"""Who a printer is and how much it has worked: GS I and GS g 2, under their UnifiedPOS names.

Clones claim to be Epson; the answers are what the printer says, no more.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind
from console.drivers.printer.conversation import Conversation

_NAMES = {67: "ModelName", 66: "ManufacturerName", 65: "FirmwareRevision", 68: "SerialNumber", 69: "FontName"}
_NUMBERS = {1: "ModelId", 2: "TypeId", 3: "RomVersion"}  # one byte each, shown in hex
_COUNTERS = {
    148: "ReceiptLineFeedCount",
    149: "HeadEnergizedCount",  # not a UnifiedPOS name: that has none
    178: "PaperCutCount",
    198: "HoursPoweredCount",
}


async def ask_identity(line: Conversation, seconds: float) -> Mapping[str, str]:
    """What the printer says of itself; ends at the first question that it leaves unanswered.

    Answers do not name their question, so after a time-out a late one would be taken for the next.
    """
    identity: dict[str, str] = {}
    for number, name in _NAMES.items():
        reply = await line.ask(escpos.identity_request(number), Kind.BLOCK, seconds)
        if reply is None:
            return identity
        identity[name] = reply.data.decode("ascii", "replace").strip()
    for number, name in _NUMBERS.items():
        reply = await line.ask(escpos.identity_request(number), Kind.RAW, seconds)
        if reply is None:
            break
        identity[name] = reply.data.hex()
    return identity


async def ask_counters(line: Conversation, seconds: float) -> Mapping[str, int]:
    """The cumulative maintenance counters; ends at the first one that is not told."""
    counters: dict[str, int] = {}
    for number, name in _COUNTERS.items():
        reply = await line.ask(escpos.counter_request(number), Kind.BLOCK, seconds)
        if reply is None or not (reply.data.isdigit() and len(reply.data) <= 20):
            break
        counters[name] = int(reply.data)
    return counters
