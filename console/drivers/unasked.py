"""Who is on an unknown serial port, told by what it sends unasked; nothing is sent there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from console.domain.errors import TillkeeperError
from console.domain.ports import Transport
from console.domain.tags import Tag
from console.domain.weighing import Weighing
from console.drivers.codecs.rfid import TagStream
from console.drivers.codecs.scale import WeightReader

LISTEN_SECONDS = 1.2  # in which a streaming scale sends at least two weighings
_WEIGHINGS = 2  # one may be chance


async def unasked(connect: Callable[[], Transport]) -> tuple[str, str, str] | None:
    """Kind, protocol and what came: a scale's weight, or the kind of a tag that was held to a reader."""
    transport, weights, stream = connect(), WeightReader(), TagStream()
    weighings: list[Weighing] = []
    tags: list[Tag] = []
    enough = asyncio.Event()

    def heard(data: bytes) -> None:
        weighings.extend(weights.feed(data))
        tags.extend(each for each in stream.feed(data) if isinstance(each, Tag) and each.whole)
        if tags or len(weighings) >= _WEIGHINGS:
            enough.set()

    try:
        await transport.open(heard, lambda _: enough.set())
        async with asyncio.timeout(LISTEN_SECONDS):
            await enough.wait()
    except (TillkeeperError, TimeoutError):
        pass
    finally:
        await transport.close()
    if tags:
        return "rfid", "em4100" if tags[0].kind == "EM4100" else "m100", tags[0].kind
    return ("scale", "stream", weighings[-1].shown) if len(weighings) >= _WEIGHINGS else None
