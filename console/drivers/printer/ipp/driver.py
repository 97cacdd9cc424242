"""A printer that speaks IPP, or a queue of CUPS and, where it can be asked, the printer behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.domain.errors import BadInput, TillkeeperError
from console.domain.evidence import Evidence
from console.domain.head import Head
from console.domain.ports import Clock, Report, TestPage
from console.domain.selftest import Proof
from console.domain.words import Words, say, say_many
from console.drivers.codecs.ipp import Attributes, device_id, reason_sign, reasons_meaning
from console.drivers.observed import observed
from console.drivers.printer.ipp.client import IppClient
from console.drivers.printer.ipp.job import IppJob
from console.drivers.printer.ipp.place import Place, remote

ANSWER_SECONDS = 3.0
FINISH_SECONDS = 30.0
_SLOW_SECONDS = 1.0
STUCK_SECONDS = 60.0  # a receipt prints in a few seconds
_SAYS_NOTHING = frozenset({"", "idle", "printing", "processing", "paused", "stopped"})
_STOPS_NOTHING = frozenset({"ipp.paper_low", "ipp.connecting"})
_STOPPED = 5  # printer-state (RFC 8011 5.4.11)
_COUNTERS = {
    # UnifiedPOS has no names for pages.
    "printer-impressions-completed": "ImpressionCount",
    "printer-media-sheets-completed": "SheetCount",
}


class IppPrinter:
    """Implements `ports.PrinterDriver`; `protocol` and `paper` (mm) are those of the profile.

    An answer may take `answer_seconds`, a page `finish_seconds`; a job that waits longer than `stuck_seconds`
    is told.
    """

    def __init__(
        self,
        place: Place,
        clock: Clock,
        protocol: str = "auto",
        paper: int = 80,
        answer_seconds: float = ANSWER_SECONDS,
        finish_seconds: float = FINISH_SECONDS,
        stuck_seconds: float = STUCK_SECONDS,
    ) -> None:
        self._place = place
        self._clock = clock
        self._protocol = protocol
        self._paper = paper
        self._answer_seconds = answer_seconds
        self._finish_seconds = finish_seconds
        self._stuck_seconds = stuck_seconds
        self._raw = False  # whether the last page went as ESC/POS

    async def examine(self) -> Sequence[Evidence]:
        """One piece of evidence of what the profile names, and one of the printer behind a queue."""
        first, attributes = await self._look(self._place)
        behind = _behind(attributes, self._place)
        return [first] if behind is None else [first, (await self._look(behind))[0]]

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """Identity and counters, the printer's own before those of its queue; empty where nothing is told."""
        attributes = await self._attributes(self._place)
        if attributes is not None and (behind := _behind(attributes, self._place)) is not None:
            attributes = await self._attributes(behind) or attributes
        return ({}, {}) if attributes is None else (_identity(attributes), _counters(attributes))

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """Print `page` as a job and grade the proof; a cancel takes the job out of the printer as well."""
        job = IppJob(
            self._client(self._place), self._clock, self.examine, self._counted, self._finish_seconds
        )
        proof = await job.run(page, self._protocol, self._paper, report)
        self._raw = job.raw
        return proof, job.seen

    def head(self) -> Head | None:
        """The head that the last page's pattern is drawn for; None where it was drawn as a picture."""
        return Head.of(self._paper) if self._raw else None

    async def _attributes(self, place: Place) -> Attributes | None:
        try:
            return await self._client(place).printer()
        except TillkeeperError:
            return None  # examine() tells why

    async def _counted(self) -> Mapping[str, int]:
        return (await self.identify())[1]

    def _client(self, place: Place) -> IppClient:
        return IppClient(place, self._answer_seconds)

    async def _look(self, place: Place) -> tuple[Evidence, Attributes | None]:
        began = self._clock.seconds()
        client = self._client(place)
        try:
            attributes = await client.printer()
            waited = await _waited(client, attributes)
        except TillkeeperError as trouble:
            sign, words = _told(trouble, place)
            probe = "ipp.queue" if place.local_queue else "ipp.printer"
            return observed(self._clock, began, probe, trouble.sign, words, {sign}), None
        signs, words = judged(
            attributes, waited if waited > self._stuck_seconds else 0, _behind(attributes, place) is not None
        )
        if self._clock.seconds() - began > _SLOW_SECONDS:
            signs, words = signs | {"ipp.slow"}, say("slow answer: {meaning}", meaning=words)
        jobs = attributes.number("queued-job-count") or 0
        device = attributes.text("device-uri")
        probe = "ipp.queue" if device else "ipp.printer"
        evidence = observed(self._clock, began, probe, _raw(attributes), words, signs)
        facts = {"jobs": str(jobs)} | ({"device": _named(device)} if device else {})
        return replace(evidence, facts=facts), attributes


async def _waited(client: IppClient, attributes: Attributes) -> int:
    """How long the oldest job waits; 0 where none does, or nobody tells."""
    up = attributes.number("printer-up-time")
    if not attributes.number("queued-job-count") or up is None:
        return 0
    try:
        created = await client.oldest_job()
    except TillkeeperError:  # some printers tell nobody what they print
        return 0
    return 0 if created is None else max(0, up - created)


def _told(trouble: TillkeeperError, place: Place) -> tuple[str, Words]:
    """Sign and words of a question that failed; where CUPS itself is missing, that."""
    if place.local_queue and trouble.sign in ("tcp.refused", "tcp.unreachable"):
        return "cups.not_running", say("The print service CUPS is not running on this computer")
    if trouble.sign == "tcp.refused":  # no IPP printer serves one program alone, so nobody holds it
        return "ipp.not_listening", say("{host} is there, but takes no IPP", host=place.host)
    return trouble.sign, trouble.words


def _raw(attributes: Attributes) -> str:
    reasons = ",".join(attributes.texts("printer-state-reasons"))[:200]
    return f"{attributes.number('printer-state')} {reasons}".strip()


def judged(
    attributes: Attributes, stuck_seconds: int = 0, asked_behind: bool = False
) -> tuple[frozenset[str], Words]:
    """The signs in Get-Printer-Attributes' answer (RFC 8011 5.4.11 to 5.4.24), and their meaning.

    `asked_behind`: it is a queue, and the printer behind it is asked as well.
    """
    queue = bool(attributes.text("device-uri"))
    state, accepting = attributes.number("printer-state"), attributes.flag("printer-is-accepting-jobs")
    reasons = attributes.texts("printer-state-reasons")
    signs = {sign for each in reasons if (sign := reason_sign(each))}
    parts: list[Words | str] = list(reasons_meaning(reasons))
    if state == _STOPPED and not signs - _STOPS_NOTHING:
        signs.add("ipp.error")
        parts.append(say("stopped"))
    if accepting is False:
        signs.add("ipp.rejecting")
        parts.append(say("takes no new jobs"))
    if not signs and state in (3, 4) and accepting:
        signs, parts = _well(attributes.text("device-uri"), asked_behind, parts)
    elif not signs:
        signs.add("ipp.untold")
        parts.append(say("its state is not told"))
    jobs = attributes.number("queued-job-count") or 0
    if jobs:
        parts.append(say_many("{count} job waits", "{count} jobs wait", jobs))
    if stuck_seconds and state != _STOPPED:
        signs.add("ipp.jobs_waiting")
        parts.append(say("the oldest for {seconds} s", seconds=stuck_seconds))
    message = attributes.text("printer-state-message").strip()
    if message.rstrip(".").lower() not in _SAYS_NOTHING:
        parts.append(say('it says "{message}"', message=message[:200]))
    return frozenset(signs), _joined(say("Queue") if queue else say("Printer"), parts)


def _well(device: str, asked_behind: bool, parts: list[Words | str]) -> tuple[set[str], list[Words | str]]:
    """A queue that is ready proves nothing of the printer behind it."""
    if not device:
        return {"ipp.ready"}, [say("ready"), *parts]
    if asked_behind:
        return {"queue.ready"}, [say("ready"), *parts]
    blind = say("ready, but it cannot see paper and cover of the printer at {device}", device=_named(device))
    return {"queue.blind"}, [blind, *parts]


def _named(device: str) -> str:
    """The device's address without a name and password that may stand in it."""
    scheme, _, rest = device.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"[:120] if rest else device[:120]


def _joined(head: Words, parts: Sequence[Words | str]) -> Words:
    words = say("{what}: {state}", what=head, state=parts[0])
    for part in parts[1:]:
        words = say("{first}; {second}", first=words, second=part)
    return words


def _behind(attributes: Attributes | None, queue: Place) -> Place | None:
    """The printer to which `queue` hands its jobs by IPP, where that can be reached from here too."""
    device = attributes.text("device-uri") if attributes is not None else ""
    try:
        printer = remote(device) if device.startswith("ipp:") else None
    except BadInput:
        return None
    # What another computer calls itself is not this computer.
    elsewhere = printer is not None and printer.own_computer and not queue.own_computer
    return None if elsewhere else printer


def _identity(attributes: Attributes) -> Mapping[str, str]:
    device = device_id(attributes.text("printer-device-id"))
    told = {
        "ModelName": device.get("MDL") or device.get("MODEL") or attributes.text("printer-make-and-model"),
        "ManufacturerName": device.get("MFG") or device.get("MANUFACTURER") or "",
        "FirmwareRevision": ", ".join(attributes.texts("printer-firmware-string-version")),
        "SerialNumber": attributes.text("printer-serial-number")
        or device.get("SN")
        or device.get("SERN")
        or "",
    }
    return {name: value for name, value in told.items() if value}


def _counters(attributes: Attributes) -> Mapping[str, int]:
    told = {name: attributes.number(each) for each, name in _COUNTERS.items()}
    return {name: value for name, value in told.items() if value is not None}
