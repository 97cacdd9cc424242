"""A test page as a job, followed to its end, and how well it is proved that it was printed.

A: the printer itself says that it has completed this job and counted its impressions.
B: completed, the printer was well before and after, and its page counter moved. C: the same without a
counter. D: a queue has handed the page on (it may have gone into a printer that answers nothing), or nobody
said what became of it. E: refused, aborted, or the printer stopped; the job is then taken out.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence

from console.domain.errors import Busy, TillkeeperError, Timeout
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Report, TestPage
from console.domain.selftest import Grade, Proof
from console.domain.words import Words, say
from console.drivers.codecs.ipp import Attributes, Operation
from console.drivers.observed import observed, trouble_seen
from console.drivers.printer.ipp.client import IppClient
from console.drivers.printer.ipp.page import RAW, document

_SEND_SECONDS = 15.0
_LOOK_SECONDS = 0.25
_PARTING_SECONDS = 0.15  # how long a cancel waits for the job to be taken out
_CANCEL_SECONDS = 5.0  # how long that is tried
_STOPPED, _CANCELED, _ABORTED, _COMPLETED = 6, 7, 8, 9  # job-state (RFC 8011 5.3.7)
_HARMLESS = frozenset({"ipp.ready", "queue.ready", "queue.blind", "ipp.slow", "ipp.paper_low",
                       "ipp.jobs_waiting", "ipp.connecting"})  # fmt: skip
_AT_WORK = frozenset({"ipp.silent", "ipp.busy"})

_parting: set[asyncio.Task[None]] = set()  # cancels under way; the loop itself keeps no hold of a task


class IppJob:
    """One page; all evidence gathers in `seen`, also when the line breaks."""

    def __init__(
        self,
        client: IppClient,
        clock: Clock,
        examine: Callable[[], Awaitable[Sequence[Evidence]]],
        counted: Callable[[], Awaitable[Mapping[str, int]]],
        finish_seconds: float,
    ) -> None:
        self._client = client
        self._clock = clock
        self._examine = examine
        self._counted = counted
        self._finish_seconds = finish_seconds
        self._job: int | None = None
        self.raw = False  # the page went as bytes in the printer's own language
        self.seen: list[Evidence] = []

    async def run(self, page: TestPage, protocol: str, paper: int, report: Report) -> Proof:
        """Print `page` and grade the proof."""
        report(say("Asking the printer how it is"))
        self.seen += await self._examine()
        if signs_of(self.seen) - _HARMLESS:
            trouble = next(each.meaning for each in self.seen if each.signs - _HARMLESS)
            return Proof(
                Grade.E,
                say("Nothing was sent, because the printer was not ready: {trouble}", trouble=trouble),
            )
        began = self._clock.seconds()
        try:
            proof = await self._print(page, protocol, paper, report)
        except TillkeeperError as trouble:
            self.seen.append(trouble_seen(self._clock, began, "ipp.job", trouble))
            proof = Proof(Grade.E, say("Nothing is known about the page: {trouble}", trouble=trouble.words))
        finally:
            await self._take_out()
        return proof

    async def _print(self, page: TestPage, protocol: str, paper: int, report: Report) -> Proof:
        attributes = await self._client.printer()
        kind, data = await document(page, paper, protocol, attributes)
        self.raw = kind in RAW
        before = await self._counted()
        report(say("Sending the page"))
        began = self._clock.seconds()
        name = f"Tillkeeper {page.code}"
        if Operation.CREATE_JOB in attributes.numbers("operations-supported"):
            # The job has its number before it has a page: a cancel finds it at any moment.
            self._job = await self._client.create(name)
            await self._client.send(self._job, kind, data, _SEND_SECONDS)
        else:
            self._job = await self._client.print(name, kind, data, _SEND_SECONDS)
        job = await self._finished(report)
        state = job.number("job-state") if job is not None else None
        if state in (_CANCELED, _ABORTED, _COMPLETED):
            self._job = None  # nothing is left to take out
        return await self._graded(began, job, state, bool(attributes.text("device-uri")), before)

    async def _finished(self, report: Report) -> Attributes | None:
        """The job when it has ended or its printer has stopped; None when it did neither in time."""
        ends = self._clock.seconds() + self._finish_seconds
        while (left := ends - self._clock.seconds()) > 0:
            report(say("Waiting for the printer to confirm, {seconds} s at most", seconds=round(left)))
            with contextlib.suppress(Timeout, Busy):  # a printer at work may leave a question unanswered
                job = await self._client.job(self._job or 0)
                ended = (job.number("job-state") or 0) >= _STOPPED
                if ended or signs_of(await self._examine()) - _HARMLESS - _AT_WORK:
                    return job
            await asyncio.sleep(min(left, _LOOK_SECONDS))
        return None

    async def _graded(
        self, began: float, job: Attributes | None, state: int | None, queue: bool, before: Mapping[str, int]
    ) -> Proof:
        after = await self._examine()
        self.seen += after
        troubles = signs_of(after) - _HARMLESS
        if job is None:
            reason = say("The page did not finish in time and was taken out again; look whether it printed")
            return self._proof(began, Grade.D, "unfinished", reason, "print.unproven")
        if state != _COMPLETED:
            return self._stopped(began, job, after, troubles)
        if queue and "queue.blind" in signs_of(after):
            reason = say("The queue handed the page on; the printer behind it says nothing, so look at it")
            return self._proof(began, Grade.D, "handed on", reason, "print.unproven")
        counted = await self._counted()
        moved = any(counted.get(name, 0) > count for name, count in before.items())
        if not queue and job.number("job-impressions-completed"):
            reason = say("The printer itself says that it printed this page")
            if troubles:
                reason = say("{done}; since then: {trouble}", done=reason, trouble=after[-1].meaning)
            return self._proof(began, Grade.A, "completed", reason, "print.echoed")
        if moved and not troubles:
            reason = say("The printer was well before and after, and its counters moved")
            return self._proof(began, Grade.B, "completed", reason, "print.counted")
        if troubles:
            reason = say("The page is said to be printed; since then: {trouble}", trouble=after[-1].meaning)
            return self._proof(began, Grade.D, "completed", reason, "print.unproven")
        reason = say("The job is completed and the printer well, but nothing was counted")
        return self._proof(began, Grade.C, "completed", reason, "print.unproven")

    def _stopped(
        self, began: float, job: Attributes, after: Sequence[Evidence], troubles: frozenset[str]
    ) -> Proof:
        reasons = job.texts("job-state-reasons")
        told = next((each.meaning for each in after if each.signs - _HARMLESS), None) if troubles else None
        trouble = told or _why(job, reasons)
        if self._job is None:
            reason = say("The printer gave the page up: {trouble}", trouble=trouble)
        else:
            reason = say(
                "The printer stopped during the page: {trouble}; the job was taken out again",
                trouble=trouble,
            )
        return self._proof(began, Grade.E, ",".join(reasons)[:200] or "stopped", reason, "print.unproven")

    def _proof(self, began: float, grade: Grade, result: str, reason: Words, sign: str) -> Proof:
        self.seen.append(observed(self._clock, began, "ipp.job", result, reason, {sign}))
        return Proof(grade, reason)

    async def _take_out(self) -> None:
        """Cancel a job that has not ended; it goes on being tried when the wait for it is over."""
        if self._job is None:
            return
        client = IppClient(self._client.place, _CANCEL_SECONDS)
        task = asyncio.create_task(_cancel(client, self._job), name="cancel the job")
        _parting.add(task)
        task.add_done_callback(_parting.discard)
        await asyncio.wait([task], timeout=_PARTING_SECONDS)


async def _cancel(client: IppClient, job: int) -> None:
    with contextlib.suppress(TillkeeperError):  # it has ended by itself, or the printer is gone
        await client.cancel(job)


def _why(job: Attributes, reasons: Sequence[str]) -> Words:
    """Why a job ended without its page."""
    if "job-canceled-by-user" in reasons or job.number("job-state") == _CANCELED:
        return say("somebody cancelled the job")
    told = [each for each in reasons if each != "none"]
    return say("it says {reasons}", reasons=", ".join(told)[:200] or "-")
