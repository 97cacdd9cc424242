"""Questions to the person at a terminal; they go to standard error, so that results stand alone."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from console.domain.breaks import Breaks, Look, read_numbers
from console.domain.errors import BadInput
from console.domain.head import Head
from console.domain.selftest import SelftestResult
from console.domain.words import Words, say
from console.services.head_text import LOOKS
from console.services.language import Language
from console.services.selftest import SelftestService
from console.services.tape import Tape

_TRIES = 3  # then whoever answers does not read what is asked


def asker(language: Language) -> Callable[[Words], Coroutine[Any, Any, bool | None]]:
    """What puts a yes/no question; None for any other answer."""

    async def ask(question: Words) -> bool | None:
        answer = (await _typed(f"{language.text(question)} [y/n] ")).lower()
        return {"y": True, "是": True, "n": False, "否": False}.get(answer[:1])

    return ask


async def ask_breaks(
    result: SelftestResult, tests: SelftestService, language: Language, tape: Tape | None
) -> SelftestResult:
    """The same result, or with where the printed pattern breaks if the person names such places."""
    if result.head is None:
        return result
    breaks = await _breaks(result.head, language)
    return tests.mark(result.finding.subject, breaks, tape) if breaks else result


async def _breaks(head: Head, language: Language) -> Breaks | None:
    question = language.text(say("Which numbers stand beside the break? Enter = none")) + " "
    for _ in range(_TRIES):
        try:
            spans = read_numbers(await _typed(question), head)
        except BadInput as error:
            print(language.text(error.words), file=sys.stderr)
            continue
        return Breaks(spans, await _look(language)) if spans else None
    return None


async def _look(language: Language) -> Look:
    """How it looks; a line that may be dirt or a dead dot where nobody says."""
    for number, words in enumerate(LOOKS.values(), 1):
        print(f"{number}. {language.text(words)}", file=sys.stderr)
    answer = await _typed(language.text(say("How does it look? 1 to {count}", count=len(LOOKS))) + " ")
    looks = list(LOOKS)
    return looks[int(answer) - 1] if answer in ("1", "2", "3") else Look.LINE


async def _typed(prompt: str) -> str:
    """What the person types in a line, read on a thread that an interrupted program does not wait for."""
    print(prompt, end="", file=sys.stderr, flush=True)
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    lines: list[str] = []

    def read() -> None:
        lines.append(sys.stdin.readline())
        with suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(typed.set)

    threading.Thread(target=read, name="answer", daemon=True).start()
    await typed.wait()
    return lines[0].strip()
