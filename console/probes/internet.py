"""Beyond the shop: a page with a known answer, which a log-in page, a proxy or a dead line cannot give.

It is plain HTTP, so that whoever stands in between may show himself. Where the page alone is mute, a backend
on the internet that accepts a connection shows that the line works.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Examiner
from console.domain.words import Words, say
from console.probes.names import private
from console.probes.notes import ask

# What the way to the page showed first of these, and what that says of the line.
_VERDICTS: Mapping[str, tuple[str, Words]] = {
    "http.expected": ("internet.ok", say("The internet is reached: the test page answers as it should")),
    "http.407": ("internet.proxy", say("A proxy on the way to the internet demands a login (407)")),
    "http.redirected": ("internet.captive", say("The network sends this till to a page of its own")),
    "http.unexpected": ("internet.captive", say("Something on the way answers instead of the test page")),
    "tcp.net_unreachable": ("internet.unreachable", say("The router has no way to the internet")),
    "tcp.prohibited": ("internet.unreachable", say("The router forbids the way to the internet")),
}  # fmt: skip
_AS = {"http.redirected_elsewhere": "http.redirected", "http.511": "http.redirected"}
_UNNAMED = frozenset({"dns.nxdomain", "dns.empty"})  # servers that answer, but do not know the page
_SILENT = say("The test page on the internet does not answer")
_ELSEWHERE = say("The test page does not answer, but a backend beyond the shop does")


async def look(page: Examiner, backends: Sequence[Examiner], clock: Clock) -> Evidence:
    """Signs internet.ok, captive, proxy, unreachable, silent or elsewhere; none where the page has no name.

    `page` climbs to the test page; `backends` are asked only where it is mute.
    """
    asked = ask(clock, "internet.check")
    climbed = await page.examine()
    signs = {_AS.get(sign, sign) for sign in signs_of(climbed)}
    top = climbed[-1]
    verdict = next((_VERDICTS[sign] for sign in _VERDICTS if sign in signs), None)
    if verdict is not None:
        return asked.saw(top.result, verdict[1], verdict[0])
    if signs & _UNNAMED:
        return asked.saw(top.result, top.meaning)
    others = await asyncio.gather(*(each.examine() for each in backends))
    reached = (each.facts["address"] for seen in others for each in seen if "tcp.connected" in each.signs)
    if not all(map(private, reached)):
        return asked.saw(top.result, _ELSEWHERE, "internet.elsewhere")
    return asked.saw(top.result, _SILENT, "internet.silent")
