"""Clients that no one here wrote print to and question the simulated printer: python-escpos and receiptio."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from escpos.constants import RT_STATUS_ONLINE, RT_STATUS_PAPER
from escpos.printer import Network, Serial
from PIL import Image, ImageDraw

from console.simulators.paper import Bits
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.simulators.receipt_printer import ReceiptPrinter
from console.simulators.star import StarPrntSimulator, StarSimulator
from console.simulators.thread import SimulatorThread

BOUND = 10.0
RECEIPTIO = "2.1.2"


@pytest.fixture
def thread() -> Iterator[SimulatorThread]:
    with SimulatorThread() as thread:
        yield thread


@pytest.fixture
def printer(thread: SimulatorThread) -> PrinterSimulator:
    return thread.host(PrinterSimulator.tcp())


def network(printer: PrinterSimulator) -> Network:
    host, port = printer.address.removeprefix("tcp://").split(":")
    return Network(host, int(port), timeout=BOUND, profile="TM-T88III")


def printed(thread: SimulatorThread, printer: ReceiptPrinter, papers: int = 1) -> str:
    """The text once so many tickets were cut off."""
    end = time.monotonic() + BOUND
    while len(thread.call(lambda: printer.papers)) < papers:
        assert time.monotonic() < end, "nothing was cut off in time"
    return str(thread.call(printer.text))


# --- python-escpos


def test_escpos_prints_text_and_styles(thread: SimulatorThread, printer: PrinterSimulator) -> None:
    peer = network(printer)
    peer.set(align="center", bold=True, double_width=True, double_height=True)
    peer.textln("Tillkeeper")
    peer.set_with_default()
    peer.textln("Café über €3")
    peer.set(underline=1)
    peer.textln("under")
    peer.cut()
    text = printed(thread, printer)
    peer.close()
    assert [line.strip() for line in text.splitlines()[:3]] == ["Tillkeeper", "Café über €3", "under"]
    title = printer.papers[0].lines[0].items[0]
    assert (title.x, title.width) == ((576 - 10 * 24) // 2, 240)


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_escpos_prints_a_picture_dot_by_dot(
    thread: SimulatorThread, printer: PrinterSimulator, way: str
) -> None:
    drawn = Image.new("1", (96, 48), 1)
    ImageDraw.Draw(drawn).ellipse((10, 5, 80, 40), fill=0)
    peer = network(printer)
    peer.image(drawn, impl=way)
    peer.cut()
    printed(thread, printer)
    peer.close()
    page = Image.open(BytesIO(thread.call(printer.picture))).crop((0, 0, 96, 48))
    assert page.tobytes() == drawn.tobytes()


def test_escpos_prints_codes(thread: SimulatorThread, printer: PrinterSimulator) -> None:
    peer = network(printer)
    peer.barcode("690123456789", "EAN13", 64, 2, "BELOW", "A")
    peer.barcode("{BTill-88", "CODE128", function_type="B")
    peer.qr("https://example.com/t/1", native=True, size=6)
    peer.qr("as a picture")
    peer.cut()
    printed(thread, printer)
    peer.close()
    paper = printer.papers[0]
    assert [(symbol.kind, symbol.content) for symbol in paper.symbols()] == [
        ("EAN13", "6901234567892"),
        ("CODE128", "Till-88"),
        ("QR", "https://example.com/t/1"),
    ]
    assert any(isinstance(item, Bits) for line in paper.lines for item in line.items)


def test_escpos_reads_the_state(thread: SimulatorThread, printer: PrinterSimulator) -> None:
    peer = network(printer)
    assert peer.is_online()
    assert peer.paper_status() == 2
    thread.call(printer.set_fault, "paper_low")
    assert peer.paper_status() == 1
    thread.call(printer.set_fault, "paper_out")
    assert peer.paper_status() == 0
    assert not peer.is_online()
    assert peer.query_status(RT_STATUS_ONLINE) + peer.query_status(RT_STATUS_PAPER) == b"\x1a\x7e"
    peer.close()


def test_escpos_opens_the_drawer(thread: SimulatorThread, printer: PrinterSimulator) -> None:
    peer = network(printer)
    peer.cashdraw(2)
    peer.cut()
    printed_or_not = time.monotonic() + BOUND
    while not thread.call(lambda: list(printer.pulses)):
        assert time.monotonic() < printed_or_not, "no pulse came"
    assert printer.pulses[0].pin == 2
    assert "drawer_open" in printer.faults
    peer.close()


@pytest.mark.skipif(os.name == "nt", reason="this system has no pseudo-terminals")
def test_escpos_on_a_serial_line(thread: SimulatorThread) -> None:
    printer = thread.host(PrinterSimulator.pty())
    peer = Serial(printer.address.removeprefix("serial://"), 19200, timeout=0.5, profile="TM-T88III")
    peer.open()
    assert peer.query_status(RT_STATUS_ONLINE) == b"\x12"
    peer.textln("over the wire")
    peer.cut()
    assert "over the wire" in printed(thread, printer)
    peer.close()


# --- receiptio


@pytest.fixture(scope="session")
def receiptio() -> Path:
    """The client's program; installed once into a folder that later runs find again."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("receiptio needs node and npm, which are not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tillkeeper-tests"
    kept = cache / f"receiptio-{RECEIPTIO}"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            command = [
                npm,
                "install",
                "--no-fund",
                "--no-audit",
                "--fetch-retries=0",
                "--fetch-timeout=20000",
                "--prefix",
                folder,
                f"receiptio@{RECEIPTIO}",
            ]
            try:
                subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
            except subprocess.SubprocessError as error:
                pytest.skip(f"npm could not install receiptio: {error}")
            if not kept.exists():
                shutil.copytree(folder, kept, symlinks=True)
    return kept / "node_modules/receiptio/bin/cli.js"


def run_receiptio(
    program: Path, printer: ReceiptPrinter, tmp_path: Path, *options: str, markdown: str = ""
) -> str:
    """What receiptio says; it only knows port 9100, so it is told of another through a tiny preload."""
    host, port = printer.address.removeprefix("tcp://").split(":")
    preload = tmp_path / "port.js"
    preload.write_text(
        "const net = require('net'); const connect = net.Socket.prototype.connect;\n"
        "net.Socket.prototype.connect = function (to, ...rest) {\n"
        "  const arg = Array.isArray(to) ? to[0] : to;\n"
        f"  if (arg && arg.port === 9100) arg.port = {port};\n"
        f"  else if (to === 9100) to = {port};\n"
        "  return connect.call(this, to, ...rest);\n"
        "};\n"
    )
    source = tmp_path / "ticket.receipt"
    source.write_text(markdown)
    command = ["node", "--require", str(preload), str(program), "-d", host, *options]
    command += [] if "-q" in options else [str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout.strip() + done.stderr.strip()


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("", "online"),
        ("paper_low", "online"),
        ("cover_open", "coveropen"),
        ("paper_out", "paperempty"),
        ("cutter_jam", "error"),
        ("head_hot", "error"),
    ],
)
def test_receiptio_reads_the_state(
    receiptio: Path,
    thread: SimulatorThread,
    printer: PrinterSimulator,
    tmp_path: Path,
    fault: str,
    answer: str,
) -> None:
    if fault:
        thread.call(printer.set_fault, fault)
    assert run_receiptio(receiptio, printer, tmp_path, "-q") == answer


@pytest.mark.parametrize("maker", ["Simulated", "EPSON"])
def test_receiptio_prints(receiptio: Path, thread: SimulatorThread, tmp_path: Path, maker: str) -> None:
    printer = thread.host(PrinterSimulator.tcp(model=PrinterModel(maker=maker)))
    markdown = "^^^收银守护\n\n苹果 | 3.50\nPears | 12.00\n---\n{c:4901234567894; o:ean,48,2,hri}\n=\n"
    assert run_receiptio(receiptio, printer, tmp_path, "-l", "zh-hans", markdown=markdown) == "success"
    text = printed(thread, printer)
    for part in ("收银守护", "苹果", "3.50", "Pears", "12.00"):
        assert part in text
    assert [symbol.content for symbol in printer.papers[0].symbols()] == ["4901234567894"]


@pytest.mark.parametrize("simulator", [StarSimulator, StarPrntSimulator])
@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("", "online"),
        ("paper_low", "online"),
        ("cover_open", "coveropen"),
        ("paper_out", "paperempty"),
        ("cutter_jam", "error"),
        ("mark_missing", "error"),
    ],
)
def test_receiptio_reads_the_state_of_a_star_printer(
    receiptio: Path,
    thread: SimulatorThread,
    tmp_path: Path,
    simulator: type[StarSimulator],
    fault: str,
    answer: str,
) -> None:
    printer = thread.host(simulator.tcp())
    if fault:
        thread.call(printer.set_fault, fault)
    assert run_receiptio(receiptio, printer, tmp_path, "-q") == answer


@pytest.mark.parametrize("simulator", [StarSimulator, StarPrntSimulator])
def test_receiptio_finds_a_star_printer_out_and_prints(
    receiptio: Path, thread: SimulatorThread, tmp_path: Path, simulator: type[StarSimulator]
) -> None:
    printer = thread.host(simulator.tcp())
    markdown = "^^^收银守护\n\n苹果 | 3.50\nPears | 12.00\n---\n{c:4901234567894; o:ean,48,2,hri}\n=\n"
    assert run_receiptio(receiptio, printer, tmp_path, "-l", "zh-hans", markdown=markdown) == "success"
    text = printed(thread, printer)
    for part in ("收银守护", "苹果", "3.50", "Pears", "12.00"):
        assert part in text
    assert [symbol.content for symbol in printer.papers[0].symbols()] == ["4901234567894"]
    assert not printer.pulses
