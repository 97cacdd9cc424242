"""What becomes of a printer's answers on their way back, fault by fault."""

from __future__ import annotations

import asyncio
from collections.abc import Set
from random import Random

from console.simulators.ports import Line

# Noise carries neither the mark of a DLE EOT answer (0xx1xx10) nor of an automatic status (0xx1xx00;
# Star's: 0xx0xxx1), nor starts a block: noise that looks right would be an answer, and tests hang on luck.
_NOISE = bytes(
    byte
    for byte in range(256)
    if byte & 0x93 not in {0x12, 0x10} and byte & 0x91 != 0x01 and byte not in {0x1B, 0x37, 0x5F}
)
SILENT = frozenset({"mute", "write_only"})


def damaged(reply: bytes, faults: Set[str], chance: Random) -> bytes:
    """The bytes that really leave: noise, the first half (of one byte: its low nibble), nothing, or all."""
    if faults & SILENT:
        return b""
    if "garbage" in faults:
        return bytes(chance.choices(_NOISE, k=chance.randint(1, 6)))
    if "half_reply" in faults:
        return reply[: len(reply) // 2] if len(reply) > 1 else bytes([reply[0] & 0x0F])
    return reply


def send_later(line: Line, reply: bytes, seconds: float) -> None:
    """Send after `seconds`; a client that left meanwhile hears nothing."""
    if seconds <= 0:
        line.write(reply)
    else:
        asyncio.get_running_loop().call_later(seconds, line.write, reply)
