"""The Windows print spooler (winspool.drv), as far as a queue's state and raw printing go.

Nobody has run this on Windows yet; what the calls fill in is taken apart by `spooled`, a pure function.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from dataclasses import dataclass
from typing import Any

from console.domain.errors import Denied, TillkeeperError, Unreachable, Unsupported
from console.domain.words import say

_POINTERS = 13  # of PRINTER_INFO_2, in front of its numbers
_LOCAL, _CONNECTED = 0x2, 0x4  # PRINTER_ENUM_*
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Spooled:
    """A queue's numbers: PRINTER_ATTRIBUTE_*, PRINTER_STATUS_*, and how many jobs it holds."""

    attributes: int
    status: int
    jobs: int


def spooled(answer: bytes, pointer: int = 8) -> Spooled:
    """The numbers in a PRINTER_INFO_2 whose pointers take `pointer` bytes; ValueError where it is cut off.

    They are Attributes, Priority, DefaultPriority, StartTime, UntilTime, Status, cJobs, AveragePPM.
    """
    numbers = answer[_POINTERS * pointer : _POINTERS * pointer + 32]
    if len(numbers) < 32:
        raise ValueError("half a PRINTER_INFO_2")
    attributes, _, _, _, _, status, jobs, _ = struct.unpack("<8I", numbers)
    return Spooled(attributes, status, jobs)


def trouble(error: int, name: str) -> TillkeeperError:
    """What an error number of the spooler means (winerror.h)."""
    if error == 5:
        return Denied(
            say('Windows does not let this user use the queue "{name}"', name=name), "windows.denied"
        )
    if error == 1801:
        return Unreachable(say('There is no queue "{name}" on this computer', name=name), "windows.no_queue")
    if error in (1722, 1753):
        return Unreachable(say("The Windows print spooler is not running"), "windows.not_running")
    words = say('The queue "{name}" gave no answer (Windows error {error})', name=name, error=error)
    return Unreachable(words, "windows.failed")


def queues() -> tuple[str, ...]:
    """The names of all queues; Unsupported on another system."""
    library = _library()
    needed, count = ctypes.c_ulong(), ctypes.c_ulong()
    flags = _LOCAL | _CONNECTED
    library.EnumPrintersW(flags, None, 4, None, 0, ctypes.byref(needed), ctypes.byref(count))
    room = ctypes.create_string_buffer(max(1, min(needed.value, _LARGEST)))
    if not library.EnumPrintersW(flags, None, 4, room, len(room), ctypes.byref(needed), ctypes.byref(count)):
        raise trouble(_last_error(), "")
    held = ctypes.cast(room, ctypes.POINTER(_PrinterInfo4 * count.value)).contents
    return tuple(str(each.name) for each in held if each.name)


def state(name: str) -> Spooled:
    """The numbers of one queue; Denied or Unreachable when it cannot be asked, Unsupported elsewhere."""
    library = _library()
    handle = _opened(library, name)
    try:
        needed = ctypes.c_ulong()
        library.GetPrinterW(handle, 2, None, 0, ctypes.byref(needed))
        room = ctypes.create_string_buffer(max(1, min(needed.value, _LARGEST)))
        if not library.GetPrinterW(handle, 2, room, len(room), ctypes.byref(needed)):
            raise trouble(_last_error(), name)
        return spooled(room.raw, ctypes.sizeof(ctypes.c_void_p))
    finally:
        library.ClosePrinter(handle)


def send(name: str, title: str, data: bytes) -> int:
    """Put `data` into the queue as it is (datatype RAW); the job's number."""
    library = _library()
    handle = _opened(library, name)
    try:
        job = library.StartDocPrinterW(handle, 1, ctypes.byref(_DocInfo1(title, None, "RAW")))
        written = ctypes.c_ulong()
        if not job or not library.WritePrinter(handle, data, len(data), ctypes.byref(written)):
            raise trouble(_last_error(), name)
        library.EndDocPrinter(handle)
        return int(job)
    finally:
        library.ClosePrinter(handle)


class _PrinterInfo4(ctypes.Structure):
    _fields_ = (("name", ctypes.c_wchar_p), ("server", ctypes.c_wchar_p), ("attributes", ctypes.c_ulong))


class _DocInfo1(ctypes.Structure):
    _fields_ = (("title", ctypes.c_wchar_p), ("output", ctypes.c_wchar_p), ("kind", ctypes.c_wchar_p))


def _library() -> Any:
    if sys.platform != "win32":
        raise Unsupported(say("Only Windows has queues of this kind; on this system use cups:// or ipp://"))
    return ctypes.WinDLL("winspool.drv", use_last_error=True)


def _last_error() -> int:
    return int(getattr(ctypes, "get_last_error", int)())  # Windows alone has it


def _opened(library: Any, name: str) -> ctypes.c_void_p:
    handle = ctypes.c_void_p()
    if not library.OpenPrinterW(name, ctypes.byref(handle), None):
        raise trouble(_last_error(), name)
    return handle
