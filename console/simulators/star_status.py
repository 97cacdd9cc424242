"""A Star printer's state as status bytes: "STAR Line Mode Command Specifications", Appendix 2."""

from __future__ import annotations

from collections.abc import Set

# While any of these lasts, nothing is printed and queued commands wait.
OFFLINE = frozenset(
    {
        "paper_out",
        "cover_open",
        "cutter_jam",
        "head_hot",
        "mechanical",
        "unrecoverable",
        "offline",
        "waiting",
        "mark_missing",
        "paper_jam",
        "head_up",
    }
)
# What sets which bit, byte for byte from the third on.
_ASB: tuple[tuple[tuple[frozenset[str], int], ...], ...] = (
    (
        (frozenset({"drawer_open"}), 0x04),
        (OFFLINE, 0x08),
        (frozenset({"cover_open"}), 0x20),
        (frozenset({"waiting"}), 0x40),
    ),
    (
        (frozenset({"mechanical"}), 0x04),
        (frozenset({"cutter_jam"}), 0x08),
        (frozenset({"unrecoverable"}), 0x20),
        (frozenset({"head_hot"}), 0x40),
    ),
    (
        (frozenset({"head_up"}), 0x02),
        (frozenset({"paper_jam"}), 0x04),
        (frozenset({"mark_missing"}), 0x08),
        (frozenset({"command_error"}), 0x20),
        (frozenset({"overflow"}), 0x40),
    ),
    (
        (frozenset({"paper_low_outer"}), 0x02),
        (frozenset({"paper_low", "paper_out"}), 0x04),
        (frozenset({"paper_out"}), 0x08),
    ),
)


def asb(faults: Set[str], version: int, etb_done: bool = False, count: int = 0) -> bytes:
    """The automatic status: 7 bytes in version 1, else 9."""
    length = 7 if version == 1 else 9
    header = bytes((0x01 | (length & 0x18) << 2 | (length & 0x07) << 1, _spread(version)))
    told = [sum(bit for causes, bit in rows if not causes.isdisjoint(faults)) for rows in _ASB]
    told[0] |= 0x02 if etb_done else 0
    return header + bytes(told) + bytes((0, _spread(count), 0))[: length - 6]


def on_network(status: bytes, data: bytes = b"") -> bytes:
    """The same as an Ethernet interface sends it: marked in Header 2, with the length of `data` and it."""
    return bytes((status[0], status[1] | 0x80)) + status[2:] + len(data).to_bytes(2, "big") + data


def enq(faults: Set[str], empty: bool) -> bytes:
    """One byte for ENQ; `empty`: the reception buffer."""
    bits = {
        0x80: "drawer_open" in faults,
        0x40: "overflow" in faults,
        0x20: empty,
        0x08: "paper_out" in faults,
        0x04: bool(faults & {"cover_open", "unrecoverable"}),
    }
    return bytes((sum(bit for bit, on in bits.items() if on),))


def eot(faults: Set[str]) -> bytes:
    """One byte for EOT."""
    bits = {
        0x40: "paper_jam" in faults,
        0x20: "paper_low_outer" in faults,
        0x08: "paper_out" in faults,
        0x04: bool(faults & {"paper_low", "paper_out"}),
        0x02: "mark_missing" in faults,
    }
    return bytes((0x10 | sum(bit for bit, on in bits.items() if on),))


def _spread(number: int) -> int:
    """Five bits into bits 1 to 3, 5 and 6, as Header 2 and the ETB counter hold them."""
    return (number & 0x07) << 1 | (number & 0x18) << 2
