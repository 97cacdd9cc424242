"""The file that a shop hands to support: what lies on this computer, without secrets, in one ZIP."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from console.domain.errors import BadInput, TillkeeperError
from console.domain.words import say
from console.storage.files import home, write_atomically
from console.storage.logs import scrub

_MOST = 2 << 20  # bytes of one file, its end; a log's own limit is half of that


class BundleFiles:
    """Implements `services.support_bundle.Files`; every call waits for the disk."""

    def found(self, profile: Path | None) -> Sequence[tuple[str, str]]:
        """Name in the bundle and text of the store's set-up, the logs and the crash reports, newest first.

        What cannot be read is told in its own place.
        """
        files = [("store.toml", profile)] if profile else []
        try:
            place = home()
        except TillkeeperError:
            place = None
        if place is not None:
            logs = sorted((place / "logs").glob("tillkeeper.log*"))
            reports = sorted((place / "reports").glob("crash-*.txt"), reverse=True)
            files += [(f"logs/{each.name}", each) for each in logs]
            files += [(f"reports/{each.name}", each) for each in reports]
        return [(name, _text(path)) for name, path in files]

    def scrubbed(self, text: str) -> str:
        """`text` without secrets, card numbers and payment codes."""
        return scrub(text)

    def pack(self, path: Path, parts: Sequence[tuple[str, str]]) -> int:
        """Write all parts into a new ZIP file that only its owner may read, whole or not at all; its bytes.

        BadInput where one of that name is there already, another TillkeeperError where it cannot be written.
        """
        if path.exists():
            raise BadInput(say("{path} exists already; choose another name", path=str(path)))
        import zipfile  # slow to import, and seldom wanted

        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts:
                archive.writestr(name, text.encode("utf-8", "backslashreplace"))
        content = packed.getvalue()
        write_atomically(path, content, keep_old=False)
        return len(content)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(0, io.SEEK_END)
            file.seek(max(0, file.tell() - _MOST))
            return scrub(file.read(_MOST).decode("utf-8", "replace"))
    except OSError as error:
        return f"{path.name}: {error.strerror or error}\n"
