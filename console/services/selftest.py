"""The self-test of one device, by levels (UnifiedPOS CheckHealth: internal, external, interactive)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from console.domain.breaks import Breaks, Look
from console.domain.chance import by_lot
from console.domain.diagnosis import DiagnosisTable
from console.domain.errors import BadInput, TillkeeperError
from console.domain.evidence import Evidence, signs_of
from console.domain.findings import Finding, judge
from console.domain.head import Head
from console.domain.lights import Light
from console.domain.ports import (
    Ask,
    Clock,
    Counted,
    DisplayDriver,
    DrawerDriver,
    Examiner,
    PatternPrinter,
    PrinterDriver,
    Report,
    ScaleDriver,
    ScannerDriver,
    TagReader,
    TerminalDriver,
)
from console.domain.selftest import IDENTITY, Grade, Level, Proof, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.drawer_sense import ask_through
from console.services.head_text import seen_words
from console.services.inspection import inspect_through
from console.services.jobs import Job
from console.services.language import Language
from console.services.roster import Roster
from console.services.scan_test import ScanTest, known_code
from console.services.scanback import CameBack, ScanBack
from console.services.showing import show_through
from console.services.tagging import hold_a_tag
from console.services.tape import Page, Tape
from console.services.weighing import load_and_unload

_PERSON, _PATTERN = "selftest.person", "selftest.pattern"
_BY_EYE = (_PERSON, _PATTERN)  # probes whose answer is a person's
SCAN_WAIT = 60.0  # seconds a person gets to scan the shown code, or the printed one
UNATTENDED_WAIT = 15.0  # and where nobody may be there at all
_UNMISTAKABLE = "0123456789"

# Takes what a printer told of itself, to be kept over time.
Keep = Callable[[Subject, Mapping[str, str], Mapping[str, int]], Awaitable[None]]


def one_time_code() -> str:
    """TK, which marks it as ours, and ten digits that no earlier test used."""
    return "TK" + by_lot(_UNMISTAKABLE, 10)


def code_for(subject: Subject) -> str:
    """The code to be shown or printed when `subject` is tested."""
    return known_code() if subject.kind == "scanner" else one_time_code()


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever runs a self-test: `ask` puts a yes/no question, `keys`: a typing scanner's keys arrive.

    `code` is printed or shown; setting `skip` says that there is no scanner at hand.
    """

    ask: Ask | None = None
    code: str = field(default_factory=one_time_code)
    keys: bool = False
    skip: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class _Gathered:
    """What a running self-test has so far."""

    evidence: list[Evidence] = field(default_factory=list)
    proof: Proof | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, int] = field(default_factory=dict)
    seen: bool | None = None  # the person's answer, or the scanned code's verdict
    head: Head | None = None  # whose pattern was printed


_BREAKS = {
    Look.LINE: "print.white_line",
    Look.PATCH: "print.patch",
    Look.CLEANED: "print.line_after_cleaning",
}
_BROKEN = frozenset(_BREAKS.values())  # only a person's eyes see it, and only they see that it is gone
_BY_ARTICLE = frozenset({"scan.missing_digit"})  # shown by such an article's number alone
_BY_LETTERS = frozenset({"scan.case_swapped", "scan.layout", "scan.ime"})  # digits show none of them for sure
# What asking alone never shows; of a display that is also what is good about it.
_ONLY_A_TEST_SEES = _BROKEN | frozenset(
    {
        "print.not_seen", "scan.missing_suffix", "scan.wrong_suffix", "scan.double", "scan.layout",
        "scan.ime", "scan.case_swapped", "scan.prefix", "scan.missing_digit", "scan.dropped", "scan.misread",
        "drawer.unmoved", "scale.stuck", "scale.not_zero",
        "display.seen", "display.not_seen", "display.garbled", "display.dead_dots",
        "scan.slow", "scan.paper_read",
        "rfid.no_tag", "rfid.bad_sum",
        "terminal.touched", "terminal.other_serial", "terminal.not_ready",
    }
)  # fmt: skip
_PHONES = "phone."  # begins the probes of the test with phone-like codes


class SelftestService:
    """Runs self-tests on the same drivers that the check asks."""

    def __init__(
        self,
        store: str,
        roster: Roster,
        table: DiagnosisTable,
        clock: Clock,
        language: Callable[[], Language],
        name: Callable[[Subject], str],
        show: Callable[[Finding], None],
        standing: MutableMapping[Subject, Sequence[Evidence]],
        keep: Keep | None = None,
    ) -> None:
        self._store = store
        self._roster = roster
        self._table = table
        self._clock = clock
        self._language = language
        self._name = name
        self._show = show
        self._standing = standing
        self._keep = keep
        self._last: dict[Subject, SelftestResult] = {}
        self._scan_test = ScanTest(clock)

    def last(self, subject: Subject) -> SelftestResult | None:
        """The newest result since the program started; None when there was no self-test yet."""
        return self._last.get(subject)

    def must_know(self, subject: Subject) -> None:
        """BadInput for a subject that cannot be tested."""
        self._roster.driver(subject)

    def head(self, subject: Subject) -> Head | None:
        """The print head whose pattern the subject's last page holds; None where it holds none."""
        return _head(self._roster.driver(subject))

    def start(
        self, subject: Subject, level: Level, person: Person | None = None, tape: Tape | None = None
    ) -> Job[SelftestResult]:
        """Begin a self-test before `person`, or before nobody; BadInput for what cannot be tested.

        A printed page is proved by a scanner of the store, where one reads the page's code back. `tape`
        records the test, or stands for what was recorded.
        """
        driver = self._roster.driver(subject)
        name = say("Self-test of {subject}", subject=str(subject))
        kept, before = tape or Tape(), person or Person()
        before = replace(before, ask=kept.asking(before.ask))

        async def run(job: Job[SelftestResult]) -> SelftestResult:
            with kept.running():
                return await self._run(subject, driver, level, kept, before, job.report)

        return Job(name, run)

    async def _run(
        self, subject: Subject, driver: Examiner, level: Level, tape: Tape, person: Person, report: Report
    ) -> SelftestResult:
        begun = self._clock.seconds()
        gathered = _Gathered()
        report(say("Asking for its state"))
        seen = await driver.examine()
        if tape.silent:  # it was somebody else's examination, shared by the driver and not on the tape
            seen = await driver.examine()
        gathered.evidence += seen
        if "unsupported" in signs_of(gathered.evidence):
            pass  # there is no driver to ask for more
        elif subject.kind == "printer" and isinstance(driver, PrinterDriver):
            await self._printer(driver, level, tape, person, report, gathered)
        elif subject.kind == "scanner" and level is not Level.INTERNAL and isinstance(driver, ScannerDriver):
            await self._scanner(subject, driver, person.code, report, gathered)
        elif level is Level.INTERACTIVE and person.ask is not None and isinstance(driver, DrawerDriver):
            await self._drawer(driver, person.ask, report, gathered)
        elif level is not Level.INTERNAL:
            await self._till_device(subject, driver, level, person, report, gathered)
        if isinstance(driver, Counted):
            gathered.counters = await driver.totals()
        if not gathered.identity:
            gathered.identity = _identity(gathered.evidence)
        finding = judge(subject, gathered.evidence, self._table)
        passed = _verdict(level, finding, gathered)
        result = SelftestResult(
            finding, level, passed, self._clock.seconds() - begun, gathered.proof, gathered.identity,
            gathered.counters, gathered.head, code=person.code,
        )  # fmt: skip
        tape.ended(result)
        self._last[subject] = result
        if self._keep is not None:
            await self._keep(subject, result.identity, result.counters)
        known = [*gathered.evidence, *self._still_broken(subject, gathered.evidence, person.code)]
        if passed is False or (passed and level is not Level.INTERNAL):
            self._keep_standing(subject, known)
        self._show(judge(subject, known, self._table))
        return result

    def _still_broken(self, subject: Subject, evidence: Sequence[Evidence], code: str) -> list[Evidence]:
        """What an earlier test showed and this one could not: by eyes, a code of another kind, or a phone."""
        standing = self._standing.get(subject, ())
        unseen = frozenset[str]() if "print.seen" in signs_of(evidence) else _BROKEN
        found = [each for each in standing if each.signs & unseen or each.probe.startswith(_PHONES)]
        for each in standing:
            blind = _BY_LETTERS if code.isdigit() else frozenset[str]()
            if each.facts.get("expected", "")[:1] != code[:1]:
                blind |= _BY_ARTICLE
            if left := each.signs & blind:
                found.append(replace(each, signs=left))
        return found

    def found(self, subject: Subject, evidence: Sequence[Evidence]) -> Finding:
        """What the test with phone-like codes showed; what the self-test found stands beside it."""
        others = [each for each in self._standing.get(subject, ()) if not each.probe.startswith(_PHONES)]
        self._keep_standing(subject, [*evidence, *others])
        self._show(judge(subject, [*evidence, *others], self._table))
        return judge(subject, evidence, self._table)

    def mark(self, subject: Subject, breaks: Breaks, tape: Tape | None = None) -> SelftestResult:
        """The last test's result, with where the person saw the printed pattern break; the test has failed.

        BadInput where no pattern was printed.
        """
        last = self._last.get(subject)
        if last is None or last.head is None:
            raise BadInput(say('no pattern was printed by "{subject}" yet', subject=str(subject)))
        sign, now = _BREAKS[breaks.look], self._clock.now()
        columns = " ".join(f"{first}-{until}" for first, until in breaks.spans)
        words = seen_words(last.head, breaks)
        evidence = [each for each in last.finding.evidence if each.probe not in _BY_EYE]
        came_out = say("The person saw the page come out, but not whole")
        evidence.append(Evidence(_PERSON, "print.seen", came_out, now, 0.0, frozenset({"print.seen"})))
        evidence.append(Evidence(_PATTERN, columns, words, now, 0.0, frozenset({sign})))
        finding = judge(subject, evidence, self._table)
        result = self._last[subject] = replace(last, finding=finding, passed=False, breaks=breaks)
        if tape is not None:
            tape.marked(breaks)
            tape.ended(result)
        self._keep_standing(subject, evidence)
        self._show(finding)
        return result

    def _keep_standing(self, subject: Subject, evidence: Sequence[Evidence]) -> None:
        """What no look can see must not be made green by one; a test that shows nothing of it ends it."""
        if standing := [each for each in evidence if each.signs & _ONLY_A_TEST_SEES or _of_phones(each)]:
            self._standing[subject] = standing
        else:
            self._standing.pop(subject, None)

    async def _printer(
        self,
        driver: PrinterDriver,
        level: Level,
        tape: Tape,
        person: Person,
        report: Report,
        gathered: _Gathered,
    ) -> None:
        report(say("Reading identity and counters"))
        try:
            gathered.identity, gathered.counters = await driver.identify()
        except TillkeeperError as error:
            gathered.evidence.append(self._trouble("identify", error))
        if level is Level.INTERNAL:
            return
        async with ScanBack(self._roster, person.code, keys=person.keys) as back:
            gathered.proof, evidence = await driver.print_test_page(
                tape.page(self._page(person.code)), report
            )
            gathered.evidence += evidence
            gathered.head = _head(driver) if gathered.proof.grade is not Grade.E else None
            with suppress(TillkeeperError):  # the page has moved the counters; the older ones do otherwise
                gathered.counters = (await driver.identify())[1] or gathered.counters
            came = None
            if gathered.proof.grade is not Grade.E and back.listening:
                report(say("Scan the QR code {page_code} on the page", page_code=person.code))
                wait = SCAN_WAIT if level is Level.INTERACTIVE else UNATTENDED_WAIT
                came = await back.came(wait, person.skip)
            self._scanned(tape.came_back(came), gathered)
        if level is Level.INTERACTIVE and not gathered.seen:
            if person.ask is not None:
                question = say("Did the whole page come out, with every line readable?")
                gathered.seen = await person.ask(question)
            gathered.evidence += self._answered(gathered.seen)

    def _scanned(self, back: CameBack | None, gathered: _Gathered) -> None:
        """The printed code, read back: the page is proved, and so is the scanner."""
        if back is None:
            return
        self._keep_standing(back.scanner, [back.evidence])
        self._show(judge(back.scanner, [back.evidence], self._table))
        reason = say("{scanner} read the printed code back", scanner=self._name(back.scanner))
        gathered.seen = True
        gathered.proof = Proof(Grade.A_PLUS, reason)
        gathered.evidence.append(
            replace(
                back.evidence, probe="selftest.scan_back", meaning=reason, signs=frozenset({"print.scanned"})
            )
        )

    async def _scanner(
        self, subject: Subject, driver: ScannerDriver, code: str, report: Report, gathered: _Gathered
    ) -> None:
        try:
            tried = await self._scan_test.run(subject, driver, code, report, SCAN_WAIT)
        except TillkeeperError as error:
            gathered.evidence.append(self._trouble("scan", error))
            return
        gathered.evidence += tried.evidence
        gathered.seen, gathered.counters = tried.seen, tried.figures

    async def _drawer(self, driver: DrawerDriver, ask: Ask, report: Report, gathered: _Gathered) -> None:
        try:
            seen, gathered.seen = await ask_through(driver, ask, self._clock, report)
            gathered.evidence += seen
        except TillkeeperError as error:
            gathered.evidence.append(self._trouble("drawer", error))

    async def _till_device(
        self,
        subject: Subject,
        driver: Examiner,
        level: Level,
        person: Person,
        report: Report,
        gathered: _Gathered,
    ) -> None:
        """A scale is loaded and a tag held by a person's hand, a display or terminal is looked at."""
        asked = level is Level.INTERACTIVE
        ask = person.ask if asked else None
        light = judge(subject, gathered.evidence, self._table).light
        try:
            if isinstance(driver, ScaleDriver) and light in (Light.OK, Light.ATTENTION):
                wait = SCAN_WAIT if asked else UNATTENDED_WAIT
                seen, gathered.seen = await load_and_unload(driver, ask, self._clock, report, wait)
                gathered.evidence = seen if gathered.seen else [*gathered.evidence, *seen]
            elif isinstance(driver, DisplayDriver) and light is not Light.FAULT:
                seen, gathered.seen = await show_through(driver, ask, self._clock, report, person.code)
                gathered.evidence += seen
            elif isinstance(driver, TagReader) and light is not Light.FAULT:
                wait = SCAN_WAIT if asked else UNATTENDED_WAIT
                seen, gathered.seen = await hold_a_tag(driver, ask, self._clock, report, wait)
                gathered.evidence += seen
            elif isinstance(driver, TerminalDriver) and ask is not None:
                seen, gathered.seen = await inspect_through(driver, ask, self._clock)
                gathered.evidence += seen
        except TillkeeperError as error:
            gathered.evidence.append(self._trouble("line", error))

    def _answered(self, seen: bool | None) -> tuple[Evidence, ...]:
        if seen is None:
            meaning, sign = say("Nobody said whether the page came out"), "print.not_told"
        elif seen:
            meaning, sign = say("The person saw the page come out whole"), "print.seen"
        else:
            meaning, sign = say("The person did not see the whole page"), "print.not_seen"
        return (Evidence(_PERSON, sign, meaning, self._clock.now(), 0.0, frozenset({sign})),)

    def _page(self, code: str) -> Page:
        text = self._language().text
        now = self._clock.now().strftime("%Y-%m-%d %H:%M:%S")
        lines = (
            self._store,
            text(say("Printed {time}", time=now)),
            text(say("If every line is clear, the printer prints well.")),
            "中文：收银守护 测试页 ￥128.50 东国的我你他",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz",
            "0123456789 !\"#$%&'()*+,-./:;<=>?@[]^_{|}~",
        )
        return Page(text(say("Tillkeeper test page")), lines, code)

    def _trouble(self, probe: str, error: TillkeeperError) -> Evidence:
        return Evidence(
            f"selftest.{probe}",
            type(error).__name__,
            error.words,
            self._clock.now(),
            0.0,
            frozenset({error.sign}),
        )


def _of_phones(evidence: Evidence) -> bool:
    """Whether it tells of trouble with phones."""
    return evidence.probe.startswith(_PHONES) and evidence.signs != {"scanner.scanned"}


def _head(driver: object) -> Head | None:
    return driver.head() if isinstance(driver, PatternPrinter) else None


def _identity(evidence: Sequence[Evidence]) -> Mapping[str, str]:
    """What the device, or the profile for it, says of itself (UnifiedPOS names)."""
    return {name: each.facts[name] for each in evidence for name in IDENTITY if each.facts.get(name)}


def _verdict(level: Level, finding: Finding, gathered: _Gathered) -> bool | None:
    """Failed on any fault or a person's no; passed only where something really showed it."""
    if finding.light is Light.FAULT or gathered.seen is False:
        return False
    if gathered.seen:
        return True
    if level is Level.INTERNAL:
        return True if finding.light in (Light.OK, Light.ATTENTION) else None
    proven = gathered.proof is not None and gathered.proof.grade in (Grade.A_PLUS, Grade.A, Grade.B)
    return True if proven and level is Level.EXTERNAL else None
