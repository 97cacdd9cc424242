"""The commands that need a store: check, selftest, discover, watch."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from console.cli import Entrances
from console.cli.asking import ask_breaks, asker
from console.cli.output import put
from console.domain.check import CheckResult, LightChange
from console.domain.discovery import wide
from console.domain.drawer import Sense
from console.domain.errors import Unsupported
from console.domain.findings import Finding
from console.domain.lights import Light, exit_code
from console.domain.ports import Ask
from console.domain.profile import Scanner
from console.domain.recovery import Recovery
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words, say, say_many
from console.services.console import Console
from console.services.discover import discover as search
from console.services.documents import check_document, discover_document, light_document, selftest_document
from console.services.drawer_sense import behind, change_of
from console.services.head_text import head_rows
from console.services.jobs import Job
from console.services.language import Language
from console.services.options import Options
from console.services.selftest import Person, code_for
from console.services.sentences import summary, title_of
from console.services.tape import Tape

T = TypeVar("T")

TERMINATED = 143  # as a shell reports a program that was asked to end

Able = Callable[[Finding, Recovery], bool]

SHAPES = {Light.OK: "●", Light.ATTENTION: "▲", Light.FAULT: "■", Light.UNKNOWN: "◌", Light.OFF: "–"}


def check(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """The full check, once; its overall light as exit code."""

    async def work() -> int:
        async with entrances.compose(options) as console:
            result = await finish(console.check.start(parsed.only), console, quiet=parsed.json)
            before_restart = await _before_restart(console, result.findings)
            _tell(console)
            if parsed.json:
                print_json(check_document(result, console.name, console.language, before_restart))
            else:
                _print_check(result, console, before_restart)
            return exit_code(result.overall)

    return run(work)


def selftest(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """The self-test of one device; whether it passed as exit code."""

    async def work() -> int:
        async with entrances.compose(options) as console:
            level = Level(parsed.level)
            ask = asker(console.language) if sys.stdin.isatty() else None
            subject = Subject.parse(parsed.subject)
            if level is not Level.INTERNAL:
                _refuse_keyboard(subject, console)
            person = Person(ask, code_for(subject))
            tape, keep = await _recorder(parsed.record, subject, level, person.code, console)
            try:
                job = console.selftest.start(subject, level, person, tape)
                result = await finish(job, console, quiet=parsed.json, aloud=True)
                if ask is not None and level is Level.INTERACTIVE:
                    result = await ask_breaks(result, console.selftest, console.language, tape)
            finally:
                await keep()
            before_restart = await _before_restart(console, [result.finding])
            _tell(console)
            if parsed.json:
                print_json(selftest_document(result, console.language, before_restart))
            else:
                print_selftest(result, console.language, console.name(subject), before_restart)
                if ask is not None:
                    await _offer_sense(result, console, ask)
            return selftest_code(result)

    return run(work)


async def _offer_sense(result: SelftestResult, console: Console, ask: Ask) -> None:
    """Write what a drawer's self-test taught into the profile, if the person agrees."""
    learnt = {each.facts["drawer_sense"] for each in result.finding.evidence if "drawer_sense" in each.facts}
    if console.editor is None or not learnt:
        return
    subject = result.finding.subject
    (sense,) = learnt
    if sense == behind(console.profile, subject).drawer_sense:
        return
    if await ask(say('Write drawer_sense = "{sense}" into the profile?', sense=sense)):
        printer, keys = change_of(console.profile, subject, cast("Sense", sense))
        await asyncio.to_thread(console.editor.replace, printer, keys)
        words = say("Written; the former file is kept beside it")
        print(console.language.text(words), file=sys.stderr)


async def _recorder(
    path: Path | None, subject: Subject, level: Level, code: str, console: Console
) -> tuple[Tape | None, Callable[[], Coroutine[Any, Any, None]]]:
    """What records into `path`, and what ends it; a recording that failed is told, and stops nothing."""
    if path is None or console.recordings is None:
        return None, _nothing
    console.selftest.must_know(subject)
    tape, file = await asyncio.to_thread(console.recordings.begin, subject, level, code, path)

    async def keep() -> None:
        await asyncio.to_thread(file.close)
        words = file.note or say("Recorded in {path}", path=str(path))
        print(console.language.text(words), file=sys.stderr)

    return tape, keep


async def _nothing() -> None:
    """Without a recording there is nothing to end."""


def selftest_code(result: SelftestResult) -> int:
    """The exit code of a self-test."""
    if result.passed is None:
        return exit_code(Light.UNKNOWN)
    if result.passed:
        return exit_code(Light.ATTENTION if result.finding.light is Light.ATTENTION else Light.OK)
    return exit_code(Light.FAULT)


def discover(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """Every device that can be found, with ready profile entries; 0."""

    async def work() -> int:
        # Whoever searches for devices may have no store profile yet.
        async with entrances.compose(replace(options, lenient=True)) as console:
            question = wide(parsed.lan) if parsed.lan and not (parsed.yes or parsed.json) else None
            if question and sys.stdin.isatty() and not await asker(console.language)(question):
                return exit_code(Light.UNKNOWN)
            begun = console.clock.seconds()
            found = await finish(search(console.searchers(parsed.lan)), console, quiet=parsed.json)
            if parsed.json:
                print_json(discover_document(found, console.clock.seconds() - begun))
            else:
                for each in found:
                    put(f"# {each.identity or each.address} ({each.sure})\n{each.entry}")
                words = say_many("{count} device found", "{count} devices found", len(found))
                print(console.language.text(words), file=sys.stderr)
            return 0

    return run(work)


def watch(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """A line for each change of a light until interrupted, then 0."""

    async def work() -> int:
        async with entrances.compose(options) as console:
            _tell(console)
            changes: asyncio.Queue[LightChange] = asyncio.Queue()
            console.board.subscribe(changes.put_nowait)
            async with AsyncExitStack() as stack:
                for part in (console.chronicle, console.monitor, console.plugs):
                    if part is not None:
                        part.start()
                        stack.push_async_callback(part.stop)
                with suppress(asyncio.CancelledError):  # an interruption is how this is ended
                    await _print_changes(changes, console, parsed.json)
            return 0

    return run(work)


async def _print_changes(changes: asyncio.Queue[LightChange], console: Console, as_json: bool) -> None:
    """Each change as it comes, and nothing that only repeats what was said."""
    said: dict[Subject, tuple[Light, str | None, Subject | None]] = {}
    while True:
        change = await changes.get()
        finding = change.finding
        state = (finding.light, finding.cause, finding.blocked_by)
        if said.get(finding.subject) == state:
            continue
        said[finding.subject] = state
        if as_json:
            put(json.dumps(light_document(change), ensure_ascii=False))
        else:
            title = title_of(finding, console.language)
            shape, name = SHAPES[finding.light], console.name(finding.subject)
            put(f"{change.at:%H:%M:%S} {shape} {name} — {title}")


def _refuse_keyboard(subject: Subject, console: Console) -> None:
    """Unsupported for a scanner that types: its keys go to the window in front, not to this command."""
    for known, entry in console.profile.entries():
        if known == subject and isinstance(entry, Scanner) and entry.types_here:
            raise Unsupported(say("a scanner that types is tested in the window, with Self-test"))


async def _before_restart(console: Console, findings: Sequence[Finding]) -> str | None:
    """What must be read before the till is restarted; looked for only where some advice says so."""
    causes = (console.language.cause(each.cause) for each in findings if each.cause)
    return await console.before_restart() if any(each.restart is not None for each in causes) else None


def run(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run a command to its exit code; a request to end lets go of devices and temporary files first."""

    async def guarded() -> int:
        task = asyncio.current_task()
        with suppress(NotImplementedError):  # Windows ends programs otherwise
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel if task else sys.exit)
        return await work()

    try:
        return asyncio.run(guarded())
    except asyncio.CancelledError:
        return TERMINATED


async def finish(job: Job[T], console: Console, quiet: bool, aloud: bool = False) -> T:
    """Wait for a job, its progress on one line of standard error where a person watches.

    `aloud` says each step on a line of its own where nobody watches: it may ask for something.
    """
    watched = sys.stderr.isatty() and not quiet
    said: Words | None = None
    try:
        async for step in job.steps():
            if aloud and not watched and step.doing != said:
                said = step.doing
                print(console.language.text(said), file=sys.stderr, flush=True)
            if watched:
                place = f"{step.done}/{step.total} " if step.total else ""
                print(
                    f"\r\x1b[K{place}{console.language.text(step.doing)}", end="", file=sys.stderr, flush=True
                )
        return await job.result()
    except asyncio.CancelledError:
        job.cancel()
        raise
    finally:
        if watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _tell(console: Console) -> None:
    for notice in console.notices:
        print(console.language.text(notice), file=sys.stderr)


def print_json(document: dict[str, Any]) -> None:
    """A document as others script against it."""
    put(json.dumps(document, ensure_ascii=False, indent=1))


def _print_check(result: CheckResult, console: Console, before_restart: str | None) -> None:
    text, name = console.language.text, console.name
    sentence = summary(result.findings, name, console.language, result.full)
    headline = text(say("{name}: {title}", name=result.store, title=sentence))
    put(f"{SHAPES[result.overall]} {headline}")
    for finding in result.findings:
        put(f"  {SHAPES[finding.light]} {name(finding.subject)} — {title_of(finding, console.language)}")
        _print_reasons(finding, console.language, before_restart, console.repair.able)
    seconds = say(
        "Checked {count} things in {seconds} s", count=len(result.findings), seconds=f"{result.seconds:.2f}"
    )
    put(text(seconds))


def unable(_: Finding, __: Recovery) -> bool:
    """Nothing can be done from here."""
    return False


def _print_reasons(
    finding: Finding, language: Language, before_restart: str | None, able: Able = unable
) -> None:
    text = language.text
    if finding.light in (Light.OK, Light.OFF) or finding.blocked_by is not None:
        return
    for each in finding.evidence:
        put(f"      {text(each.meaning)}  [{each.probe}: {each.result}]")
    if finding.cause:
        for number, step in enumerate(language.cause(finding.cause).steps(before_restart), 1):
            put(f"      {number}. {step}")
        for offer in language.cause(finding.cause).todo:
            if offer.press is not None and able(finding, offer.press):
                put(f"      → {offer.text}  tillkeeper recover {finding.subject} {offer.press}")
    if finding.distinguish:
        put(f"      {language.test(finding.distinguish)}")


def print_selftest(
    result: SelftestResult, language: Language, name: str, before_restart: str | None = None
) -> None:
    """A self-test's verdict, its proof and its reasons, for people."""
    text, finding = language.text, result.finding
    verdicts = {True: say("Passed"), False: say("Failed"), None: say("Could not tell")}
    shape = SHAPES[Light.UNKNOWN if result.passed is None else finding.light]
    put(f"{shape} {name}: {text(verdicts[result.passed])}")
    if result.proof:
        put(f"  {result.proof.grade.value}: {text(result.proof.reason)}")
    for key, value in (*result.identity.items(), *result.counters.items(), *result.figures.items()):
        put(f"  {key}: {value}")
    put(f"  {title_of(finding, language)}")
    for label, value in head_rows(result):
        put(f"  {text(label)}: {text(value)}")
    _print_reasons(finding, language, before_restart)
