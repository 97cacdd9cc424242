"""Scanners that type, each read as a keyboard of its own; umockdev shows their files (see test_on_usb.py)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console.domain.errors import Busy, Unreachable
from console.domain.lights import Light
from console.domain.profile import Scanner, Store, StoreProfile
from console.domain.scan import Scan, compare
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.drivers.observed import trouble_seen
from console.drivers.registry import open_driver
from console.drivers.search import KeyboardSearch
from console.services.language import Language
from console.services.roster import Roster
from console.services.selftest import Person, SelftestService
from console.simulators.key_scanner import KeyBus, KeyModel, KeyScannerSimulator, dropped, events_of
from console.simulators.usb import UsbBus
from tests.contract.test_plugs import lit, store_of
from tests.waiting import until

pytestmark = pytest.mark.usb

ROOT = Path(__file__).parents[2]
CODE, GTIN = "TK-47110081/y:@z", "0690123456787"
COUNTER = Subject("scanner", "counter")


@pytest.fixture(scope="module")
def bus() -> Iterator[UsbBus]:
    """The keyboards' files, as this process sees them."""
    made = KeyBus.start()
    before = {name: os.environ.get(name) for name in made.environment}
    os.environ.update(made.environment)
    yield made
    made.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture
async def plugged(bus: UsbBus) -> AsyncGenerator[Callable[..., Any], None]:
    """Plugs scanners in, and out again afterwards."""
    async with contextlib.AsyncExitStack() as stack:

        async def plug(model: KeyModel | None = None, delay: float = 0.0) -> KeyScannerSimulator:
            return await stack.enter_async_context(KeyScannerSimulator(model, bus, delay))

        yield plug


def driver(address: str, clock: Any, suffix: Any = "enter") -> Any:
    entry = Scanner("counter", address, suffix)
    return open_driver(COUNTER, entry, StoreProfile(Store("x"), scanner=(entry,)), clock)


class Listening:
    """A driver's codes, one after another."""

    def __init__(self, codes: AsyncGenerator[Scan, None]) -> None:
        self._codes = codes
        self.coming = asyncio.ensure_future(anext(codes))

    async def following(self) -> Scan:
        async with asyncio.timeout(10):
            scan = await self.coming
        self.coming = asyncio.ensure_future(anext(self._codes))
        return scan


@contextlib.asynccontextmanager
async def listening(scanner: Any) -> AsyncGenerator[Listening, None]:
    ready = asyncio.Event()
    async with contextlib.aclosing(scanner.scans(ready.set)) as codes:
        made = Listening(codes)
        begun = asyncio.ensure_future(ready.wait())
        async with asyncio.timeout(10):
            await asyncio.wait({made.coming, begun}, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        try:
            yield made
        finally:
            made.coming.cancel()
            await asyncio.wait([made.coming])


async def settles(sim: Any, **wanted: Any) -> None:
    """Waits until the bus, which hears of a closed file a moment later, says so."""
    async with asyncio.timeout(10):
        while True:
            state = await sim.usb.state()
            if wanted.items() <= state.items():
                return
            await asyncio.sleep(0.005)


async def scanned(sim: Any, clock: Any, code: str, address: str = "") -> Scan:
    async with listening(driver(address or sim.address, clock)) as codes:
        await sim.scan(code)
        return await codes.following()


async def test_it_is_known_by_its_name_and_nothing_is_taken_from_anybody(
    plugged: Any, clock: Any, judged: Any
) -> None:
    sim = await plugged(KeyModel(serial="KS10000001"))
    evidence = await driver(sim.address, clock).examine()
    assert judged("scanner", evidence).light is Light.OK
    assert evidence[0].facts == {"ModelName": "Simulated KS-1", "SerialNumber": "KS10000001"}
    await settles(sim, open=0, grabbed=False)


@pytest.mark.parametrize("delay", [0.0, 0.005])
@pytest.mark.parametrize(
    "code",
    [CODE, GTIN, "01069012345678921" + "0AB\x1d21X", "a\x01\x02\x1bb", "(~{|}_+) `^\"'<>?\\"],
    ids=["known", "gtin", "gs", "control", "signs"],
)
async def test_what_its_keys_type_is_the_code(plugged: Any, clock: Any, code: str, delay: float) -> None:
    scan = await scanned(await plugged(delay=delay), clock, code)
    assert (scan.text, scan.suffix) == (code, "enter")


async def test_the_keys_are_its_own_only_while_a_code_is_waited_for(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    async with listening(driver(sim.address, clock)):
        assert await sim.usb.state() == {"open": 1, "grabbed": True}
    await settles(sim, open=0, grabbed=False)


async def test_the_keys_may_be_left_to_the_till(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    async with listening(driver(f"{sim.address}?grab=no", clock)) as codes:
        assert (await sim.usb.state())["grabbed"] is False
        await sim.scan(CODE)
        assert (await codes.following()).text == CODE


async def test_a_key_that_is_down_is_not_taken_in_the_middle(plugged: Any, clock: Any) -> None:
    """Whoever saw it go down would never see it come up, and repeat it for ever."""
    sim = await plugged()
    sim.usb.order(down=[28])
    await sim.usb.state()
    ready = asyncio.Event()
    async with contextlib.aclosing(driver(sim.address, clock).scans(ready.set)) as codes:
        coming = asyncio.ensure_future(anext(codes))
        await settles(sim, open=1)
        assert not ready.is_set()
        assert (await sim.usb.state())["grabbed"] is False
        sim.usb.order(down=[])
        await asyncio.wait_for(ready.wait(), 10)
        assert (await sim.usb.state())["grabbed"] is True
        coming.cancel()
        await asyncio.wait([coming])


async def test_a_killed_program_gives_the_keys_back(plugged: Any) -> None:
    sim = await plugged()
    program = (
        "import asyncio, sys\n"
        "from console.domain.profile import parse_address\n"
        "from console.drivers.transports.keyboard import GRAB, at\n"
        "async def hold():\n"
        "    line = at(parse_address(sys.argv[1], 'scanner'))\n"
        "    await line.open(print, print)\n"
        "    await line.write(GRAB)\n"
        "    print('held', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(hold())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, sim.address, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"held\n"
    assert (await sim.usb.state())["grabbed"] is True
    process.kill()
    await process.wait()
    await settles(sim, grabbed=False)


async def test_one_that_another_program_has_for_itself(plugged: Any, clock: Any, judged: Any) -> None:
    sim = await plugged()
    sim.usb.set_fault("held", True)
    with pytest.raises(Busy, match="grab=no") as caught:
        async with listening(driver(sim.address, clock)) as codes:
            await codes.following()
    assert judged("scanner", [seen_as(caught.value, clock)]).cause == "scanner.busy"


def seen_as(error: Any, clock: Any) -> Any:
    return trouble_seen(clock, clock.seconds(), "scanner.line", error)


async def test_a_user_who_may_not_read_it_is_told_how_to(
    plugged: Any, clock: Any, judged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim = await plugged()
    real = os.open

    def refused(path: Any, *more: Any, **named: Any) -> int:
        if str(path).startswith("/dev/input/"):
            raise PermissionError(13, "Permission denied")
        return real(path, *more, **named)

    monkeypatch.setattr("console.drivers.transports.input_device.os.open", refused)
    evidence = await driver(sim.address, clock).examine()
    assert judged("scanner", evidence).cause == "scanner.denied"
    assert "usermod -aG input" in str(evidence[0].meaning)
    assert "70-tillkeeper-keyboard-scanners.rules" in str(evidence[0].meaning)


@pytest.mark.usefixtures("bus")
async def test_one_that_is_not_there(clock: Any, judged: Any) -> None:
    evidence = await driver("keyboard://05e0:1200", clock).examine()
    assert judged("scanner", evidence).cause == "scanner.not_found"


async def test_two_alike_are_told_apart_by_serial_number_or_socket(plugged: Any, clock: Any) -> None:
    one, two = await plugged(KeyModel(port=3)), await plugged(KeyModel(port=4))
    evidence = await driver(one.address, clock).examine()
    assert "keyboard://05e0:1200/usb-0000:00:14.0-4" in str(evidence[0].meaning)
    right = driver(f"{two.address}/usb-0000:00:14.0-4", clock)
    async with listening(right) as codes:
        await one.scan("ONE")
        await two.scan("TWO")
        assert (await codes.following()).text == "TWO"


async def test_two_scanners_at_once_do_not_mix(plugged: Any, clock: Any) -> None:
    left = await plugged(KeyModel(product=1), delay=0.002)
    right = await plugged(KeyModel(product=2), delay=0.002)
    async with (
        listening(driver(left.address, clock)) as lefts,
        listening(driver(right.address, clock)) as rights,
    ):
        await asyncio.gather(left.scan("LEFT" * 20), right.scan("RIGHT" * 20))
        assert [(await each.following()).text for each in (lefts, rights)] == ["LEFT" * 20, "RIGHT" * 20]


async def test_a_mouse_or_button_of_the_same_scanner_is_no_keyboard(plugged: Any, clock: Any) -> None:
    await plugged(KeyModel(port=5, keys="1f0000 0 0 0 0"))
    sim = await plugged(KeyModel(port=5))
    assert (await scanned(sim, clock, CODE)).text == CODE


async def test_keys_that_the_kernel_had_to_drop_are_no_whole_code(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    async with listening(driver(sim.address, clock)) as codes:
        for stroke in (*map(events_of, CODE[:5]), dropped(), *map(events_of, CODE[6:] + "\r")):
            sim.usb.order(type=stroke.hex())
        scan = await codes.following()
    assert scan.text == f"{CODE[:5]}\ufffd{CODE[6:]}"
    assert "scan.matches" not in compare(CODE, scan, "enter").signs


async def test_another_layout_of_the_scanner(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    sim.set_fault("layout")
    assert (await scanned(sim, clock, GTIN + "/yz", f"{sim.address}?layout=de")).text == GTIN + "/yz"


async def test_seven_thousand_keys_are_one_code(plugged: Any, clock: Any) -> None:
    code = "PDF417 " * 1000
    sim = await plugged()
    async with listening(driver(sim.address, clock)) as codes:
        for at in range(0, len(code), 20):  # no faster than a kernel's buffer is emptied
            await sim.usb.state()
            sim.usb.order(type=b"".join(map(events_of, code[at : at + 20])).hex())
            await asyncio.sleep(0.005)
        sim.usb.order(type=events_of("\r").hex())
        assert (await codes.following()).text == code


async def test_unplugged_in_the_middle_of_a_code_and_back(plugged: Any, clock: Any, judged: Any) -> None:
    sim = await plugged(delay=0.002)
    scanner = driver(sim.address, clock)
    async with listening(scanner) as codes:
        sim.usb.order(type=b"".join(map(events_of, CODE[:5])).hex())
        await sim.unplug()
        with pytest.raises(Unreachable, match="vanished") as caught:
            await codes.following()
    assert judged("scanner", [seen_as(caught.value, clock)]).cause == "scanner.not_found"
    assert judged("scanner", await scanner.examine()).cause == "scanner.not_found"
    await sim.plug_in()
    assert judged("scanner", await scanner.examine()).light is Light.OK
    async with listening(scanner) as codes:
        await sim.scan(CODE)
        assert (await codes.following()).text == CODE  # and nothing of the half code in front


async def test_plugging_out_and_in_changes_the_light_at_once(
    plugged: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim = await plugged()
    async with store_of(sim.profile(), tmp_path, monkeypatch) as console:
        await lit(console, "scanner", Light.OK)
        await sim.unplug()
        await lit(console, "scanner", Light.FAULT, "scanner.not_found")
        await sim.plug_in()
        await lit(console, "scanner", Light.OK)


async def test_a_new_scanner_offers_itself_ready_to_be_added(
    plugged: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plugged(KeyModel(product=1))
    async with store_of("", tmp_path, monkeypatch) as console:
        plugs = console.plugs
        assert plugs is not None
        await plugged(KeyModel(vendor=0x046D, product=0xC31C, name="Some Keyboard"))
        await plugged(KeyModel(product=2))
        await until(lambda: plugs.offers)
        (offer,) = plugs.offers
        assert (offer.address, offer.identity) == ("keyboard://05e0:0002", "Simulated KS-1")
        assert 'address = "keyboard://05e0:0002"' in offer.entry


async def test_a_search_finds_it(plugged: Any) -> None:
    sim = await plugged()
    found = [each async for each in KeyboardSearch().search(lambda _: None)]
    assert [(each.address, each.sure) for each in found] == [(sim.address, "guess")]


ROWS = [
    ("caps_lock", CODE, "scanner.caps_lock"),
    ("layout", CODE, "scanner.layout"),
    ("missing_suffix", CODE, "scanner.missing_suffix"),
    ("wrong_suffix", CODE, "scanner.wrong_suffix"),
    ("dropped_characters", CODE, "scanner.dropped_characters"),
    ("double_read", CODE, "scanner.double_read"),
    ("extra_prefix", CODE, "scanner.extra_prefix"),
    ("code_id", CODE, "scanner.extra_prefix"),
    ("missing_check_digit", GTIN, "scanner.missing_digit"),
    ("missing_leading_zero", GTIN, "scanner.missing_digit"),
    ("slow_keys", CODE, "scanner.slow"),
    ("misread", CODE, "scanner.misread"),
]


@pytest.mark.parametrize(("fault", "code", "cause"), ROWS)
async def test_each_symptom_through_the_whole_selftest(
    plugged: Any, clock: Any, table: Any, monkeypatch: pytest.MonkeyPatch, fault: str, code: str, cause: str
) -> None:
    monkeypatch.setattr("console.services.scanback.ECHO_WAIT", 0.2)
    sim = await plugged(delay=0.004)
    sim.set_fault(fault)
    service = SelftestService(
        "店", Roster({COUNTER: driver(sim.address, clock)}), table, clock, lambda: Language("en"), str,
        lambda _: None, {},
    )  # fmt: skip
    job = service.start(COUNTER, Level.EXTERNAL, Person(code=code))
    async with asyncio.timeout(30):
        async for step in job.steps():
            if code in str(step.doing):
                await sim.scan(code)
        result: SelftestResult = await job.result()
    assert result.finding.cause == cause
