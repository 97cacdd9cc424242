"""What only USB has: endpoints to be found, a system's driver to be asked aside, permission, two alike.

Each test has a USB bus of umockdev (see test_on_usb.py); the libusb and pyusb that run are the real ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import Busy, Denied, TillkeeperError, Unreachable
from console.domain.lights import Light
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.drivers.codecs import escpos_page
from console.drivers.codecs.escpos import ASB_ON, INITIALISE
from console.drivers.printer.driver import DirectPrinter
from console.drivers.printer.escpos.language import Escpos
from console.drivers.registry import connector, open_driver
from console.drivers.search import UsbSearch
from console.drivers.told import Told, WithTold
from console.drivers.transports.usb import UsbTransport
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.simulators.usb import Alternate, UsbBus, UsbModel, UsbPort

pytestmark = pytest.mark.usb

ROOT = Path(__file__).parents[2]
RULE = ROOT / "installer" / "udev" / "70-tillkeeper-usb-printers.rules"
ONE_WAY = Alternate(protocol=1, in_end=0)
TWO_WAY = Alternate(protocol=2, out_end=0x03, in_end=0x84)
OVER_IP = Alternate(protocol=4, out_end=0x05, in_end=0x86)
VENDOR = Alternate(kind=0xFF, sub=0, protocol=0, out_end=0x02, in_end=0x81)
MASS_STORAGE = Alternate(kind=8, sub=6, protocol=0x50)


@pytest.fixture
async def plugged(usb_bus: UsbBus) -> AsyncGenerator[Callable[..., Any], None]:
    """Plugs printers in, and out again afterwards."""
    async with contextlib.AsyncExitStack() as stack:

        async def plug(usb: UsbModel | None = None, model: PrinterModel | None = None) -> PrinterSimulator:
            return await stack.enter_async_context(PrinterSimulator.usb(usb, usb_bus, model))

        yield plug


def port_of(sim: PrinterSimulator) -> UsbPort:
    assert isinstance(sim.port, UsbPort)
    return sim.port


def driver(address: str, clock: Any) -> Any:
    entry = Printer("front", address)
    return open_driver(Subject("printer", "front"), entry, StoreProfile(Store("x"), printer=(entry,)), clock)


def quick(address: str, clock: Any) -> WithTold:
    """The same with less patience for a silent printer."""
    told: Told = {}
    connect = connector(parse_address(address, "printer"), told)
    traits = frozenset({"line.usb"})
    return WithTold(DirectPrinter(connect, Escpos(clock, traits, 0.15), clock), told, clock, asyncio.Lock())


def ignore(_: object) -> None:
    pass


async def answer(address: str) -> bytes:
    """What first comes back for DLE EOT 1."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    line = connector(parse_address(address, "printer"))()
    await line.open(heard.put_nowait, ignore)
    try:
        await line.write(b"\x10\x04\x01")
        return await asyncio.wait_for(heard.get(), 3)
    finally:
        await line.close()


async def trouble(address: str) -> TillkeeperError:
    """Why it does not open."""
    line = connector(parse_address(address, "printer"))()
    with pytest.raises(TillkeeperError) as caught:
        await line.open(ignore, ignore)
    await line.close()
    return caught.value


@pytest.mark.parametrize(
    ("alternates", "chosen"),
    [
        ((TWO_WAY,), 0),
        ((ONE_WAY, TWO_WAY), 1),
        ((OVER_IP, ONE_WAY, TWO_WAY), 2),
        ((VENDOR,), 0),
    ],
)
async def test_endpoints_are_found_wherever_they_are(plugged: Any, alternates: Any, chosen: int) -> None:
    sim = await plugged(UsbModel(alternates=alternates))
    assert await answer(sim.address) == b"\x12"
    assert (await port_of(sim).state())["alternate"] == chosen


@pytest.mark.parametrize("alternates", [(OVER_IP,), (MASS_STORAGE,)])
async def test_what_takes_no_print_data_is_no_printer(plugged: Any, alternates: Any) -> None:
    sim = await plugged(UsbModel(alternates=alternates))
    assert (await trouble(sim.address)).sign == "usb.no_printer"


async def test_a_printer_without_a_way_back_prints_and_is_never_heard(
    plugged: Any, clock: Any, judged: Any, page: Any
) -> None:
    sim = await plugged(UsbModel(alternates=(ONE_WAY,)))
    proof, _ = await quick(sim.address, clock).print_test_page(page, ignore)
    assert proof.grade is Grade.D
    assert page.code in sim.text()
    assert judged("printer", await quick(sim.address, clock).examine()).light is Light.UNKNOWN


async def test_a_printer_that_is_never_heard_is_missed_all_the_same(plugged: Any) -> None:
    sim = await plugged(UsbModel(alternates=(ONE_WAY,)))
    lost: asyncio.Queue[TillkeeperError] = asyncio.Queue()
    line = UsbTransport(0x04B8, 0x0202)
    await line.open(ignore, lost.put_nowait)
    await sim.unplug()
    assert (await asyncio.wait_for(lost.get(), 3)).sign == "usb.lost"
    await line.close()
    assert lost.empty()


async def test_a_system_without_drivers_to_ask_aside_is_no_trouble(
    plugged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise NotImplementedError("Operation not supported or unimplemented on this platform")

    sim = await plugged(UsbModel(driver=False))
    monkeypatch.setattr("usb.core.Device.is_kernel_driver_active", refuse)
    assert await answer(sim.address) == b"\x12"


@pytest.mark.parametrize("attached", [True, False])
async def test_the_systems_driver_has_the_printer_again_afterwards(plugged: Any, attached: bool) -> None:
    sim = await plugged(UsbModel(driver=attached))
    line = UsbTransport(0x04B8, 0x0202)
    await line.open(ignore, ignore)
    assert await port_of(sim).state() == {"driver": False, "claimed": True, "alternate": 0, "redirected": 0}
    await line.close()
    assert await port_of(sim).state() == {
        "driver": attached,
        "claimed": False,
        "alternate": 0,
        "redirected": 0,
    }


async def test_the_driver_is_given_back_when_the_claim_fails(plugged: Any, clock: Any, judged: Any) -> None:
    sim = await plugged()
    port_of(sim).set_fault("held", True)
    refused = await trouble(sim.address)
    assert (type(refused), refused.sign) == (Busy, "usb.busy")
    assert (await port_of(sim).state())["driver"]
    finding = judged("printer", await driver(sim.address, clock).examine())
    assert (finding.light, finding.cause) == (Light.ATTENTION, "printer.busy")


async def test_a_till_that_prints_through_the_systems_driver_is_left_alone(
    plugged: Any, clock: Any, judged: Any
) -> None:
    sim = await plugged()
    with printing_through_usblp(port_of(sim).place), as_nobody():
        finding = judged("printer", await driver(sim.address, clock).examine())
        assert (finding.light, finding.cause) == (Light.ATTENTION, "printer.busy")
        assert (await port_of(sim).state())["driver"]
    assert await answer(sim.address) == b"\x12"


async def test_one_program_at_a_time(plugged: Any) -> None:
    sim = await plugged()
    first = UsbTransport(0x04B8, 0x0202)
    await first.open(ignore, ignore)
    assert (await trouble(sim.address)).sign == "usb.busy"
    await first.close()
    assert await answer(sim.address) == b"\x12"


async def test_no_permission_names_the_rule_that_is_shipped(plugged: Any, clock: Any, judged: Any) -> None:
    sim = await plugged()
    port_of(sim).set_fault("denied", True)
    await port_of(sim).state()  # the bus has done it
    with as_nobody():
        refused = await trouble(sim.address)
        finding = judged("printer", await driver(sim.address, clock).examine())
    assert (type(refused), refused.sign) == (Denied, "usb.denied")
    assert str(RULE.relative_to(ROOT)) in str(refused)
    assert RULE.exists()
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.denied")


async def test_a_printer_that_is_not_there(clock: Any, judged: Any, usb_bus: UsbBus) -> None:
    assert usb_bus.environment
    missing = await trouble("usb://04b8:0e99")
    assert (type(missing), missing.sign) == (Unreachable, "usb.not_found")
    finding = judged("printer", await driver("usb://04b8:0e99", clock).examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.not_found")


async def test_two_of_a_kind_are_told_apart_by_serial_number_or_socket(plugged: Any) -> None:
    left = await plugged(UsbModel(serial="LEFT1"))
    right = await plugged(UsbModel(serial="RIGHT2"))
    both = await trouble("usb://04b8:0202")
    assert both.sign == "usb.ambiguous"
    assert "usb://04b8:0202/LEFT1, usb://04b8:0202/RIGHT2" in str(both)
    left.set_fault("offline")
    assert await answer("usb://04b8:0202/LEFT1") == b"\x1a"
    assert await answer("usb://04b8:0202/RIGHT2") == b"\x12"
    assert await answer(f"usb://04b8:0202/{port_of(right).place}") == b"\x12"
    assert (await trouble("usb://04b8:0202/OTHER")).sign == "usb.not_found"


@pytest.mark.parametrize(
    ("status", "cause"),
    [(0x38, "printer.paper_out"), (0x08, "printer.offline"), (0x10, "printer.offline")],
)
async def test_the_port_speaks_for_a_printer_that_does_not(
    plugged: Any, clock: Any, judged: Any, status: int, cause: str
) -> None:
    sim = await plugged(UsbModel(status=status))
    printer = quick(sim.address, clock)
    assert judged("printer", await printer.examine()).light is Light.OK  # its own answers are better
    sim.set_fault("write_only")
    finding = judged("printer", await printer.examine())
    assert (finding.light, finding.cause) == (Light.FAULT, cause)


@pytest.mark.parametrize("status", [0x18, -1])
async def test_a_port_without_complaint_proves_nothing(
    plugged: Any, clock: Any, judged: Any, status: int
) -> None:
    sim = await plugged(UsbModel(status=status))
    sim.set_fault("write_only")
    evidence = await quick(sim.address, clock).examine()
    assert judged("printer", evidence).light is Light.UNKNOWN
    assert ("usb.port_status" in {each.probe for each in evidence}) is (status >= 0)


async def test_port_status_can_be_asked_at_any_time(plugged: Any) -> None:
    sim = await plugged()
    line = UsbTransport(0x04B8, 0x0202)
    await line.open(ignore, ignore)
    assert await line.port_status() == 0x18
    port_of(sim).order(status=0x38)
    await port_of(sim).state()
    assert await line.port_status() == 0x38
    await sim.unplug()
    with pytest.raises(Unreachable):
        await line.port_status()
    await line.close()


async def test_a_silent_printer_is_known_by_its_device_id(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    sim.set_fault("write_only")
    printer = quick(sim.address, clock)
    assert await printer.identify() == ({"ManufacturerName": "Simulated", "ModelName": "SP-80"}, {})


async def test_an_answer_in_single_bytes(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    port_of(sim).set_fault("split", True)
    identity, _ = await driver(sim.address, clock).identify()
    assert identity["ModelName"] == sim.model.model


async def test_what_was_said_to_somebody_before_is_not_heard(plugged: Any) -> None:
    sim = await plugged()
    port_of(sim).order(**{"in": "1e"})
    await port_of(sim).state()
    assert await answer(sim.address) == b"\x12"


@pytest.mark.parametrize("length", [63, 64, 65, 4096])
async def test_answers_of_whole_packets_arrive_too(plugged: Any, length: int) -> None:
    sim = await plugged()
    heard = asyncio.Queue[bytes]()
    line = UsbTransport(0x04B8, 0x0202)
    await line.open(heard.put_nowait, ignore)
    port_of(sim).order(**{"in": ("5a" * length)})
    got = b""
    while len(got) < length:
        got += await asyncio.wait_for(heard.get(), 3)
    assert got == b"Z" * length
    await line.close()


@pytest.mark.parametrize("fault", ["nak", "stall"])
async def test_a_printer_that_takes_nothing_holds_nobody(plugged: Any, fault: str) -> None:
    sim = await plugged()
    line = UsbTransport(0x04B8, 0x0202, write_seconds=0.3)
    await line.open(ignore, ignore)
    port_of(sim).set_fault(fault, True)
    with pytest.raises(TillkeeperError) as caught:
        await line.write(b"x" * 100)
    assert caught.value.sign == "usb.write_timeout"
    port_of(sim).set_fault(fault, False)
    await line.write(b"\x10\x04\x01")
    await line.close()


async def test_a_halted_endpoint_is_cleared(plugged: Any) -> None:
    sim = await plugged()
    port_of(sim).set_fault("halt", True)
    await port_of(sim).state()
    assert await answer(sim.address) == b"\x12"


async def test_closing_under_a_stuck_transfer_is_quick(plugged: Any) -> None:
    sim = await plugged()
    line = UsbTransport(0x04B8, 0x0202)
    await line.open(ignore, ignore)
    port_of(sim).set_fault("nak", True)
    writing = asyncio.create_task(line.write(b"x" * 100_000))
    await asyncio.sleep(0)
    began = time.monotonic()
    await line.close()
    assert time.monotonic() - began < 1.0  # 0.2 s is promised; a busy machine may add to it
    with pytest.raises(Unreachable):
        await writing
    assert (await port_of(sim).state())["driver"]


async def test_the_cable_pulled_at_each_of_many_bytes_of_a_page(
    plugged: Any, clock: Any, judged: Any, page: Any
) -> None:
    sim = await plugged()
    printer = quick(sim.address, clock)
    length = len(escpos_page.build_page(page, 80, after_init=ASB_ON))
    for at in (1, 2, 3, 5, 8, 12, 63, 64, 65, *range(100, length, 90), length - 1, length):
        pulling = DirectPrinter(partial(Pulled, port_of(sim), at), Escpos(clock, answer_seconds=0.15), clock)
        proof, evidence = await pulling.print_test_page(page, ignore)
        assert proof.grade is Grade.E, at
        assert judged("printer", evidence).cause == "printer.not_found", at
        await sim.unplug()
        await sim.plug_in()
        assert judged("printer", await printer.examine()).light is Light.OK, at
    assert (await printer.print_test_page(page, ignore))[0].grade is Grade.A
    assert (await port_of(sim).state())["driver"]


async def test_the_search_names_what_is_plugged_in(plugged: Any) -> None:
    await plugged(UsbModel(serial="LEFT1"))
    await plugged(UsbModel(serial="RIGHT2"))
    await plugged(UsbModel(product=0x0E99, alternates=(MASS_STORAGE,)))
    label = await plugged(UsbModel(0x1FC9, 0x2016, device_id="MFG:Gainscha;MDL:GS-2406T;CMD:TSPL;"))
    label.set_fault("write_only")
    found = sorted([each async for each in UsbSearch().search(ignore)], key=lambda each: each.address)
    assert [(each.address, each.identity, each.sure) for each in found] == [
        ("usb://04b8:0202/LEFT1", "SP-80", "probed"),
        ("usb://04b8:0202/RIGHT2", "SP-80", "probed"),
        ("usb://1fc9:2016", "Gainscha GS-2406T", "documented"),
    ]
    assert 'protocol = "tspl"' in found[2].entry
    assert not label.text()


async def test_the_search_shows_a_printer_that_it_may_not_open(plugged: Any) -> None:
    sim = await plugged()
    port_of(sim).set_fault("denied", True)
    await port_of(sim).state()
    with as_nobody():
        (found,) = [each async for each in UsbSearch().search(ignore)]
    assert (found.address, found.sure) == (sim.address, "guess")


@pytest.mark.parametrize(("level", "grade"), [("internal", None), ("external", "A")])
async def test_the_command_tests_a_usb_printer(
    plugged: Any, tmp_path: Path, level: str, grade: str | None
) -> None:
    sim = await plugged()
    (tmp_path / "store.toml").write_text(
        f'[store]\nname = "店"\n[[printer]]\nname = "front"\naddress = "{sim.address}"\n', "utf-8"
    )
    done = await run(tmp_path, "selftest", "printer:front", "--level", level, "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["passed"], document["grade"]) == (0, True, grade), done.stderr
    assert document["identity"]["SerialNumber"] == sim.model.serial
    assert document["counters"]["ReceiptLineFeedCount"] == sim.counter(148)
    probes = [each["probe"] for each in document["evidence"]]
    assert {"escpos.dle_eot.1", "usb.port_status", "usb.device_id"} <= set(probes)
    assert bool(sim.papers) is (level == "external")


async def test_the_command_finds_a_usb_printer(plugged: Any, tmp_path: Path) -> None:
    sim = await plugged()
    found = json.loads((await run(tmp_path, "discover", "--json")).stdout)["found"]
    assert sim.address in [each["address"] for each in found]


async def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program itself, with a store of its own, seeing the same bus."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "console", *arguments],
        cwd=ROOT, env=os.environ | {"TILLKEEPER_HOME": str(folder)}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


class Pulled(UsbTransport):
    """A line whose cable comes out `at` bytes into the page."""

    def __init__(self, port: UsbPort, at: int) -> None:
        super().__init__(port.model.vendor, port.model.product)
        self._port, self._at = port, at

    async def write(self, data: bytes) -> None:
        if data.startswith(INITIALISE):
            self._port.order(pull_after=self._at)
            await self._port.state()  # the bus knows
        await super().write(data)


@contextlib.contextmanager
def printing_through_usblp(place: str) -> Iterator[None]:
    """Another program has /dev/usb/lp0: a terminal that is held refuses everybody but root with EBUSY too."""
    root = Path(os.environ["UMOCKDEV_DIR"])
    known = root / f"sys/bus/usb/devices/{place}:1.0/usbmisc/lp0"
    known.mkdir(parents=True)
    master, slave = os.openpty()
    os.chmod(os.ttyname(slave), 0o666)  # noqa: PTH101 - the terminal of this test alone
    fcntl.ioctl(slave, termios.TIOCEXCL)
    file = root / "dev/usb/lp0"
    file.parent.mkdir(exist_ok=True)
    file.symlink_to(os.ttyname(slave))
    try:
        yield
    finally:
        file.unlink()
        shutil.rmtree(known.parents[1])
        os.close(slave)
        os.close(master)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to open everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)
