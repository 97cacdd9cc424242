"""USB HID POS scanners on a simulated bus (see test_on_usb.py); libusb and pyusb are the real ones."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from console.domain.errors import Busy, TillkeeperError, Unreachable
from console.domain.lights import Light
from console.domain.profile import Scanner, Store, StoreProfile
from console.domain.scan import Scan, compare
from console.domain.selftest import Level
from console.domain.subjects import Subject
from console.drivers.registry import open_driver
from console.drivers.scanner.hid import HidScanner
from console.drivers.search import UsbSearch
from console.drivers.transports.usb_hid import HidTransport
from console.simulators.faults import HID_SCANNER
from console.simulators.hid_scanner import HidScannerSimulator, hid_model
from console.simulators.printer import PrinterSimulator
from console.simulators.usb import UsbBus, UsbModel
from tests.contract.test_recordings import CODE as STUDIO_CODE
from tests.contract.test_recordings import COUNTER, Studio, shown, usual

pytestmark = pytest.mark.usb

ROOT = Path(__file__).parents[2]
CODE, GTIN = "TK-47110081/y:@z", "0690123456787"
HONEYWELL = 0x0C2E


@pytest.fixture
async def plugged(usb_bus: UsbBus) -> AsyncGenerator[Callable[..., Any], None]:
    """Plugs scanners in, and out again afterwards."""
    async with contextlib.AsyncExitStack() as stack:

        async def plug(usb: UsbModel | None = None) -> HidScannerSimulator:
            return await stack.enter_async_context(HidScannerSimulator(usb, usb_bus))

        yield plug


def driver(address: str, clock: Any) -> Any:
    entry = Scanner("counter", address)
    profile = StoreProfile(Store("x"), scanner=(entry,))
    return open_driver(Subject("scanner", "counter"), entry, profile, clock)


@contextlib.asynccontextmanager
async def listening(sim: Any, clock: Any) -> AsyncGenerator[tuple[HidScanner, Any], None]:
    """A driver that holds its line, and its codes."""
    ready = asyncio.Event()
    scanner = driver(sim.address, clock)
    async with contextlib.aclosing(scanner.scans(ready.set)) as codes:
        coming = asyncio.ensure_future(anext(codes))
        await asyncio.wait_for(ready.wait(), 5)

        async def following() -> Scan:
            nonlocal coming
            scan: Scan = await asyncio.wait_for(coming, 5)
            coming = asyncio.ensure_future(anext(codes))
            return scan

        try:
            yield scanner, following
        finally:
            coming.cancel()
            await asyncio.wait([coming])


async def scanned(sim: Any, clock: Any, code: str, fault: str | None = None) -> Scan:
    if fault:
        sim.set_fault(fault)
    async with listening(sim, clock) as (_, following):
        await sim.scan(code)
        scan: Scan = await following()
        return scan


async def test_a_scanner_describes_itself_and_is_left_as_it_was(
    plugged: Any, clock: Any, judged: Any
) -> None:
    sim = await plugged()
    evidence = await driver(sim.address, clock).examine()
    assert judged("scanner", evidence).light is Light.OK
    assert evidence[0].facts["ModelName"] == "HS-1"
    assert (await sim.usb.state()) == {"driver": True, "claimed": False, "alternate": 0, "redirected": 0}


@pytest.mark.parametrize("address", ["hid", "usb"])
async def test_a_code_comes_with_its_symbology_and_check_digit(
    plugged: Any, clock: Any, address: str
) -> None:
    sim = await plugged()
    scanner = driver(sim.address.replace("hid:", f"{address}:"), clock)
    scan = await scanned(sim, clock, GTIN)
    assert (scan.text, scan.identifier) == (GTIN, "]E0")
    found = compare(GTIN, scan, scanner.suffix)
    assert "scan.matches" in found.signs
    assert found.facts["symbology"] == "EAN-13 / UPC-A"
    assert found.facts["check_digits"] == "check digit of EAN-13 right"


@pytest.mark.parametrize("vendor", [0x05E0, HONEYWELL])
async def test_honeywells_are_told_to_send_here_and_told_back(plugged: Any, clock: Any, vendor: int) -> None:
    sim = await plugged(hid_model(vendor, 0x0B8F))
    async with listening(sim, clock) as (_, following):
        await sim.scan(CODE)
        assert (await following()).text == CODE
        state = await sim.usb.state()
        assert (state["driver"], state["redirected"]) == (False, int(vendor == HONEYWELL))
    state = await sim.usb.state()
    assert (state["driver"], state["claimed"], state["redirected"]) == (True, False, 0)


@pytest.mark.parametrize("length", [1, 55, 56, 57, 112, 113, 7000])
async def test_codes_of_many_reports_are_put_together(plugged: Any, clock: Any, length: int) -> None:
    sim = await plugged()
    sim.identifier = "]L0"
    code = ("PDF417 " * 1001)[:length]
    scan = await scanned(sim, clock, code)
    assert (scan.text, scan.identifier) == (code, "]L0")


@pytest.mark.parametrize(
    "code", ["01069012345678921" + "0AB\x1d21X", "a\x01\x02\x1bb", "P" * 7000], ids=["gs", "control", "7000"]
)
async def test_strange_codes_come_whole(plugged: Any, clock: Any, code: str) -> None:
    assert (await scanned(await plugged(), clock, code)).text == code


async def test_bytes_that_are_no_text_are_only_another_code(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    async with listening(sim, clock) as (scanner, following):
        for report in sim.reports(b"\xff\xfe\x80abc"):
            sim.usb.write(report)
        scan = await following()
    assert "scan.misread" in compare(CODE, scan, scanner.suffix).signs


async def test_what_was_scanned_before_anybody_listened_is_not_heard(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    await sim.scan("6901234567892")
    await sim.scan("P" * 200)
    await sim.usb.state()
    assert (await scanned(sim, clock, CODE)).text == CODE


async def test_ten_codes_follow_each_other_and_none_is_lost(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    async with listening(sim, clock) as (_, following):
        for number in range(10):
            await sim.scan(f"{CODE}{number}")
        assert [(await following()).text for _ in range(10)] == [f"{CODE}{number}" for number in range(10)]


@pytest.mark.parametrize(
    ("fault", "code", "cause"),
    [
        (None, CODE, None),
        ("no_identifier", CODE, None),
        ("dropped_characters", CODE, "scanner.dropped_characters"),
        ("extra_prefix", CODE, "scanner.extra_prefix"),
        ("code_id", CODE, "scanner.extra_prefix"),
        ("missing_check_digit", GTIN, "scanner.missing_digit"),
        ("missing_leading_zero", GTIN, "scanner.missing_digit"),
        ("misread", CODE, "scanner.misread"),
        ("unfinished", CODE, None),  # comes whole, a second late
    ],
)
async def test_a_known_code_shows_the_fault(
    plugged: Any, clock: Any, judged: Any, fault: str | None, code: str, cause: str | None
) -> None:
    scan = await scanned(await plugged(), clock, code, fault)
    assert judged("scanner", [compare(code, scan, "none")]).cause == cause


def test_every_fault_is_met_here() -> None:
    met = {"dropped_characters", "extra_prefix", "code_id", "missing_check_digit", "missing_leading_zero"}
    alone = {"double_read", "mute", "screen_blind"}
    assert met | alone | {"misread", "unfinished", "no_identifier"} == set(HID_SCANNER)


async def test_a_code_read_twice_comes_twice(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    sim.set_fault("double_read")
    async with listening(sim, clock) as (_, following):
        await sim.scan(CODE)
        assert [(await following()).text, (await following()).text] == [CODE, CODE]


@pytest.mark.parametrize(("fault", "from_paper"), [("mute", False), ("screen_blind", True)])
async def test_what_is_not_read_does_not_come(plugged: Any, clock: Any, fault: str, from_paper: bool) -> None:
    sim = await plugged()
    sim.set_fault(fault)
    async with listening(sim, clock) as (_, following):
        await sim.scan(CODE)
        await sim.scan("6901234567892", paper=True)
        if from_paper:
            assert (await following()).text == "6901234567892"
        else:
            sim.set_fault(fault, False)
            await sim.scan(CODE)
            assert (await following()).text == CODE


async def test_the_cable_pulled_in_the_middle_of_a_code(plugged: Any, clock: Any, judged: Any) -> None:
    sim = await plugged()
    async with listening(sim, clock) as (_, following):
        sim.usb.write(sim.reports(b"x" * 100)[0])  # the second one never comes
        await sim.usb.state()
        await sim.unplug()
        with pytest.raises(Unreachable):
            await following()
    finding = judged("scanner", await driver(sim.address, clock).examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "scanner.not_found")
    await sim.plug_in()
    assert (await scanned(sim, clock, CODE)).text == CODE  # and nothing of the other


async def test_a_scanner_that_sends_for_ever_stays_bounded(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    report = sim.reports(b"x" * 100)[0]
    async with listening(sim, clock) as (_, following):
        for _ in range(300):
            sim.usb.write(report)
        assert [len((await following()).text), len((await following()).text)] == [8232, 8232]


@pytest.mark.parametrize(("fault", "cause"), [("held", "scanner.busy"), ("denied", "scanner.denied")])
async def test_one_that_cannot_be_had(plugged: Any, clock: Any, judged: Any, fault: str, cause: str) -> None:
    sim = await plugged()
    sim.usb.set_fault(fault, True)
    await sim.usb.state()
    before = os.geteuid()
    if fault == "denied" and before == 0:
        os.seteuid(65534)
    try:
        evidence = await driver(sim.address, clock).examine()
    finally:
        os.seteuid(before)
    assert judged("scanner", evidence).cause == cause
    assert fault == "held" or "70-tillkeeper-hid-scanners.rules" in str(evidence[0].meaning)
    assert (ROOT / "installer" / "udev" / "70-tillkeeper-hid-scanners.rules").exists()


async def test_a_scanner_that_the_tills_program_reads_is_left_alone(
    plugged: Any, clock: Any, judged: Any
) -> None:
    sim = await plugged()
    root = Path(os.environ["UMOCKDEV_DIR"])
    known = root / f"sys/bus/usb/devices/{sim.usb.place}:1.0/0003:0000:0000.0001/hidraw/hidraw0"
    known.mkdir(parents=True)
    file = root / "dev/hidraw0"
    file.write_bytes(b"")
    scanner = driver(sim.address, clock)
    with file.open("wb") as held:
        cat = partial(subprocess.Popen, ["/bin/cat"], stdin=subprocess.PIPE, stdout=held)
        till = await asyncio.to_thread(cat)
    finding = judged("scanner", await scanner.examine())
    await asyncio.to_thread(till.communicate)
    assert (finding.light, finding.cause) == (Light.ATTENTION, "scanner.busy")
    assert (await sim.usb.state())["driver"]
    assert judged("scanner", await scanner.examine()).light is Light.OK
    file.unlink()


async def test_a_printer_is_no_scanner(usb_bus: UsbBus, clock: Any, judged: Any) -> None:
    model = UsbModel()
    async with PrinterSimulator.usb(model, usb_bus):
        line = HidTransport(model.vendor, model.product)
        with pytest.raises(Unreachable) as caught:
            await line.open(lambda _: None, lambda _: None)
        assert caught.value.sign == "usb.no_scanner"
        finding = judged("scanner", await driver("hid://04b8:0202", clock).examine())
        assert (finding.light, finding.cause) == (Light.FAULT, "scanner.wrong_mode")


async def test_another_hid_device_is_left_alone(plugged: Any, clock: Any, judged: Any) -> None:
    keyboard = "05010906a101050719e029e71500250175019508" + "8102c0"
    sim = await plugged(replace(hid_model(0x1111, 0x2222), report=keyboard))
    assert judged("scanner", await driver(sim.address, clock).examine()).cause == "scanner.wrong_mode"
    assert [each async for each in UsbSearch().search(lambda _: None)] == []


async def test_two_alike_are_told_apart(plugged: Any, clock: Any) -> None:
    left, right = await plugged(hid_model(serial="LEFT1")), await plugged(hid_model(serial="RIGHT2"))
    line = HidTransport(0x05E0, 0x1200)
    with pytest.raises(TillkeeperError) as caught:
        await line.open(lambda _: None, lambda _: None)
    assert "hid://05e0:1200/LEFT1, hid://05e0:1200/RIGHT2" in str(caught.value)
    found = sorted([each async for each in UsbSearch().search(lambda _: None)], key=lambda each: each.address)
    assert [(each.address, each.identity, each.sure) for each in found] == [
        ("hid://05e0:1200/LEFT1", "Simulated HS-1", "documented"),
        ("hid://05e0:1200/RIGHT2", "Simulated HS-1", "documented"),
    ]
    assert found[0].entry == (
        '[[scanner]]\nname = "left1"\naddress = "hid://05e0:1200/LEFT1"\nsuffix = "none"\n'
    )
    assert left.address == right.address


async def test_a_listener_that_is_cancelled_lets_go_at_once(plugged: Any, clock: Any) -> None:
    sim = await plugged(hid_model(HONEYWELL))
    ready = asyncio.Event()
    codes = driver(sim.address, clock).scans(ready.set)
    coming = asyncio.ensure_future(anext(codes))
    await asyncio.wait_for(ready.wait(), 5)
    began = time.monotonic()
    coming.cancel()
    await asyncio.wait([coming])
    assert time.monotonic() - began < 1.0
    assert await _has_its_driver(sim)


async def _has_its_driver(sim: HidScannerSimulator) -> bool:
    async with asyncio.timeout(3):
        while not (await sim.usb.state())["driver"]:
            pass
    return True


async def test_a_line_that_is_held_refuses_a_second_one(plugged: Any, clock: Any) -> None:
    sim = await plugged()
    async with listening(sim, clock):
        line = HidTransport(0x05E0, 0x1200)
        with pytest.raises(Busy):
            await line.open(lambda _: None, lambda _: None)
        await line.close()


@pytest.mark.parametrize(
    ("code", "fault"),
    [(STUDIO_CODE, None), (STUDIO_CODE, "code_id"), ("134826059713470582", None), ("P" * 100, None)],
)
async def test_a_recording_comes_to_the_same_verdict(
    plugged: Any, tmp_path: Path, code: str, fault: str | None
) -> None:
    sim = await plugged()
    if fault:
        sim.set_fault(fault)
    entry = Scanner("counter", sim.address)
    profile = StoreProfile(Store("店", language="en"), scanner=(entry,))
    studio = Studio.of(entry, tmp_path / "it.jsonl", usual(COUNTER, profile))
    live = await studio.record(COUNTER, Level.EXTERNAL, meanwhile=lambda: sim.scan(code))
    again = await studio.replayed()
    assert again.result is not None
    assert (again.departures, again.same) == ([], True)
    assert shown(again.result.finding.evidence) == shown(live.finding.evidence)
    assert live.passed is (code == STUDIO_CODE and fault is None)


async def test_the_commands_find_and_test_it(plugged: Any, tmp_path: Path) -> None:
    sim = await plugged()
    found = json.loads((await run(tmp_path, "discover", "--json")).stdout)["found"]
    entry = next(each["entry"] for each in found if each["address"] == sim.address)
    (tmp_path / "store.toml").write_text(f'[store]\nname = "店"\n{entry}', "utf-8")
    done = await run(tmp_path, "selftest", "scanner:05e0-1200", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["passed"]) == (0, True), done.stderr
    assert [each["probe"] for each in document["evidence"]] == ["scanner.descriptor"]


async def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program itself, with a store of its own, seeing the same bus."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "console", *arguments],
        cwd=ROOT, env=os.environ | {"TILLKEEPER_HOME": str(folder)}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
