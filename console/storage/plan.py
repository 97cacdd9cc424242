"""The emergency plan on disk. Needs plain files alone: no database, no network, no profile.

`plan.toml` in the program's folder is the shop's own; without it, or when it is broken, the shipped one
opens. What happened in a running emergency lies beside it, so that a crash resumes where it stopped.
"""

from __future__ import annotations

import logging
import re
import threading
import tomllib
from pathlib import Path

from console.domain.errors import BadInput, TillkeeperError
from console.domain.plan import Plan
from console.domain.plan_reader import plan_of
from console.domain.words import Words, legible, one_line, say
from console.platforms.files import resource
from console.storage.files import home, write_atomically

LARGEST = 1 << 20  # bytes
_LONGEST_LINE = 4096  # characters: the parser's time grows with the square of a line of dotted keys

_log = logging.getLogger(__name__)


def plan_path() -> Path:
    """Where the shop's own plan is looked for."""
    return home() / "plan.toml"


def read_plan(path: Path | None, language: str) -> tuple[Plan, BadInput | None]:
    """The plan in `path` (None: the shop's own place), else the shipped one in `language`.

    The error says why a plan that is there was not taken; it is None when all is well. Never raises for
    what a person may have written, or for a broken disk.
    """
    trouble: BadInput | None = None
    try:
        own = path or plan_path()
        if path is not None or own.exists():
            return plan_in(own), None
    except BadInput as error:
        trouble = error
    except (TillkeeperError, OSError) as error:
        _log.warning("own plan not reachable: %s", error)
    return plan_in(resource("plans", f"{language}.toml")), trouble


def adopt_plan(language: str) -> Path:
    """Put the shipped plan into the shop's own place, to be edited there; TillkeeperError when it cannot be.

    A plan that is there already stays as it is.
    """
    own = plan_path()
    if not own.exists():
        write_atomically(own, resource("plans", f"{language}.toml").read_bytes())
    return own


def plan_in(path: Path) -> Plan:
    """The plan in this file; BadInput in one line that names the file, the place and the mend."""
    try:
        return plan_of(tomllib.loads(_text(path, _LONGEST_LINE)))
    except BadInput as error:
        trouble = error.words
    except tomllib.TOMLDecodeError as error:
        trouble = _syntax(str(error))
    except RecursionError:
        trouble = say("brackets are nested too deeply")
    raise BadInput(say("{file}: {trouble}", file=one_line(str(path)), trouble=legible(trouble)))


def _text(path: Path, longest_line: int) -> str:
    try:
        if not path.is_file():  # a pipe would be waited for without end
            raise BadInput(say("a text file is expected here"))
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(say("the text is not UTF-8; save the file again with the encoding UTF-8")) from None
    except OSError as error:
        raise BadInput(say("it cannot be read: {reason}", reason=error.strerror or str(error))) from error
    if len(content) > LARGEST or any(len(line) > longest_line for line in text.split("\n")):
        raise BadInput(say("the file or one of its lines is too long"))
    return text


def _syntax(reason: str) -> Words:
    place = re.search(r" \(at line (\d+), column \d+\)$", reason)
    if place is None:
        return say("this is not valid TOML ({reason})", reason=reason)
    return say("line {line} is not valid TOML ({reason})", line=int(place[1]), reason=reason[: place.start()])


class RunFile:
    """Implements `ports.RunStore` on `emergency-run.json`; `write` never waits for the disk.

    `note` tells why the newest state could not be kept (a full disk), None when it was.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.note: Words | None = None
        self._change = threading.Condition()
        self._newest: str | None = None
        self._waiting = False
        self._idle = True
        self._closing = False
        self._writer: threading.Thread | None = None

    def read(self) -> str | None:
        """What was kept last, on disk or on its way there; None where nothing was, or it cannot be read."""
        if self._writer is not None:
            return self._newest
        try:
            place = self._place()
            return _text(place, LARGEST) if place.exists() else None
        except (OSError, TillkeeperError) as error:
            _log.warning("interrupted checklist not readable: %s", error)
            return None

    def write(self, text: str | None) -> None:
        """Keep `text` in place of what was kept; None takes it away. The newest wins."""
        with self._change:
            self._newest = text
            self._waiting = True
            self._idle = False
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_all, name="emergency run", daemon=True)
                self._writer.start()
            self._change.notify_all()

    def flush(self, timeout: float = 3.0) -> bool:
        """Wait, at most `timeout` seconds, until everything was written or refused; False when it was not."""
        with self._change:
            return self._change.wait_for(lambda: self._idle, timeout)

    def close(self, timeout: float = 3.0) -> None:
        """Write what is left and let the writer end; waits at most `timeout` seconds."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        if self._writer is not None:
            self._writer.join(timeout)

    def _place(self) -> Path:
        return self._path or home() / "emergency-run.json"

    def _write_all(self) -> None:
        while True:
            with self._change:
                self._idle = not self._waiting
                self._change.notify_all()
                self._change.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                text, self._waiting = self._newest, False
            self.note = self._put(text)

    def _put(self, text: str | None) -> Words | None:
        try:
            if text is None:
                self._place().unlink(missing_ok=True)
            else:
                write_atomically(self._place(), text.encode())
        except TillkeeperError as error:
            _log.warning("emergency run not kept: %s", error)
            return error.words
        except OSError as error:
            _log.warning("emergency run not taken away: %s", error)
        return None
