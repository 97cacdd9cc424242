"""The program's entry: arguments, the fault handler, and the last resort for errors."""

from __future__ import annotations

import faulthandler
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from console import app, cli
from console.domain.errors import TillkeeperError
from console.services.crash import CrashSink
from console.simulators.faults import FAULTS
from console.storage.files import home


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line; the process's exit code."""
    _fill_streams()
    with suppress(io.UnsupportedOperation):
        faulthandler.enable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Chinese must not fail on a terminal that cannot show it, and JSON is UTF-8 everywhere.
            stream.reconfigure(encoding="utf-8", errors="replace")
    crashes = CrashSink(_report_folder(), _scrub)
    crashes.install()
    try:
        entrances = cli.Entrances(
            compose=lambda options: app.compose(options, crashes),
            window=lambda options: app.open_window(options, crashes),
            simulate=app.simulate,
            plan=app.plan,
            replay=app.replay,
            language=app.language_of,
            kinds=(*FAULTS, "demo"),
        )
        return cli.run(sys.argv[1:] if arguments is None else arguments, entrances)
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it was becomes a report
        report = crashes.take(error, "command line")
        sys.stderr.write(f"tillkeeper: internal error: {type(error).__name__}: {error} ({report.path})\n")
        return cli.INTERNAL


def _fill_streams() -> None:
    """A program without a terminal has no streams at all; whatever is said then goes nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open as long as the program


def _scrub(text: str) -> str:
    from console.storage.logs import scrub

    return scrub(text)


def _report_folder() -> Path:
    try:
        return home() / "reports"
    except TillkeeperError:
        import tempfile

        return Path(tempfile.gettempdir()) / "tillkeeper-reports"


if __name__ == "__main__":
    raise SystemExit(main())
