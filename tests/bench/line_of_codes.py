"""A scanner on a serial line that never rests, in a process of its own.

    python line_of_codes.py CODES_A_SECOND SECONDS BAUD

The first line out is JSON: the port. After a line in, codes go out, each at its time and no faster than the
wire carries it; then comes, as JSON, the monotonic second at which the last byte of each had gone. Codes are
numbered and up to nine tenths of what the wire carries in their time long.
"""

from __future__ import annotations

import json
import os
import sys
import time
import tty

PIECE = 64  # bytes that a USB adapter hands over at once


def code_of(number: int, longest: int) -> str:
    """A code whose number and length tell it from every other one."""
    return f"TK-{number:06}-" + "x" * (number * 37 % max(1, longest - 12))


def main() -> None:
    rate, seconds, baud = (int(word) for word in sys.argv[1:4])
    master, port = os.openpty()
    tty.setraw(port)
    print(json.dumps({"port": os.ttyname(port)}), flush=True)
    sys.stdin.readline()
    longest, went, began = baud * 9 // 100 // rate, [], time.monotonic()
    for number in range(rate * seconds):
        at = began + number / rate
        data = code_of(number, longest).encode() + b"\r"
        for place in range(0, len(data), PIECE):
            due = at + (place + len(data[place : place + PIECE])) * 10 / baud
            time.sleep(max(0.0, due - time.monotonic()))  # noqa: TID251 - a wire has its speed
            os.write(master, data[place : place + PIECE])
        went.append(time.monotonic())
    print(json.dumps(went), flush=True)
    sys.stdin.readline()  # the port stays until it is ended


if __name__ == "__main__":
    main()
