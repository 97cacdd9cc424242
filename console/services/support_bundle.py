"""What support needs, gathered: the lights with their evidence, what was said with devices, logs, set-up."""

from __future__ import annotations

import asyncio
import json
import platform
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from console import __version__
from console.domain.check import CheckResult
from console.domain.errors import TillkeeperError
from console.domain.recording import Recording
from console.domain.words import Words, say
from console.services.documents import check_document
from console.services.language import Language

if TYPE_CHECKING:
    from console.services.console import Console

CHANGES = 500  # light changes that go along, the newest


class Files(Protocol):
    """What lies on the disk, and where the bundle goes; every call waits for the disk."""

    def found(self, profile: Path | None) -> Sequence[tuple[str, str]]:
        """Name and text of the store's set-up (at `profile`), logs and crash reports, without secrets."""

    def scrubbed(self, text: str) -> str:
        """`text` without secrets, card numbers and payment codes."""

    def pack(self, path: Path, parts: Sequence[tuple[str, str]]) -> int:
        """Write a new file with these parts; its bytes. A TillkeeperError where it cannot be."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the bundle: its name there, what it is, and its text."""

    name: str
    what: Words
    text: str


_FOUND = {
    "store.toml": say("The store's set-up"),
    "logs": say("The program's log"),
    "reports": say("Reports of errors in this program"),
}


class SupportBundle:
    """Gathers and packs; what goes along can be read before it is given to anybody."""

    def __init__(self, files: Files, spelt: Callable[[Recording], str]) -> None:
        self._files = files
        self._spelt = spelt

    async def gather(self, console: Console) -> Sequence[Part]:
        """Everything there is now; what cannot be had is told in its own place."""
        board = CheckResult(
            console.profile.store.name, console.clock.now(), 0.0, tuple(console.board.findings)
        )
        document = check_document(board, console.name, console.language)
        parts = [
            self._json("lights.json", say("The lights as they are now, with all evidence"), document),
            self._json("changes.json", say("The newest changes of lights"), await _changes(console)),
            self._json("system.json", say("Program and computer"), _system(console)),
        ]
        said, found = await asyncio.to_thread(self._from_disk, console)
        parts += [*said, *found]
        told = [f"{each.name}  {console.language.text(each.what)}" for each in parts]
        words = console.language.text(_ABOUT)
        about = "\n".join((words, "", *told, ""))
        return [Part("readme.txt", say("What is in it"), about), *parts]

    def pack(self, path: Path, parts: Sequence[Part]) -> int:
        """Write the bundle; its bytes. BadInput for a file that is there already; waits for the disk."""
        return self._files.pack(path, [(each.name, each.text) for each in parts])

    def _from_disk(self, console: Console) -> tuple[list[Part], list[Part]]:
        said = []
        for subject in console.profile.subjects():
            exchange = console.recordings.just_said(subject) if console.recordings else None
            if exchange is not None:
                name = re.sub(r"[^\w.-]+", "-", str(subject))
                what = say("What was said with {name}", name=console.name(subject))
                said.append(Part(f"recordings/{name}.jsonl", what, self._spelt(exchange.recording)))
        found = [
            Part(name, _FOUND[name.partition("/")[0]], text)
            for name, text in self._files.found(console.profile_path)
        ]
        return said, found

    def _json(self, name: str, what: Words, content: Any) -> Part:
        text = json.dumps(content, ensure_ascii=False, indent=1)
        return Part(name, what, self._files.scrubbed(text) + "\n")


def sizes(parts: Sequence[Part], language: Language) -> list[tuple[str, str]]:
    """What goes along, one line for each kind, with its size."""
    kinds: dict[str, int] = {}
    for part in parts:
        what = language.text(part.what)
        kinds[what] = kinds.get(what, 0) + len(part.text.encode("utf-8", "backslashreplace"))
    return [(what, f"{size / 1024:.1f} KB") for what, size in kinds.items()]


async def _changes(console: Console) -> list[dict[str, Any]]:
    try:
        changes = await console.history.changes(CHANGES)
    except TillkeeperError as error:
        return [{"error": console.language.text(error.words)}]
    return [
        {"at": at.isoformat(timespec="milliseconds"), "subject": subject, "light": light, "cause": cause}
        for at, subject, light, cause in changes
    ]


def _system(console: Console) -> dict[str, Any]:
    now = console.clock.now()
    return {
        "tillkeeper": __version__,
        "python": platform.python_version(),
        "system": "-".join((platform.system(), platform.release(), platform.machine())),
        "frozen": bool(getattr(sys, "frozen", False)),
        "now": now.isoformat(timespec="seconds"),
        "language": console.language.code,
        "profile": str(console.profile_path) if console.profile_path else None,
        "profile_trouble": console.language.text(console.trouble) if console.trouble else None,
        "notices": [console.language.text(each) for each in console.notices],
    }


_ABOUT = say(
    "What Tillkeeper knows of this store, for whoever supports it. Secrets, card numbers and payment codes"
    " are taken out; the names and addresses of the store's devices are in it. A recording is read with:"
    " tillkeeper replay FILE"
)
