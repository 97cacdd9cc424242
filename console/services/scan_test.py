"""The scanning part of a scanner's self-test: one known code, what came of it, and the figures."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Self

from console.domain.chance import by_lot
from console.domain.evidence import Evidence, signs_of
from console.domain.payment_codes import reduced
from console.domain.ports import Clock, Report, ScannerDriver
from console.domain.scan import Scan, compare, may_keep, on_paper
from console.domain.subjects import Subject
from console.domain.symbology import check_digit
from console.domain.words import say
from console.services.resumed import resumed
from console.services.scanback import with_its_echo

PAPER_WAIT = 20.0  # seconds for a printed code, where nothing came from the screen

# UnifiedPOS has a name for the first; the others are ours.
GOOD, DOUBLE, MISSED = "GoodScanCount", "DoubleReadCount", "MissedReadCount"
_COUNTED = {"scan.matches": GOOD, "scan.double": DOUBLE, "scan.none": MISSED}


def known_code() -> str:
    """TK, which marks it as ours, digits that no earlier test used, and the signs by which layouts differ."""
    return f"TK-{by_lot('0123456789', 8)}/y:@z"


def article_code(begins: str = "29") -> str:
    """An EAN-13 as shops number goods inside the house (29…, or 02…): nobody's article elsewhere."""
    body = begins + by_lot("0123456789", 10)
    return f"{body}{check_digit(body)}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What one test showed: `seen` is whether the code came as it was shown, None when nothing came."""

    evidence: list[Evidence] = field(default_factory=list)
    seen: bool | None = None
    figures: Mapping[str, int] = field(default_factory=dict)


class ScanTest:
    """Tests scanners by a known code, and counts per scanner since the program started."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[Subject, Counter[str]] = {}

    async def run(
        self, subject: Subject, driver: ScannerDriver, code: str, report: Report, wait: float
    ) -> Tried:
        """Wait `wait` seconds for `code`, then for any printed one; the errors of the driver's line.

        Its copy on paper proves all but that the scanner reads screens, so the wait goes on after it.
        """

        def listening() -> None:
            report(say("Scan the code {code} now", code=code))

        def gone() -> None:
            report(say("The scanner was unplugged. Plug it in again, the test goes on"))

        async with aclosing(resumed(driver, listening, gone)) as scans, _Coming(scans) as coming:
            scan = await coming.within(wait)
            copy = None
            while scan is not None and _from_copy(code, scan):  # its echo too, if it is read twice
                if copy is None:
                    report(say("Read from paper. Now scan the code {code} on this screen", code=code))
                copy = copy or scan
                scan = await coming.within(wait)
            evidence: list[Evidence] = []
            if scan is None:
                evidence.append(self._nothing("scan.none", wait))
                evidence += [each for each in await driver.examine() if "scan.ime" in each.signs]
                if copy is None:
                    report(say("Nothing came from the screen. Scan the printed code of any product now"))
                    scan = await coming.within(PAPER_WAIT)
                if scan is None or not may_keep(code, scan.text):
                    evidence += self._from_paper(code, copy or scan, driver.suffix)
                    return self._counted(subject, evidence, None)
            report(compare(code, scan, driver.suffix).meaning)  # at once; whether it comes twice, later
            scan = await with_its_echo(scan, coming.following)
            return self._counted(subject, [*evidence, compare(code, scan, driver.suffix)], scan)

    def _counted(self, subject: Subject, evidence: list[Evidence], scan: Scan | None) -> Tried:
        signs = signs_of(evidence)
        counts = self._counts.setdefault(subject, Counter({GOOD: 0, DOUBLE: 0, MISSED: 0}))
        counts.update(name for sign, name in _COUNTED.items() if sign in signs)
        pace = scan.pace.figures() if scan and scan.pace else {}
        return Tried(evidence, "scan.matches" in signs if scan else None, {**counts, **pace})

    def _nothing(self, sign: str, seconds: float) -> Evidence:
        meaning = say("No code arrived within {seconds} s", seconds=round(seconds))
        return Evidence("scanner.scan", "", meaning, self._clock.now(), seconds, frozenset({sign}))

    def _from_paper(self, code: str, scan: Scan | None, suffix: str) -> list[Evidence]:
        """A printed code says that the scanner works; of somebody's, kind and length are kept."""
        if scan is None:
            return [self._nothing("scan.paper_none", PAPER_WAIT)]
        read = Evidence(
            "scanner.paper", reduced(scan.text), say("A printed code came, the one on the screen did not"),
            scan.at, scan.seconds, frozenset({"scan.paper_read", "scanner.scanned"}),
        )  # fmt: skip
        if not _from_copy(code, scan):
            return [read]
        compared = compare(on_paper(code), scan, suffix)
        return [replace(compared, signs=compared.signs - {"scan.matches"}), read]


def _from_copy(code: str, scan: Scan) -> bool:
    """Whether it is the known code's copy on paper."""
    return may_keep(on_paper(code), scan.text) and not may_keep(code, scan.text)


class _Coming:
    """The scans one by one; what did not come in time may still come after it."""

    def __init__(self, scans: AsyncGenerator[Scan, None]) -> None:
        self._scans = scans
        self._next: asyncio.Future[Scan] | None = None

    async def __aenter__(self) -> Self:
        """Listen at once."""
        self._next = asyncio.ensure_future(anext(self._scans))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.wait({self._next})

    async def within(self, seconds: float) -> Scan | None:
        """The next scan, if it comes within `seconds`."""
        self._next = self._next or asyncio.ensure_future(anext(self._scans))
        await asyncio.wait({self._next}, timeout=seconds)
        if not self._next.done():
            return None
        came, self._next = self._next.result(), None
        return came

    async def following(self) -> Scan:
        """The next one, however long it takes; no other may be asked for when this is given up."""
        return await anext(self._scans)
