"""The full check: every subject asked side by side, each bounded in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from console.domain.check import CheckResult
from console.domain.diagnosis import DiagnosisTable
from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.findings import Finding, judge, silence_children, switched_off
from console.domain.ports import Clock, Examiner, History, Pusher
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.board import Board
from console.services.jobs import Job
from console.services.roster import Roster

LIMIT = 15.0  # seconds one subject may take; every examiner's own bounds are shorter

Failed = Callable[[BaseException, str], object]

log = logging.getLogger(__name__)


class CheckService:
    """Asks examiners and judges their evidence.

    A check's result is kept in the history, each finding is shown on the board at once. `standing` holds
    what only a self-test can see, and is weighed along until a self-test passes; `failed` takes what an
    examiner should not have raised.
    """

    def __init__(
        self,
        store: str,
        roster: Roster,
        parent_of: Callable[[Subject], Subject | None],
        table: DiagnosisTable,
        clock: Clock,
        board: Board,
        history: History,
        standing: Mapping[Subject, Sequence[Evidence]],
        failed: Failed,
        limit: float = LIMIT,
    ) -> None:
        self._store = store
        self._roster = roster
        self._parent_of = parent_of
        self._table = table
        self._clock = clock
        self._board = board
        self._history = history
        self._standing = standing
        self._failed = failed
        self._limit = limit

    def start(self, only: Sequence[str] = ()) -> Job[CheckResult]:
        """Begin a check of all, or of what `only` names; BadInput for what the store does not have."""
        subjects = self._roster.chosen(only)
        return Job(say("Full check"), lambda job: self._run(subjects, job), total=len(subjects))

    async def _run(self, subjects: Sequence[Subject], job: Job[CheckResult]) -> CheckResult:
        started, begun = self._clock.now(), self._clock.seconds()
        waiting = list(subjects)

        async def one(subject: Subject) -> Finding:
            finding = await self.examine(subject)
            waiting.remove(subject)
            tell(advance=1)
            return finding

        def tell(advance: int = 0) -> None:
            doing = say("Waiting for answers") if waiting else say("Weighing the evidence")
            job.report(doing, advance, tuple(waiting))

        tell()
        async with asyncio.TaskGroup() as group:
            # The way to a backend takes longest, and those come last in a store: they begin first.
            tasks = [
                group.create_task(one(subject), name=f"check {subject}") for subject in reversed(subjects)
            ]
        findings = silence_children((task.result() for task in reversed(tasks)), self._parent_of, self._table)
        result = CheckResult(
            self._store,
            started,
            self._clock.seconds() - begun,
            findings,
            len(subjects) == len(self._roster.subjects),
        )
        await self._keep(result)
        return result

    async def _keep(self, result: CheckResult) -> None:
        try:
            await self._history.add_check(result)
        except TillkeeperError as error:
            # A full disk must not take the verdict away from the person who waits for it.
            log.warning("check not kept: %s", error)

    async def examine(self, subject: Subject) -> Finding:
        """Ask one subject now and put what it says on the board; never raises for a device's trouble."""
        examiner = self._roster.examiner(subject)
        finding = switched_off(subject) if examiner is None else await self.ask(subject, examiner)
        self._board.put(*await self._parent_first(finding), finding)
        return finding

    def pusher(self, subject: Subject) -> Pusher | None:
        """Whom to listen to for what `subject` tells unasked."""
        examiner = self._roster.examiner(subject)
        return examiner if isinstance(examiner, Pusher) else None

    async def _parent_first(self, finding: Finding) -> tuple[Finding, ...]:
        """The parent asked anew, where it may explain this trouble, so that the child is not blamed first."""
        parent, kind = self._parent_of(finding.subject), finding.subject.kind
        if parent is None or finding.cause is None or not self._table.blocks(finding.cause, kind):
            return ()
        examiner = self._roster.examiner(parent)
        return () if examiner is None else (await self.ask(parent, examiner),)

    async def ask(self, subject: Subject, examiner: Examiner) -> Finding:
        """What `examiner` says now, within the limit; the board is not touched, as for an unsaved entry."""
        return self._judged(subject, await self._evidence(subject, examiner))

    def take(self, subject: Subject, evidence: Sequence[Evidence]) -> None:
        """Put on the board what `subject` told unasked."""
        self._board.put(self._judged(subject, evidence))

    def _judged(self, subject: Subject, evidence: Sequence[Evidence]) -> Finding:
        return judge(subject, (*evidence, *self._standing.get(subject, ())), self._table)

    async def _evidence(self, subject: Subject, examiner: Examiner) -> Sequence[Evidence]:
        at, begun = self._clock.now(), self._clock.seconds()

        def trouble(result: str, meaning: Words, sign: str) -> Sequence[Evidence]:
            return (Evidence("check", result, meaning, at, self._clock.seconds() - begun, frozenset({sign})),)

        try:
            async with asyncio.timeout(self._limit):
                return await examiner.examine()
        except TimeoutError:
            meaning = say("It did not finish within {seconds} s", seconds=self._limit)
            return trouble("timeout", meaning, "check.timeout")
        except TillkeeperError as error:
            return trouble(type(error).__name__, error.words, error.sign)
        except Exception as error:  # noqa: BLE001
            # One broken examiner must not take the other lights with it. Its text may hold anything, a
            # secret too, so it goes to the scrubbed report alone.
            self._failed(error, f"examining {subject}")
            meaning = say("The check itself failed: {error}", error=type(error).__name__)
            return trouble(type(error).__name__, meaning, "check.failed")
