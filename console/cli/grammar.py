"""What may stand on the command line, and its `--help`, in the language that was asked for."""

from __future__ import annotations

import argparse
import gettext
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from console import __version__
from console.cli.output import put
from console.domain.recovery import Recovery
from console.domain.subjects import DEVICE_KINDS
from console.domain.words import Words, say, say_many
from console.platforms.files import resource
from console.services.language import LANGUAGES, Language

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

USAGE = 64
LEVELS = ("internal", "external", "interactive")

# argparse asks gettext for its own sentences; they stand here so that the catalogue holds them.
OWN_WORDS = (
    say("usage: "),
    say("positional arguments"),
    say("options"),
    say("show this help message and exit"),
    say("argument %(argument_name)s: %(message)s"),
    say("unrecognized arguments: %s"),
    say("the following arguments are required: %s"),
    say("expected one argument"),
    say("expected at most one argument"),
    say("expected at least one argument"),
    say_many("expected %s argument", "expected %s arguments", 1),
    say("invalid choice: %(value)r (choose from %(choices)s)"),
    say("unknown parser %(parser_name)r (choices: %(choices)s)"),
    say("ambiguous option: %(option)s could match %(matches)s"),
    say("ignored explicit argument %r"),
    say("not allowed with argument %s"),
)


def asked_language(arguments: Sequence[str]) -> str | None:
    """The language in `--lang`, looked for before anything else is understood; None where there is none."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--lang")
    try:
        asked: str | None = early.parse_known_args(arguments)[0].lang
    except argparse.ArgumentError:
        return None  # nothing stands behind it, and the grammar says so
    return asked if asked in LANGUAGES else None


@contextmanager
def spoken(language: Language) -> Iterator[None]:
    """Let argparse's own sentences come from our catalogue meanwhile."""
    variable, domain = "LANGUAGE", gettext.textdomain()
    before = os.environ.get(variable)
    gettext.bindtextdomain("tillkeeper", resource("translations"))
    gettext.textdomain("tillkeeper")
    os.environ[variable] = language.code
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ[variable]
        else:
            os.environ[variable] = before


def grammar(
    language: Language, simulated: Sequence[str], commands: Mapping[str, Callable[..., int]]
) -> argparse.ArgumentParser:
    """The whole grammar; the parsed `command` is one of `commands`, "" being the window's."""
    return _Grammar(language, simulated, commands).parser


class _Parser(argparse.ArgumentParser):
    """Bad usage is one line on standard error and exit code 64."""

    def __init__(self, *, text: Callable[[Words], str], **more: Any) -> None:
        super().__init__(**more)
        self._text = text

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Write the help to `file`, else to standard output."""
        if file is None:
            put(self.format_help().rstrip())
        else:
            super().print_help(file)

    def error(self, message: str) -> NoReturn:
        words = say("{program}: {message} (see {program} --help)", program=self.prog, message=message)
        print(self._text(words), file=sys.stderr)
        raise SystemExit(USAGE)


class _Version(argparse.Action):
    """Says the version and ends."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        put(f"tillkeeper {__version__}")
        parser.exit()


class _Grammar:
    """Builds the parsers, one method a command."""

    def __init__(
        self, language: Language, simulated: Sequence[str], commands: Mapping[str, Callable[..., int]]
    ) -> None:
        self._text = language.text
        self._targets = commands
        self.parser = _Parser(
            text=self._text, prog="tillkeeper", parents=[self._store()],
            description=self._text(say("Tillkeeper 收银守护 keeps a shop selling.")),
            epilog=self._text(
                say("Exit codes: 0 ok, 1 attention, 2 fault, 3 could not tell, 64 bad usage, 70 internal.")
            ),
        )  # fmt: skip
        version = self._text(say("show the program's version and exit"))
        self.parser.add_argument("--version", action=_Version, nargs=0, help=version)
        self.parser.set_defaults(command=commands[""])
        self._commands = self.parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
        self._check()
        self._selftest()
        self._recover()
        self._replay()
        self._discover()
        self._watch()
        self._simulate(simulated)
        self._plan()
        self._support_bundle()

    def _add(self, name: str, what: Words, *more: _Parser) -> argparse.ArgumentParser:
        text = self._text(what)
        parser: argparse.ArgumentParser = self._commands.add_parser(
            name, text=self._text, parents=[self._store(), *more], help=text, description=text
        )
        parser.set_defaults(command=self._targets[name])
        return parser

    def _store(self) -> _Parser:
        """The options of every command; a parser of its own each time, because parents share defaults."""
        store, quiet = _Parser(text=self._text, add_help=False), argparse.SUPPRESS
        which = store.add_mutually_exclusive_group()
        which.add_argument(
            "--demo", action="store_true", default=quiet, help=self._text(say("use the simulated demo store"))
        )
        which.add_argument(
            "--profile", type=Path, metavar="FILE", default=quiet, help=self._text(say("use this store.toml"))
        )
        store.add_argument(
            "--lang", choices=tuple(LANGUAGES), default=quiet, help=self._text(say("language of the texts"))
        )
        return store

    def _json(self) -> _Parser:
        json_too = _Parser(text=self._text, add_help=False)
        json_too.add_argument(
            "--json", action="store_true", help=self._text(say("print one JSON document and nothing else"))
        )
        return json_too

    def _check(self) -> None:
        check = self._add("check", say("check everything once"), self._json())
        only = self._text(say("check just this; repeatable"))
        check.add_argument("--only", action="append", default=[], metavar="KIND[:NAME]", help=only)

    def _selftest(self) -> None:
        selftest = self._add("selftest", say("test one device"), self._json())
        kinds = say("a device of the store: {kinds}", kinds=", ".join(DEVICE_KINDS))
        selftest.add_argument("subject", metavar="KIND:NAME", help=self._text(kinds))
        levels = say(
            "internal asks only, external prints, scans, weighs or shows, interactive asks you as well"
        )
        selftest.add_argument("--level", choices=LEVELS, default=LEVELS[0], help=self._text(levels))
        record = self._text(say("keep every byte with its time in this new file"))
        selftest.add_argument("--record", type=Path, metavar="FILE", help=record)

    def _recover(self) -> None:
        what = say("let a printer that stands still go on, or throw away what it holds")
        recover = self._add("recover", what, self._json())
        printer = self._text(say("a printer of the store"))
        recover.add_argument("subject", metavar="printer:NAME", help=printer)
        how = self._text(say("resume: go on printing; clear: throw away what waits"))
        recover.add_argument("how", choices=tuple(Recovery), help=how)
        yes = self._text(say("do not ask whether that is wanted"))
        recover.add_argument("--yes", action="store_true", help=yes)

    def _replay(self) -> None:
        replay = self._add("replay", say("run a recorded self-test again, without the device"), self._json())
        file = self._text(say("what selftest --record has written"))
        replay.add_argument("file", type=Path, metavar="FILE", help=file)

    def _watch(self) -> None:
        self._add("watch", say("tell each change of a light"), self._json())

    def _discover(self) -> None:
        search = self._add("discover", say("find devices"), self._json())
        lan = say("also look for network printers here, such as 192.168.1.0/24")
        search.add_argument("--lan", metavar="CIDR", help=self._text(lan))
        yes = self._text(say("do not ask before a network larger than a /24 is searched"))
        search.add_argument("--yes", action="store_true", help=yes)

    def _simulate(self, simulated: Sequence[str]) -> None:
        simulate = self._add("simulate", say("run a fake device until interrupted"))
        simulate.add_argument("kind", choices=tuple(simulated), help=self._text(say("what to imitate")))
        at = say("where it listens: tcp://HOST:PORT, pty:[LINK][?baud=SPEED|protocol=NAME] or usb:")
        simulate.add_argument("--at", metavar="ADDRESS", help=self._text(at))
        fault = self._text(say("start with this fault; repeatable"))
        simulate.add_argument("--fault", action="append", default=[], metavar="NAME", help=fault)
        attached = self._text(say("end when standard input ends, as with whoever started it"))
        simulate.add_argument("--attached", action="store_true", help=attached)

    def _plan(self) -> None:
        plan = self._add("plan", say("print the emergency plan"))
        plan.add_argument(
            "scenario", metavar="SCENARIO", nargs="?", help=self._text(say("only this scenario"))
        )

    def _support_bundle(self) -> None:
        bundle = self._add("support-bundle", say("pack what support needs, without secrets"))
        bundle.add_argument("file", type=Path, metavar="FILE.zip", help=self._text(say("a new file")))
