"""So many simulated printers in one process: their addresses as a line of JSON; they end with standard input.

    python many_printers.py COUNT SECONDS

Each takes SECONDS to answer a question, as the firmware and the network of a real one do.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack

from console.simulators.printer import PrinterModel, PrinterSimulator


async def main(count: int, seconds: float) -> None:
    model = PrinterModel(reply_delay_slow=seconds)
    async with AsyncExitStack() as stack:
        made = [await stack.enter_async_context(PrinterSimulator.tcp(model=model)) for _ in range(count)]
        for each in made:
            each.set_fault("slow", seconds > 0)
        sys.stdout.write(json.dumps([each.address for each in made]) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
