"""The headless twin of the window: the same services, as text or JSON (contract: commands, exit codes)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.cli.grammar import USAGE, asked_language, grammar, spoken
from console.cli.output import put
from console.domain.errors import BadInput, NotConfigured, TillkeeperError, Unsupported
from console.domain.words import say
from console.services.language import Language
from console.services.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    from console.services.console import Console
    from console.services.replay import Replayed

Command = Callable[[argparse.Namespace, Options, "Entrances"], int]

INTERNAL, INTERRUPTED = 70, 130


@dataclass(frozen=True, slots=True)
class Entrances:
    """What `app` lends the command line."""

    compose: Callable[[Options], AbstractAsyncContextManager[Console]]
    window: Callable[[Options], int]
    simulate: Callable[[str, str | None, Sequence[str], bool, Options], Coroutine[Any, Any, int]]
    plan: Callable[[Options, str | None], str]
    replay: Callable[[Options, Path], Replayed]
    language: Callable[[Options], Language]  # for words before, or without, a store
    kinds: Sequence[str]  # what can be simulated


def run(arguments: Sequence[str], entrances: Entrances) -> int:
    """Carry out one command line and return the process's exit code."""
    options = Options(language=asked_language(arguments))
    try:
        parsed, options = _parsed(arguments, entrances.language(options), entrances.kinds)
        return int(parsed.command(parsed, options, entrances))
    except (BadInput, NotConfigured, Unsupported) as error:
        print(entrances.language(options).text(error.words), file=sys.stderr)
        return USAGE
    except TillkeeperError as error:
        print(entrances.language(options).text(error.words), file=sys.stderr)
        return INTERNAL
    except BrokenPipeError:
        return 0  # whoever read our output has read enough
    except KeyboardInterrupt:
        return INTERRUPTED


def _parsed(
    arguments: Sequence[str], language: Language, kinds: Sequence[str]
) -> tuple[argparse.Namespace, Options]:
    """The command line taken apart; SystemExit after `--help` and after bad usage."""
    with spoken(language):
        parser = grammar(language, kinds, COMMANDS)
        parsed = parser.parse_args(arguments)
        said = vars(parsed)
        options = Options(said.get("demo", False), said.get("profile"), said.get("lang"))
        if options.demo and options.profile:
            parser.error(language.text(say("--demo and --profile exclude each other; give one of them")))
    return parsed, options


def _window(_: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    return entrances.window(options)


def _plan(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    put(entrances.plan(options, parsed.scenario))
    return 0


def _lazily(name: str) -> Command:
    """A command that is imported when it is used: the window's first frame waits for every module."""

    def command(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
        from importlib import import_module

        module = name if name in ("replay", "recover", "support_bundle") else "commands"
        return int(getattr(import_module(f"console.cli.{module}"), name)(parsed, options, entrances))

    return command


def _simulate(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    import asyncio

    work = entrances.simulate(parsed.kind, parsed.at, parsed.fault, parsed.attached, options)
    return asyncio.run(work)


COMMANDS: dict[str, Command] = {
    "": _window,
    "check": _lazily("check"),
    "selftest": _lazily("selftest"),
    "recover": _lazily("recover"),
    "replay": _lazily("replay"),
    "discover": _lazily("discover"),
    "watch": _lazily("watch"),
    "simulate": _simulate,
    "plan": _plan,
    "support-bundle": _lazily("support_bundle"),
}
