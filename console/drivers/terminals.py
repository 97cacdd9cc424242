"""Card terminals on the same cable, guessed by the maker in their hardware address; nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping

from console.domain.discovery import Found
from console.domain.errors import TillkeeperError
from console.domain.ports import Report
from console.domain.words import say
from console.platforms import here

# IEEE's register of makers (MA-L), as nmap 7.9x's nmap-mac-prefixes lists it; a second list was not read
# (unchecked). Makers of many other things (Sunmi, Newland's scanners) are left out.
_MAKERS = {
    "Ingenico": ("00:03:81", "10:1e:da", "38:ef:e3", "44:d4:7f", "54:7f:54", "54:e1:40", "b4:00:16"),
    "Verifone": ("00:0b:4f", "60:c7:98", "88:bf:35", "a4:60:11"),
    "Hypercom": ("00:40:ef",),
    "PAX 百富": ("00:17:6f", "54:81:2d", "a0:44:b7", "a0:4f:e4"),
    "Newland Payment 新大陆": ("38:3c:9c",),
    "Landi 联迪": ("00:1d:fa", "4c:91:57", "74:08:de"),
    "Nexgo 新国都": ("3c:bb:73", "40:c8:1f"),
    "Aisino 航天信息": ("40:95:58", "40:98:7b"),
    "Topwise 天喻": ("bc:45:8c",),
    "Castles": ("00:1d:a9",),
    "Spire": ("28:71:84",),
    "BBPOS": ("c8:10:72",),
    "CCV": ("00:13:39",),
    "Gertec": ("78:57:b0",),
}
_BY_PREFIX = {prefix: maker for maker, prefixes in _MAKERS.items() for prefix in prefixes}


class TerminalSearch:
    """Whom the neighbour table knows; after a search of the network that is everybody who answered ARP."""

    def __init__(self, stations: Callable[[], Mapping[str, str]] | None = None) -> None:
        self._stations = stations or here().stations

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each station whose hardware address is of a maker of card terminals, as a guess."""
        report(say("Looking for card terminals among the neighbours"))
        try:
            stations = await asyncio.to_thread(self._stations)
        except TillkeeperError:
            return
        for address, hardware in stations.items():
            if maker := _BY_PREFIX.get(hardware[:8]):
                name = "card-" + address.rsplit(".", 1)[-1]
                entry = f'[[terminal]]\nname = "{name}"\naddress = "{address}"\n'
                yield Found("terminal", address, f"{maker} ({hardware})", "guess", entry)
