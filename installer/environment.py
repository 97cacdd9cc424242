"""Builds the virtual environment of the two commands: `python environment.py run|test FOLDER`.

Standard library alone, because nothing else is there yet. A stamp, written last, holds what the
environment was built from; an environment without a matching stamp is built anew.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "run": ROOT / "installer" / "requirements.txt",
    "test": ROOT / "installer" / "requirements-test.txt",
}
WINDOWS = sys.platform == "win32"
WAIT_FOR_OTHER = 900.0  # seconds: a first installation over a shop's line is slow
INSTALL_LIMIT = 3600.0


class SetupFailed(Exception):
    """The environment cannot be built; the text names the thing and the mend."""


def stamp_of(kind: str, folder: Path) -> Path:
    """Where the stamp of an environment for `kind` lies; setup.sh reads it too."""
    return folder / f"tillkeeper-{kind}.stamp"


def stamp_for(kind: str) -> bytes:
    """What a fresh environment's stamp holds: the checkout's path, a line feed, the lock file."""
    return os.fsencode(ROOT) + b"\n" + LOCKS[kind].read_bytes()


def python_of(folder: Path) -> Path:
    """The interpreter inside the environment."""
    return folder / ("Scripts/python.exe" if WINDOWS else "bin/python")


def is_fresh(kind: str, folder: Path) -> bool:
    """Whether the environment was built completely from today's lock file, for this checkout."""
    stamp = stamp_of(kind, folder)
    return python_of(folder).exists() and stamp.is_file() and stamp.read_bytes() == stamp_for(kind)


def build(kind: str, folder: Path) -> None:
    """Makes the environment fresh; raises SetupFailed."""
    # The test lock holds the run lock's pins, so tests are added to a good environment in place.
    if not (kind == "test" and is_fresh("run", folder)):
        create(folder)
    install(LOCKS[kind], folder)
    add_console(folder)
    for done in ("run", "test") if kind == "test" else ("run",):
        write(stamp_of(done, folder), stamp_for(done))


def create(folder: Path) -> None:
    """An empty environment with pip; clears what stood there only if it was an environment."""
    if folder.exists() and not (folder / "pyvenv.cfg").exists() and any(folder.iterdir()):
        raise SetupFailed(
            f"{folder} is not a virtual environment: empty it, or point TILLKEEPER_VENV elsewhere."
        )
    try:
        venv.create(folder, clear=True, with_pip=True, symlinks=not WINDOWS)
    except (OSError, subprocess.CalledProcessError) as error:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise SetupFailed(
            f"cannot create {folder}: {error}. On Debian-likes: apt-get install {package}"
        ) from error


def install(lock: Path, folder: Path) -> None:
    """Installs exactly what the lock file names; pip speaks on standard error only."""
    tell(f"installing the packages of {lock.name} into {folder}: once, a minute or two.")
    pip = [os.fspath(python_of(folder)), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    wanted = ["install", "--quiet", "--require-hashes", "--no-deps", "--requirement", os.fspath(lock)]
    try:
        subprocess.run(
            pip + wanted, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=INSTALL_LIMIT
        )
    except subprocess.SubprocessError as error:
        raise SetupFailed(
            f"pip could not install {lock.name}. See above; then start this command again."
        ) from error


def add_console(folder: Path) -> None:
    """Makes `import console` and the command `tillkeeper` work, leaving nothing in the checkout."""
    scheme = {"base": os.fspath(folder), "platbase": os.fspath(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    # An import line with escapes: a plain path would be read in whatever encoding the locale names.
    write(packages / "tillkeeper.pth", f"import sys; sys.path.append({os.fspath(ROOT)!a})\n".encode())
    python = python_of(folder)
    if WINDOWS:
        write(python.with_name("tillkeeper.cmd"), b'@"%~dp0python.exe" -P -m console %*\r\n')
    else:
        command = python.with_name("tillkeeper")
        write(command, os.fsencode(f'#!/bin/sh\nexec {shlex.quote(os.fspath(python))} -P -m console "$@"\n'))
        command.chmod(0o755)


def write(path: Path, content: bytes) -> None:
    """Writes whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keeps two set-ups of one environment apart; the system frees the lock of one that was killed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(folder.name + ".lock").open("ab") as handle:
        deadline = time.monotonic() + WAIT_FOR_OTHER
        told = False
        while not try_lock(handle.fileno()):
            if time.monotonic() > deadline:
                raise SetupFailed(
                    f"another set-up of {folder} did not end in {WAIT_FOR_OTHER:.0f} s: end it first."
                )
            if not told:
                tell(f"another set-up of {folder} is at work: waiting for it.")
                told = True
            time.sleep(0.1)  # noqa: TID251 - another process's file lock can only be asked again
        yield


if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> bool:
        """Takes the lock if it is free."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(handle: int) -> bool:
        """Takes the lock if it is free."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def tell(text: str) -> None:
    """One line for the person; standard output belongs to the program that runs afterwards."""
    print(f"tillkeeper: {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Exit code 0 when the environment is fresh, 1 with one line on standard error otherwise."""
    parser = argparse.ArgumentParser(description="Builds the virtual environment.")
    parser.add_argument("kind", choices=sorted(LOCKS))
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    folder = args.folder.absolute()
    try:
        with only_one(folder):
            if not is_fresh(args.kind, folder):
                build(args.kind, folder)
    except (SetupFailed, OSError) as error:
        tell(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
