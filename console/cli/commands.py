"""The commands that need a store: check, selftest, discover."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from console.cli import Entrances
from console.domain.check import CheckResult
from console.domain.discovery import wide
from console.domain.errors import Unsupported
from console.domain.findings import Finding
from console.domain.lights import Light, exit_code
from console.domain.profile import Scanner
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words, say, say_many
from console.services.console import Console
from console.services.discover import discover as search
from console.services.documents import check_document, discover_document, selftest_document
from console.services.jobs import Job
from console.services.language import Language
from console.services.options import Options
from console.services.sentences import summary, title_of

T = TypeVar("T")

TERMINATED = 143  # as a shell reports a program that was asked to end

SHAPES = {Light.OK: "●", Light.ATTENTION: "▲", Light.FAULT: "■", Light.UNKNOWN: "◌", Light.OFF: "–"}


def check(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """The full check, once; its overall light as exit code."""

    async def work() -> int:
        async with entrances.compose(options) as console:
            result = await _finish(console.check.start(parsed.only), console, quiet=parsed.json)
            _tell(console)
            if parsed.json:
                _print_json(check_document(result, console.name, console.language))
            else:
                _print_check(result, console)
            return exit_code(result.overall)

    return _run(work)


def selftest(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """The self-test of one device; whether it passed as exit code."""

    async def work() -> int:
        async with entrances.compose(options) as console:
            level = Level(parsed.level)
            ask = None if parsed.json or not sys.stdin.isatty() else _asker(console.language)
            subject = Subject.parse(parsed.subject)
            if level is not Level.INTERNAL:
                _refuse_keyboard(subject, console)
            job = console.selftest.start(subject, level, ask)
            result = await _finish(job, console, quiet=parsed.json, aloud=True)
            _tell(console)
            if parsed.json:
                _print_json(selftest_document(result, console.language))
            else:
                _print_selftest(result, console)
            return _selftest_code(result)

    return _run(work)


def _selftest_code(result: SelftestResult) -> int:
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
            if question and sys.stdin.isatty() and not await _asker(console.language)(question):
                return exit_code(Light.UNKNOWN)
            begun = console.clock.seconds()
            found = await _finish(search(console.searchers(parsed.lan)), console, quiet=parsed.json)
            if parsed.json:
                _print_json(discover_document(found, console.clock.seconds() - begun))
            else:
                for each in found:
                    print(f"# {each.identity or each.address} ({each.sure})\n{each.entry}")
                words = say_many("{count} device found", "{count} devices found", len(found))
                print(console.language.text(words), file=sys.stderr)
            return 0

    return _run(work)


def _refuse_keyboard(subject: Subject, console: Console) -> None:
    """Unsupported for a scanner that types: its keys go to the window in front, not to this command."""
    for known, entry in console.profile.entries():
        if known == subject and isinstance(entry, Scanner) and entry.address.startswith("keyboard:"):
            raise Unsupported(say("a scanner that types is tested in the window, with Self-test"))


def _run(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
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


async def _finish(job: Job[T], console: Console, quiet: bool, aloud: bool = False) -> T:
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


def _asker(language: Language) -> Callable[[Words], Coroutine[Any, Any, bool | None]]:
    async def ask(question: Words) -> bool | None:
        print(f"{language.text(question)} [y/n] ", end="", file=sys.stderr, flush=True)
        answer = (await _line()).strip().lower()
        return {"y": True, "是": True, "n": False, "否": False}.get(answer[:1])

    return ask


async def _line() -> str:
    """What the person types, read on a thread that an interrupted program does not wait for."""
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    lines: list[str] = []

    def read() -> None:
        lines.append(sys.stdin.readline())
        with suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(typed.set)

    threading.Thread(target=read, name="answer", daemon=True).start()
    await typed.wait()
    return lines[0]


def _tell(console: Console) -> None:
    for notice in console.notices:
        print(console.language.text(notice), file=sys.stderr)


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=1))


def _print_check(result: CheckResult, console: Console) -> None:
    text, name = console.language.text, console.name
    sentence = summary(result.findings, name, console.language, result.full)
    headline = text(say("{name}: {title}", name=result.store, title=sentence))
    print(f"{SHAPES[result.overall]} {headline}")
    for finding in result.findings:
        print(f"  {SHAPES[finding.light]} {name(finding.subject)} — {title_of(finding, console.language)}")
        _print_reasons(finding, console)
    seconds = say(
        "Checked {count} things in {seconds} s", count=len(result.findings), seconds=f"{result.seconds:.2f}"
    )
    print(text(seconds))


def _print_reasons(finding: Finding, console: Console) -> None:
    text = console.language.text
    if finding.light in (Light.OK, Light.OFF) or finding.blocked_by is not None:
        return
    for each in finding.evidence:
        print(f"      {text(each.meaning)}  [{each.probe}: {each.result}]")
    if finding.cause:
        for number, step in enumerate(console.language.cause(finding.cause).advice, 1):
            print(f"      {number}. {step}")
    if finding.distinguish:
        print(f"      {console.language.test(finding.distinguish)}")


def _print_selftest(result: SelftestResult, console: Console) -> None:
    text, finding = console.language.text, result.finding
    verdicts = {True: say("Passed"), False: say("Failed"), None: say("Could not tell")}
    shape = SHAPES[Light.UNKNOWN if result.passed is None else finding.light]
    print(f"{shape} {console.name(finding.subject)}: {text(verdicts[result.passed])}")
    if result.proof:
        print(f"  {result.proof.grade.value}: {text(result.proof.reason)}")
    for key, value in (*result.identity.items(), *result.counters.items()):
        print(f"  {key}: {value}")
    print(f"  {title_of(finding, console.language)}")
    _print_reasons(finding, console)
