"""Who a printer is and how much it has worked: GS I and GS g 2, under their UnifiedPOS names.

Which numbers a printer answers, and what they count, stands in its model's profile (`resources/models`).
Clones claim to be Epson; the answers are what the printer says, no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from console.domain.models import GENERIC, Counter, Model
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind
from console.drivers.printer.conversation import Conversation

ModelOf = Callable[[Mapping[str, str]], Model]  # the profile that fits an identity; may read files

_NAMES = {67: "ModelName", 66: "ManufacturerName", 65: "FirmwareRevision", 68: "SerialNumber", 69: "FontName"}
_FIRST = (67, 66)  # these tell the model, and with it what else to ask
_NUMBERS = {1: "ModelId", 2: "TypeId", 3: "RomVersion"}  # one byte each, shown in hex
_DIGITS = 10  # of a counter: Epson, ESC/POS Command Reference, GS g 2


def any_printer(_: Mapping[str, str]) -> Model:
    """A ModelOf that knows of no makers."""
    return GENERIC["escpos"]


async def ask_identity(line: Conversation, seconds: float, model_of: ModelOf) -> tuple[dict[str, str], Model]:
    """What the printer says of itself, and the model that it seems to be.

    Ends at the first question that it leaves unanswered: answers do not name their question, so after a
    time-out a late one would be taken for the next.
    """
    identity: dict[str, str] = {}
    if not await _ask_names(line, seconds, _FIRST, identity):
        return identity, await asyncio.to_thread(model_of, identity)
    model = await asyncio.to_thread(model_of, identity)
    if not await _ask_names(line, seconds, [n for n in model.asks if n not in _FIRST], identity):
        return identity, model
    for number, name in _NUMBERS.items():
        reply = await line.ask(escpos.identity_request(number), Kind.RAW, seconds)
        if reply is None:
            break
        identity[name] = reply.data.hex()
    return identity, model


async def _ask_names(
    line: Conversation, seconds: float, numbers: Iterable[int], identity: dict[str, str]
) -> bool:
    """Whether every one of `numbers` was answered; the answers go into `identity`."""
    for number in numbers:
        reply = await line.ask(escpos.identity_request(number), Kind.BLOCK, seconds)
        if reply is None:
            return False
        identity[_NAMES[number]] = reply.data.decode("ascii", "replace").strip()
    return True


async def ask_counters(line: Conversation, seconds: float, counters: Iterable[Counter]) -> Mapping[str, int]:
    """The maintenance counters that the model has; ends at the first one that is not told."""
    told: dict[str, int] = {}
    for counter in counters:
        reply = await line.ask(escpos.counter_request(counter.number), Kind.BLOCK, seconds)
        if reply is None or not (reply.data.isdigit() and len(reply.data) <= _DIGITS):
            break
        told[counter.name] = int(reply.data)
    return told
