"""Recordings as files: JSON lines, one header and then one line an event, appended as they happen.

    {"schema": "tillkeeper.recording/1", "program": "0.1.0", "subject": "printer:front", …}
    {"at": 0.00123, "event": "sent", "line": 1, "bytes": "10 04 01"}

A crash leaves what was written; at most the last line is cut off.
"""

from __future__ import annotations

import os
import queue
import threading
from pathlib import Path

from console.domain.errors import BadInput, Denied
from console.domain.recording import Event, Header, Recording
from console.domain.words import Words, one_line, say
from console.storage.files import write_refused
from console.storage.recording_lines import event_from, event_line, fields_of, header_from, header_line

_LARGEST = 64 << 20  # bytes


class RecordingFile:
    """A recording that is being written, by a thread of its own.

    `note` says what went wrong with it, told once; nothing that is added afterwards is kept.
    """

    def __init__(self, path: Path, header: Header) -> None:
        """Begin a new file that only its owner may read; BadInput when there is one of that name already."""
        self.path = path
        self.note: Words | None = None
        try:
            self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except FileExistsError:
            words = say("{path} exists already; choose another name for the recording", path=str(path))
            raise BadInput(words) from None
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            refused = error if isinstance(error, OSError) else OSError(str(error))
            raise BadInput(write_refused(path, refused).words) from error
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name=f"recording {path.name}", daemon=True)
        self._lines.put(header_line(header))
        self._writer.start()

    def add(self, event: Event) -> None:
        """Append an event; never waits for the disk, never raises."""
        self._lines.put(event_line(event))

    def close(self, timeout: float = 3.0) -> None:
        """Write what is still to be written, and bring it onto the disk; waits at most `timeout` seconds."""
        self._lines.put(None)
        self._writer.join(timeout)

    def _write(self) -> None:
        try:
            while (line := self._lines.get()) is not None:
                if self.note is None:
                    self._append(line.encode() + b"\n")
            if self.note is None:
                os.fsync(self._handle)
        except OSError as error:
            self.note = write_refused(self.path, error).words
        finally:
            os.close(self._handle)

    def _append(self, line: bytes) -> None:
        try:
            while line:
                line = line[os.write(self._handle, line) :]
        except OSError as error:
            self.note = write_refused(self.path, error).words


def save_recording(path: Path, recording: Recording) -> None:
    """Write a whole recording into a new file; BadInput or another TillkeeperError when it cannot be kept."""
    file = RecordingFile(path, recording.header)
    for event in recording.events:
        file.add(event)
    file.close(30.0)
    if file.note is not None:
        raise BadInput(file.note)


def read_recording(path: Path) -> Recording:
    """The recording in `path`; BadInput with file, line and what is expected, Denied when unreadable."""
    try:
        if not path.is_file():  # a pipe would be waited for without end
            missing = say("there is no file {path}; the name of a recording is expected", path=str(path))
            raise BadInput(missing)
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except PermissionError:
        words = say("{path} cannot be read; give this user the right to read it", path=str(path))
        raise Denied(words) from None
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(say("{path} cannot be read: {reason}", path=str(path), reason=reason)) from error
    if len(content) > _LARGEST:
        raise BadInput(say("{path} is larger than 64 MiB; no self-test says so much", path=str(path)))
    return parse_recording(content, str(path))


def parse_recording(content: bytes, source: str) -> Recording:
    """The recording that `content` holds; BadInput that names `source` and the line."""
    lines = content.split(b"\n")
    whole = not lines[-1]
    row = 1
    try:
        header = header_from(fields_of(lines[0]))
        events: list[Event] = []
        for row, line in enumerate(lines[1:], 2):
            if row == len(lines):  # what stands here was cut off while it was written
                break
            events.append(event_from(fields_of(line), row))
    except BadInput as error:
        words = say("{file}, line {line}: {trouble}", file=one_line(source), line=row, trouble=error.words)
        raise BadInput(words) from None
    return Recording(header, sorted(events, key=lambda each: each.at), whole)


class FileShelf:
    """Recordings in files; implements `services.recordings.Shelf`."""

    begin = staticmethod(RecordingFile)
    save = staticmethod(save_recording)
    read = staticmethod(read_recording)
