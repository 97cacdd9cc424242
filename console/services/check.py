"""The full check: every subject asked side by side, each bounded in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from console.domain.check import CheckResult
from console.domain.diagnosis import DiagnosisTable
from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.findings import Finding, judge, silence_children, switched_off
from console.domain.ports import Clock, Examiner, History
from console.domain.subjects import Subject
from console.domain.words import Words, say, say_many
from console.services.board import Board
from console.services.jobs import Job
from console.services.roster import Roster

LIMIT = 15.0  # seconds one subject may take; every examiner's own bounds are shorter

log = logging.getLogger(__name__)


class CheckService:
    """Asks examiners and judges their evidence.

    A check's result is kept in the history, each finding is shown on the board at once.
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
        limit: float = LIMIT,
    ) -> None:
        self._store = store
        self._roster = roster
        self._parent_of = parent_of
        self._table = table
        self._clock = clock
        self._board = board
        self._history = history
        self._limit = limit

    def start(self, only: Sequence[str] = ()) -> Job[CheckResult]:
        """Begin a check of all, or of what `only` names; BadInput for what the store does not have."""
        subjects = self._roster.chosen(only)
        return Job(say("Full check"), lambda job: self._run(subjects, job), total=len(subjects))

    async def _run(self, subjects: Sequence[Subject], job: Job[CheckResult]) -> CheckResult:
        started, begun = self._clock.now(), self._clock.seconds()
        waiting = set(subjects)

        async def one(subject: Subject) -> Finding:
            finding = await self.examine(subject)
            waiting.discard(subject)
            job.report(_waiting_for(waiting), advance=1)
            return finding

        job.report(_waiting_for(waiting))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(subject), name=f"check {subject}") for subject in subjects]
        findings = silence_children((task.result() for task in tasks), self._parent_of, self._table)
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
        if examiner is None:
            finding = switched_off(subject)
        else:
            finding = await self.ask(subject, examiner)
        self._board.put(finding)
        return finding

    async def ask(self, subject: Subject, examiner: Examiner) -> Finding:
        """What `examiner` says now, within the limit; the board is not touched, as for an unsaved entry."""
        return judge(subject, await self._evidence(subject, examiner), self._table)

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
        except Exception as error:
            # One broken examiner must not take the other lights with it; the report sink reads this log.
            log.exception("examining %s", subject)
            meaning = say("The check itself failed: {error}", error=f"{type(error).__name__}: {error}")
            return trouble(type(error).__name__, meaning, "check.failed")


def _waiting_for(subjects: set[Subject]) -> Words:
    if not subjects:
        return say("Weighing the evidence")
    names = ", ".join(sorted(map(str, subjects)))
    return say_many("Waiting for {names}", "Waiting for {names} ({count})", len(subjects), names=names)
