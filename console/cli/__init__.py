"""The headless twin of the window: the same services, as text or JSON (contract: commands, exit codes)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from console import __version__
from console.domain.errors import BadInput, NotConfigured, TillkeeperError, Unsupported
from console.domain.subjects import DEVICE_KINDS
from console.services.language import LANGUAGES, Language
from console.services.options import Options

if TYPE_CHECKING:
    from console.services.console import Console

Command = Callable[[argparse.Namespace, Options, "Entrances"], int]

USAGE, INTERNAL, INTERRUPTED = 64, 70, 130
LEVELS = ("internal", "external", "interactive")


@dataclass(frozen=True, slots=True)
class Entrances:
    """What `app` lends the command line."""

    compose: Callable[[Options], AbstractAsyncContextManager[Console]]
    window: Callable[[Options], int]
    simulate: Callable[[str, str | None, Sequence[str]], Coroutine[Any, Any, int]]
    plan: Callable[[Options, str | None], str]
    language: Callable[[Options], Language]  # for words before, or without, a store
    kinds: Sequence[str]  # what can be simulated


class _Parser(argparse.ArgumentParser):
    """Bad usage is one line on standard error and exit code 64."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(USAGE)


def run(arguments: Sequence[str], entrances: Entrances) -> int:
    """Carry out one command line and return the process's exit code."""
    parser = _parser(entrances.kinds)
    parsed = parser.parse_args(arguments)
    said = vars(parsed)
    options = Options(said.get("demo", False), said.get("profile"), said.get("lang"))
    if options.demo and options.profile:
        parser.error("argument --profile: not allowed with argument --demo")
    try:
        code = int(parsed.command(parsed, options, entrances))
        sys.stdout.flush()
        return code
    except (BadInput, NotConfigured, Unsupported) as error:
        print(entrances.language(options).text(error.words), file=sys.stderr)
        return USAGE
    except TillkeeperError as error:
        print(entrances.language(options).text(error.words), file=sys.stderr)
        return INTERNAL
    except BrokenPipeError:
        # Whoever read our output has read enough; the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _store() -> _Parser:
    """The options that every command takes; a parser of its own each time, because parents share defaults."""
    store = _Parser(add_help=False)
    quiet = argparse.SUPPRESS
    which = store.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true", default=quiet, help="use the simulated demo store")
    which.add_argument("--profile", type=Path, metavar="FILE", default=quiet, help="use this store.toml")
    store.add_argument("--lang", choices=tuple(LANGUAGES), default=quiet, help="language of the texts")
    return store


def _json() -> _Parser:
    json_too = _Parser(add_help=False)
    json_too.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    return json_too


def _parser(simulated: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tillkeeper", parents=[_store()], description="Tillkeeper 收银守护 keeps a shop selling.",
        epilog="Exit codes: 0 ok, 1 attention, 2 fault, 3 could not tell, 64 bad usage, 70 internal.",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"tillkeeper {__version__}")
    parser.set_defaults(command=_window)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)

    check = commands.add_parser("check", parents=[_store(), _json()], help="check everything once")
    check.add_argument(
        "--only", action="append", default=[], metavar="KIND[:NAME]", help="check just this; repeatable"
    )
    check.set_defaults(command=_lazily("check"))

    selftest = commands.add_parser("selftest", parents=[_store(), _json()], help="test one device")
    selftest.add_argument(
        "subject", metavar="KIND:NAME", help=f"a device of the store: {', '.join(DEVICE_KINDS)}"
    )
    selftest.add_argument(
        "--level", choices=LEVELS, default=LEVELS[0],
        help="internal asks only, external prints a page or waits for a scan, interactive asks you as well",
    )  # fmt: skip
    selftest.set_defaults(command=_lazily("selftest"))

    search = commands.add_parser("discover", parents=[_store(), _json()], help="find devices")
    search.add_argument(
        "--lan", metavar="CIDR", help="also look for network printers here, such as 192.168.1.0/24"
    )
    search.add_argument(
        "--yes", action="store_true", help="do not ask before a network larger than a /24 is searched"
    )
    search.set_defaults(command=_lazily("discover"))

    simulate = commands.add_parser("simulate", parents=[_store()], help="run a fake device until interrupted")
    simulate.add_argument("kind", choices=tuple(simulated))
    simulate.add_argument("--at", metavar="ADDRESS", help="tcp://HOST:PORT, ipp://HOST:PORT or pty:")
    simulate.add_argument(
        "--fault", action="append", default=[], metavar="NAME", help="start with this fault; repeatable"
    )
    simulate.set_defaults(command=_simulate)

    plan = commands.add_parser("plan", parents=[_store()], help="print the emergency plan")
    plan.add_argument("scenario", nargs="?", help="only this scenario")
    plan.set_defaults(command=_plan)
    return parser


def _window(_: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    return entrances.window(options)


def _plan(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    print(entrances.plan(options, parsed.scenario))
    return 0


def _lazily(name: str) -> Command:
    """A command that is imported when it is used: the window's first frame waits for every module."""

    def command(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
        from console.cli import commands

        return int(getattr(commands, name)(parsed, options, entrances))

    return command


def _simulate(parsed: argparse.Namespace, _: Options, entrances: Entrances) -> int:
    import asyncio

    return asyncio.run(entrances.simulate(parsed.kind, parsed.at, parsed.fault))
