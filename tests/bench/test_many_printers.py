"""The status of 32 network printers, against the status of one. Goal: at most 1.5 times as long.

Measured through the whole check, its history included. The printers live in another process, on the same
cores. The floor is a bare asyncio program that asks the same four questions of the same printers at once:
what it cannot do in 1.5 times the time of one, this machine cannot. Printers that answer in no time leave
nothing but computing to be measured, so the goal is meant for those that take some milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from console.app.store import compose
from console.domain.lights import Light
from console.services.check import CheckService
from console.services.crash import CrashSink
from console.services.options import Options
from tests.bench.conftest import Tell
from tests.bench.devices import devices

pytestmark = pytest.mark.bench

MANY, ROUNDS = 32, 15
QUESTIONS = [bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4)]  # DLE EOT


async def bare(addresses: Sequence[str]) -> None:
    async def ask(address: str) -> None:
        host, port = address.removeprefix("tcp://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for question in QUESTIONS:
            writer.write(question)
            assert await reader.readexactly(1) in (b"\x12", b"\x16")
        writer.close()
        await writer.wait_closed()

    async with asyncio.TaskGroup() as group:
        for address in addresses:
            group.create_task(ask(address))


async def seconds_of(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def checked(check: CheckService, only: str) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        result = await check.start([only]).result()
        assert {each.light for each in result.findings} == {Light.OK}

    return work


@pytest.mark.parametrize("milliseconds", [0, 5, 20])
async def test_many_printers(
    milliseconds: int,
    environment: dict[str, str],
    tmp_path: Path,
    tell: Tell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", environment["TILLKEEPER_HOME"])
    one_printer = {"faults": ["slow"], "model": {"reply_delay_slow": milliseconds / 1e3}}
    with devices([one_printer] * MANY, environment) as there:
        addresses = there.addresses
        profile = tmp_path / "store.toml"
        entries = (
            f'[[printer]]\nname = "p{number}"\naddress = {json.dumps(address)}\n'
            for number, address in enumerate(addresses)
        )
        store = '[store]\nname = "x"\n[network]\ngateway = "127.0.0.1"\n'
        profile.write_text(store + "".join(entries), encoding="utf-8")
        options = Options(profile=profile)
        async with compose(options, CrashSink(Path(environment["TILLKEEPER_HOME"]), str)) as console:
            one, many = checked(console.check, "printer:p0"), checked(console.check, "printer")
            await many()
            rounds = [
                [
                    await seconds_of(work)
                    for work in (one, many, lambda: bare(addresses[:1]), lambda: bare(addresses))
                ]
                for _ in range(ROUNDS)
            ]
    one_s, many_s, bare_one, bare_many = (statistics.median(each) for each in zip(*rounds, strict=True))
    ratio, floor = (statistics.median(each[at + 1] / each[at] for each in rounds) for at in (0, 2))
    tell(
        f"{MANY} printers that answer in {milliseconds} ms: {many_s * 1e3:.0f} ms, one {one_s * 1e3:.0f} ms,"
        f" ratio {ratio:.2f} (goal 1.5); bare program {bare_many * 1e3:.0f} and {bare_one * 1e3:.0f} ms,"
        f" ratio {floor:.2f}"
    )
