"""The commands that need a store: check, selftest, discover."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from console.cli import Entrances
from console.domain.check import CheckResult
from console.domain.findings import Finding
from console.domain.lights import Light, exit_code
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

    return asyncio.run(work())


def selftest(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """The self-test of one device; whether it passed as exit code."""

    async def work() -> int:
        async with entrances.compose(options) as console:
            level = Level(parsed.level)
            ask = None if parsed.json or not sys.stdin.isatty() else _asker(console.language)
            job = console.selftest.start(Subject.parse(parsed.subject), level, ask)
            result = await _finish(job, console, quiet=parsed.json)
            _tell(console)
            if parsed.json:
                _print_json(selftest_document(result, console.language))
            else:
                _print_selftest(result, console)
            return _selftest_code(result)

    return asyncio.run(work())


def _selftest_code(result: SelftestResult) -> int:
    if result.passed is None:
        return exit_code(Light.UNKNOWN)
    if result.passed:
        return exit_code(Light.ATTENTION if result.finding.light is Light.ATTENTION else Light.OK)
    return exit_code(Light.FAULT)


def discover(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """Every device that can be found, with ready profile entries; 0."""

    async def work() -> int:
        async with entrances.compose(options) as console:
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

    return asyncio.run(work())


async def _finish(job: Job[T], console: Console, quiet: bool) -> T:
    """Wait for a job, its progress on one line of standard error where a person watches."""
    watched = sys.stderr.isatty() and not quiet
    try:
        async for step in job.steps():
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
        text = f"{language.text(question)} [y/n] "
        answer = (await asyncio.to_thread(input, text)).strip().lower()
        return {"y": True, "是": True, "n": False, "否": False}.get(answer[:1])

    return ask


def _tell(console: Console) -> None:
    for notice in console.notices:
        print(console.language.text(notice), file=sys.stderr)


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=1))


def _print_check(result: CheckResult, console: Console) -> None:
    text, name = console.language.text, console.name
    print(f"{SHAPES[result.overall]} {result.store}: {summary(result.findings, name, console.language)}")
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
    print(f"{SHAPES[finding.light]} {console.name(finding.subject)}: {text(verdicts[result.passed])}")
    if result.proof:
        print(f"  {result.proof.grade.value}: {text(result.proof.reason)}")
    for key, value in (*result.identity.items(), *result.counters.items()):
        print(f"  {key}: {value}")
    print(f"  {title_of(finding, console.language)}")
    _print_reasons(finding, console)
