"""The questions of IPP, each with its own bound in time (RFC 8011 4)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.domain.errors import Busy, Denied, ProtocolError, TillkeeperError, Unreachable, Unsupported
from console.domain.ports import Transport
from console.domain.words import say
from console.drivers.codecs.ipp import Attributes, Group, Operation, Response, Tag, request
from console.drivers.printer.ipp.http import post
from console.drivers.printer.ipp.place import Place

USER = "tillkeeper"  # whose jobs may be cancelled by whom
_PRINTER = (
    "printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs",
    "queued-job-count", "printer-make-and-model", "printer-device-id", "printer-firmware-string-version",
    "printer-serial-number", "printer-impressions-completed", "printer-media-sheets-completed",
    "printer-up-time", "document-format-supported", "operations-supported", "device-uri",
)  # fmt: skip
_JOB = ("job-id", "job-state", "job-state-reasons", "job-impressions-completed", "job-printer-state-message")
_AGES = ("job-id", "time-at-creation")
_numbers = itertools.count(1)

_Given = tuple[Tag, str, Sequence[str | int | bool]]


@dataclass(frozen=True, slots=True)
class IppClient:
    """Speaks to one printer; an answer may take `seconds`. Every call raises a TillkeeperError on trouble."""

    place: Place
    seconds: float = 3.0

    async def printer(self) -> Attributes:
        """How and who the printer is."""
        answer = await self._ask(
            Operation.GET_PRINTER_ATTRIBUTES, (Tag.KEYWORD, "requested-attributes", _PRINTER)
        )
        return answer.first(Group.PRINTER)

    async def oldest_job(self) -> int | None:
        """When the longest waiting job came, in the printer's seconds of up-time; None without a job."""
        answer = await self._ask(
            Operation.GET_JOBS,
            (Tag.INTEGER, "limit", (20,)),
            (Tag.KEYWORD, "requested-attributes", _AGES),
        )
        created = [each.number("time-at-creation") for each in answer.of(Group.JOB)]
        return min((each for each in created if each is not None), default=None)

    async def create(self, name: str) -> int:
        """A new job without a document, which prints nothing yet; its number."""
        return _job_id(await self._ask(Operation.CREATE_JOB, (Tag.NAME, "job-name", (name,))))

    async def send(self, job: int, kind: str, data: bytes, seconds: float) -> None:
        """Give the job its only document, of the MIME type `kind`."""
        await self._ask(
            Operation.SEND_DOCUMENT,
            (Tag.INTEGER, "job-id", (job,)),
            (Tag.MIME_TYPE, "document-format", (kind,)),
            (Tag.BOOLEAN, "last-document", (True,)),
            data=data,
            seconds=seconds,
        )

    async def print(self, name: str, kind: str, data: bytes, seconds: float) -> int:
        """A job with its document at once; its number."""
        answer = await self._ask(
            Operation.PRINT_JOB,
            (Tag.NAME, "job-name", (name,)),
            (Tag.MIME_TYPE, "document-format", (kind,)),
            data=data,
            seconds=seconds,
        )
        return _job_id(answer)

    async def job(self, job: int) -> Attributes:
        """How far the job is."""
        answer = await self._ask(
            Operation.GET_JOB_ATTRIBUTES,
            (Tag.INTEGER, "job-id", (job,)),
            (Tag.KEYWORD, "requested-attributes", _JOB),
        )
        return answer.first(Group.JOB)

    async def cancel(self, job: int) -> None:
        """Take the job out; what is on paper already stays there."""
        await self._ask(Operation.CANCEL_JOB, (Tag.INTEGER, "job-id", (job,)))

    async def _ask(
        self, operation: Operation, *given: _Given, data: bytes = b"", seconds: float | None = None
    ) -> Response:
        target: tuple[_Given, ...] = (
            (Tag.URI, "printer-uri", (self.place.uri,)),
            *(each for each in given if each[1] == "job-id"),
            (Tag.NAME, "requesting-user-name", (USER,)),
            *(each for each in given if each[1] != "job-id"),
        )
        message = request(operation, next(_numbers), target, data)
        answer = await post(
            self.place.connect, self.place.host, self.place.path, message, seconds or self.seconds
        )
        if (refusal := _refusal(answer, self.place)) is not None:
            raise refusal
        return answer


def _job_id(answer: Response) -> int:
    job = answer.first(Group.JOB).number("job-id")
    if job is None:
        raise ProtocolError(say("The printer took the job and gave it no number"), "ipp.foreign")
    return job


def _refusal(answer: Response, place: Place) -> TillkeeperError | None:
    """What a status from 100 hex on means (RFC 8011 Appendix B)."""
    name, status = place.host, answer.status
    match status:
        case _ if status < 0x0100:
            return None
        case 0x0401 | 0x0402 | 0x0403:
            words = say("{host} does not let this till print; allow it in its settings", host=name)
            return Denied(words, "ipp.denied")
        case 0x0406 if place.local_queue:
            words = say('There is no queue "{name}" on this computer', name=place.path.rpartition("/")[2])
            return Unreachable(words, "ipp.no_queue")
        case 0x0406:
            words = say("{host} has no printer under {path}", host=name, path=place.path)
            return Unreachable(words, "ipp.wrong_path")
        case 0x0506:
            return Busy(say("{host} takes no jobs at the moment", host=name), "ipp.rejecting")
        case 0x0507:
            return Busy(say("{host} is busy with other jobs", host=name), "ipp.busy")
        case 0x0501 | 0x040A:
            words = say("{host} cannot do what was asked ({status})", host=name, status=f"{status:04x}")
            return Unsupported(words, "ipp.refused")
    words = say("{host} refused the request ({status})", host=name, status=f"{status:04x}")
    return ProtocolError(words, "ipp.server_error" if status >= 0x0500 else "ipp.refused")


async def queues(connect: Callable[[], Transport], seconds: float = 3.0) -> Sequence[tuple[str, str]]:
    """Each queue of a CUPS with its printer's make; a TillkeeperError where none answers."""
    wanted = (Tag.KEYWORD, "requested-attributes", ("printer-name", "printer-make-and-model", "printer-info"))
    message = request(Operation.CUPS_GET_PRINTERS, next(_numbers), (wanted,))
    answer = await post(connect, "localhost", "/", message, seconds)
    told = ((each.text("printer-name"), each) for each in answer.of(Group.PRINTER))
    return [
        (name, each.text("printer-make-and-model") or each.text("printer-info"))
        for name, each in told
        if name
    ]
