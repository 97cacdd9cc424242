"""Files that survive a pulled plug: written aside, flushed, then renamed into place."""

from __future__ import annotations

import errno
import os
import time
from datetime import datetime
from pathlib import Path

from console.domain.errors import BadInput, Denied, TillkeeperError
from console.domain.words import say

_TEMPORARY = ".tillkeeper-tmp"
_ORPHANED_AFTER = 600.0  # seconds; no write of ours takes that long


def home() -> Path:
    """The folder of all that this program keeps, made (0700) where missing; TillkeeperError if it cannot."""
    given = os.environ.get("TILLKEEPER_HOME")
    try:
        folder = Path(given).expanduser() if given else _usual_home()
        folder = Path(os.path.abspath(folder))  # noqa: PTH100 - symbolic links stay as the person set them
    except (RuntimeError, OSError) as error:
        words = say("TILLKEEPER_HOME={value} is no folder: {reason}", value=given or "", reason=str(error))
        raise BadInput(words) from error
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise write_refused(folder, error) from error
    return folder


def _usual_home() -> Path:
    import platformdirs

    return platformdirs.user_data_path("tillkeeper", appauthor=False)


def write_atomically(path: Path, content: bytes, *, keep_old: bool = True) -> None:
    """Put `content` into `path`, whole or not at all; the former content stays in NAME.bak.

    Raises Denied or another TillkeeperError that names the file and the mend; `path` is then as before.
    """
    path = path.resolve()
    try:
        if keep_old and path.exists():
            _put(last_good(path), path.read_bytes(), like=path)
        _put(path, content, like=path)
    except OSError as error:
        raise write_refused(path, error) from error


def last_good(path: Path) -> Path:
    """Where the former content of `path` is kept."""
    return path.with_name(f"{path.name}.bak")


def put_aside(path: Path) -> Path:
    """Rename a damaged file to NAME.damaged-TIME and return its new place; TillkeeperError if it cannot."""
    stem = f"{path.name}.damaged-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    aside = path.with_name(stem)
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{stem}-{number}")
    try:
        path.rename(aside)
    except OSError as error:
        raise write_refused(path, error) from error
    return aside


def sweep(folder: Path) -> None:
    """Remove temporary files that a killed process left in `folder`; never raises."""
    try:
        for orphan in folder.glob(f".*{_TEMPORARY}"):
            if time.time() - orphan.stat().st_mtime > _ORPHANED_AFTER:
                orphan.unlink()
    except OSError:
        return  # they are in nobody's way; the next start tries again


def write_refused(path: Path, error: OSError) -> TillkeeperError:
    """What to tell a person when the system will not write `path`."""
    values = {"path": str(path), "folder": str(path.parent)}
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            words = say("{path} cannot be written: the disk is full; free some space and try again", **values)
            return TillkeeperError(words, "disk_full")
        case errno.EROFS:
            return Denied(
                say(
                    "{path} cannot be written: its disk is read-only; have it checked, or choose another"
                    " folder with TILLKEEPER_HOME",
                    **values,
                )
            )
        case errno.EACCES | errno.EPERM:
            return Denied(
                say("{path} cannot be written: give this user the right to write in {folder}", **values)
            )
        case errno.ENOTDIR | errno.EEXIST:
            return BadInput(
                say("{path} cannot be made: a file is in the way; choose another folder", **values)
            )
        case _:
            reason = error.strerror or str(error)
            return TillkeeperError(say("{path} cannot be written: {reason}", reason=reason, **values))


def _put(path: Path, content: bytes, like: Path) -> None:
    """Write and rename; the file's mode follows `like` where that exists, else only its owner may read it."""
    import tempfile  # slow to import, and the first frame of the window writes nothing

    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_TEMPORARY, dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if like.exists():
            temporary.chmod(like.stat().st_mode & 0o777)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make a rename last; Windows does so by itself and opens no folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
