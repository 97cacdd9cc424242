"""A search for printers that announce themselves by multicast DNS (RFC 6762, RFC 6763)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from console.domain.discovery import Found
from console.domain.ports import Report
from console.domain.words import say
from console.drivers.entries import found
from console.platforms.threads import in_thread

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncServiceInfo

SECONDS = 3.0
_DETAIL_MS = 1500.0
_MOST = 200  # announcements that are followed
_IPP, _RAW, _LPD = "_ipp._tcp.local.", "_pdl-datastream._tcp.local.", "_printer._tcp.local."


class MdnsSearch:
    """Listens for `seconds`; `interfaces` are addresses of network cards, all of them by default."""

    def __init__(self, seconds: float = SECONDS, interfaces: Sequence[str] | None = None) -> None:
        self._seconds = seconds
        self._interfaces = interfaces

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each printer once per way to it; none where multicast cannot be used."""
        report(say("Listening for printers that announce themselves, {seconds} s", seconds=self._seconds))
        library: Any = await in_thread(import_module, "zeroconf.asyncio")
        try:
            station = library.AsyncZeroconf(**({"interfaces": self._interfaces} if self._interfaces else {}))
        except OSError:
            return
        seen: set[str] = set()
        asked: dict[str, asyncio.Task[AsyncServiceInfo | None]] = {}

        def heard(zeroconf: Any, service_type: str, name: str, state_change: Any) -> None:
            if name not in asked and len(asked) < _MOST:
                asked[name] = asyncio.ensure_future(_details(library, zeroconf, service_type, name))

        browser = library.AsyncServiceBrowser(station.zeroconf, [_IPP, _RAW, _LPD], handlers=[heard])
        try:
            await asyncio.sleep(self._seconds)
            for info in await asyncio.gather(*asked.values(), return_exceptions=True):
                device = None if info is None or isinstance(info, BaseException) else announced(info)
                if device is not None and device.address not in seen:
                    seen.add(device.address)
                    yield device
        finally:
            for task in asked.values():
                task.cancel()
            await browser.async_cancel()
            await station.async_close()


async def _details(library: Any, zeroconf: Any, kind: str, name: str) -> AsyncServiceInfo | None:
    info: AsyncServiceInfo = library.AsyncServiceInfo(kind, name)
    return info if await info.async_request(zeroconf, _DETAIL_MS) else None


def announced(info: AsyncServiceInfo) -> Found | None:
    """The printer that an announcement tells of; None without an address.

    Text records `rp` and `ty` are those of the Bonjour Printing Specification 9.2. Port 0 says that this way
    is not served (4.1.2). A printer with LPD alone most likely has 9100 too, which is a guess.
    """
    hosts = sorted(info.parsed_addresses(), key=lambda each: ":" in each)
    if not hosts or not info.port:
        return None
    host = f"[{hosts[0]}]" if ":" in hosts[0] else hosts[0]
    told = {name.decode("utf-8", "replace").lower(): (value or b"").decode("utf-8", "replace").strip()
            for name, value in info.properties.items()}  # fmt: skip
    identity = (told.get("ty") or told.get("product", "").strip("()") or info.name.partition("._")[0])[:80]
    if info.type == _IPP:
        path = quote(told.get("rp", "").strip("/"), safe="/%") or "ipp/print"
        return found("printer", f"ipp://{host}:{info.port}/{path}", ("", identity), "documented")
    if info.type == _RAW:
        return found("printer", f"tcp://{host}:{info.port}", ("", identity), "documented")
    return found("printer", f"tcp://{host}:9100", ("", identity), "guess")
