"""Simulated printers in a process of their own, so that their computing is not measured with ours.

    python devices.py '[{"wire": "pty", "faults": ["slow"], "model": {"baud": 9600}}]'

The first line out is JSON: their addresses, and the environment that shows them. Lines in: `NUMBER heard`
tells at which monotonic second how many bytes came since it was last asked, any other `NUMBER COMMAND` is
obeyed as `simulate` obeys it. Each is answered by a line of JSON. The end of standard input ends them.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Any

from console.simulators.ports import Line, Port
from console.simulators.printer import PrinterModel, PrinterSimulator


class Noting(PrinterSimulator):
    """A printer that notes when its bytes came."""

    def __init__(self, port: Port, model: PrinterModel | None = None) -> None:
        super().__init__(port, model)
        self.noted: list[tuple[float, int]] = []

    def received(self, line: Line, data: bytes) -> None:
        self.noted.append((time.monotonic(), len(data)))
        super().received(line, data)

    async def obey(self, line: str) -> dict[str, object]:
        if line != "heard":
            return await super().obey(line)
        heard, self.noted = self.noted, []
        return {"heard": heard}


def made(wire: str = "tcp", faults: Sequence[str] = (), model: Mapping[str, Any] | None = None) -> Noting:
    sim = getattr(Noting, wire)(model=PrinterModel(**(model or {})))
    assert isinstance(sim, Noting)
    for fault in faults:
        sim.set_fault(fault)
    return sim


async def main(specimens: Sequence[Mapping[str, Any]]) -> None:
    async with AsyncExitStack() as stack:
        printers = [await stack.enter_async_context(made(**each)) for each in specimens]
        answer: dict[str, object] = {
            "addresses": [each.address for each in printers],
            "environment": {name: value for each in printers for name, value in each.environment.items()},
        }
        while True:
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
            if not (line := await asyncio.to_thread(sys.stdin.readline)):
                return
            number, _, command = line.strip().partition(" ")
            answer = await printers[int(number)].obey(command)


class Devices:
    """That process, from the benchmark's side."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        first = self._answer()
        self.addresses: list[str] = first["addresses"]
        self.environment: dict[str, str] = first["environment"]

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def tell(self, number: int, command: str) -> Any:
        """What printer `number` answers to `command`."""
        assert self._process.stdin
        self._process.stdin.write(f"{number} {command}\n")
        self._process.stdin.flush()
        return self._answer()


@contextmanager
def devices(specimens: Sequence[Mapping[str, Any]], environment: Mapping[str, str]) -> Iterator[Devices]:
    """Those printers, switched off afterwards."""
    with subprocess.Popen(
        [sys.executable, __file__, json.dumps(specimens)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield Devices(process)
        assert process.stdin
        process.stdin.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
