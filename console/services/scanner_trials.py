"""What the test pages of a scanner need: its scans, and a printer that prints their codes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import cast

from console.domain.errors import BadInput
from console.domain.ports import CodesPage, PrinterDriver, ScannerDriver
from console.domain.scan import Scan
from console.domain.selftest import Proof
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.jobs import Job
from console.services.roster import Roster


class ScannerTrials:
    """Nothing here keeps a scan: whoever asks looks for its own codes and forgets the rest."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def scans(self, scanner: Subject, listening: Callable[[], None]) -> AsyncGenerator[Scan, None]:
        """Each code from now on; BadInput for what is no scanner, else the errors of its line."""
        driver = self._roster.driver(scanner)
        if not isinstance(driver, ScannerDriver):
            raise BadInput(say('"{subject}" is no scanner that this program can hear', subject=str(scanner)))
        return driver.scans(listening)

    @property
    def printers(self) -> tuple[Subject, ...]:
        """Every printer that is switched on; whether one prints codes shows when it is asked to."""
        known = self._roster.examiners.items()
        return tuple(
            each for each, driver in known if each.kind == "printer" and isinstance(driver, PrinterDriver)
        )

    def print(self, printer: Subject, page: CodesPage) -> Job[Proof]:
        """Begin to print `page`; why nothing came out stands in the proof."""
        driver = cast("PrinterDriver", self._roster.driver(printer))

        async def work(job: Job[Proof]) -> Proof:
            proof, _ = await driver.print_test_page(page, job.report)
            return proof

        return Job(say("Printing codes"), work)
