"""The simulated printer over a real socket, held to the manual: given bytes, expect answers and paper."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial

from console.domain.errors import BadInput
from console.simulators.faults import PRINTER
from console.simulators.printer import PrinterModel, PrinterSimulator, Pulse
from tests.waiting import until

BOUND = 20.0  # seconds: far above what anything here takes
SILENCE = 0.15  # seconds after which "no answer" is believed
STATUS = {
    "paper_out": "1a 32 12 7e",
    "paper_low": "12 12 12 1e",
    "cover_open": "1a 16 12 12",
    "cutter_jam": "1a 52 1a 12",
    "head_hot": "1a 52 52 12",
    "mechanical": "1a 52 16 12",
    "unrecoverable": "1a 52 32 12",
    "offline": "1a 12 12 12",
    "waiting": "3a 12 12 12",
    "feed_pressed": "5a 1a 12 12",
    "drawer_open": "16 12 12 12",
}
ASK = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
PROOF = b"\x1d(H\x06\x0000"


class Client:
    """A bare TCP client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def of(cls, printer: PrinterSimulator) -> "Client":
        host, port = printer.address.removeprefix("tcp://").split(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def read(self, count: int) -> bytes:
        return await asyncio.wait_for(self.reader.readexactly(count), BOUND)

    async def ask(self, data: bytes, count: int) -> bytes:
        self.send(data)
        return await self.read(count)

    async def silent(self) -> bool:
        try:
            return not await asyncio.wait_for(self.reader.read(1), SILENCE)
        except TimeoutError:
            return True

    async def close(self) -> None:
        self.writer.close()
        await asyncio.wait_for(self.writer.wait_closed(), BOUND)


@pytest.fixture
async def printer() -> AsyncIterator[PrinterSimulator]:
    model = PrinterModel(
        counters={148: 1000, 178: 40, 198: 7},
        buffer_size=4096,
        reply_delay_slow=0.2,
        reply_delay_late=0.4,
        self_test=0.05,
    )
    async with PrinterSimulator.tcp(model=model) as printer:
        yield printer


@pytest.fixture
async def client(printer: PrinterSimulator) -> AsyncIterator[Client]:
    client = await Client.of(printer)
    yield client
    client.writer.close()


# --- realtime commands


@pytest.mark.parametrize("fault", STATUS)
async def test_realtime_status(printer: PrinterSimulator, client: Client, fault: str) -> None:
    assert await client.ask(ASK, 4) == bytes.fromhex("12 12 12 12")
    printer.set_fault(fault)
    assert await client.ask(ASK, 4) == bytes.fromhex(STATUS[fault])
    printer.set_fault(fault, False)
    assert await client.ask(ASK, 4) == bytes.fromhex("12 12 12 12")


async def test_realtime_commands_inside_a_picture_are_carried_out_and_printed(
    printer: PrinterSimulator, client: Client
) -> None:
    dots = b"\x10\x04\x01" + b"\x10\x14\x01\x00\x02" + b"\xff" * 8
    answer = await client.ask(b"\x1dv0\0\x10\x00\x01\x00" + dots + PROOF + b"DONE", 8)
    assert answer == b"\x12" + b"7\x22DONE\0"
    assert list(printer.pulses) == [Pulse(2, 200)]
    (line,) = printer.ticket.lines
    assert line.items[0].rows == dots  # type: ignore[union-attr]


async def test_the_drawer_opens_at_once_while_the_printer_is_off_line(
    printer: PrinterSimulator, client: Client
) -> None:
    printer.set_fault("paper_out")
    assert await client.ask(b"\x1bp\x00\x32\x32waits\n\x10\x14\x01\x01\x03\x10\x04\x01", 1) == b"\x1e"
    assert list(printer.pulses) == [Pulse(5, 300)]
    printer.set_fault("paper_out", False)
    await until(lambda: len(printer.pulses) == 2)
    assert printer.pulses[1] == Pulse(2, 100)


async def test_a_stuck_drawer_stays_shut(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("drawer_stuck")
    assert await client.ask(b"\x10\x14\x01\x00\x01\x10\x04\x01", 1) == b"\x12"
    assert len(printer.pulses) == 1


async def test_a_disabled_realtime_pulse_does_nothing(printer: PrinterSimulator, client: Client) -> None:
    await client.ask(b"\x1d(D\x03\x00\x14\x01\x00" + PROOF + b"0000", 7)
    assert await client.ask(b"\x10\x14\x01\x00\x01\x10\x04\x01", 1) == b"\x12"
    assert not printer.pulses


async def test_clearing_the_buffers_loses_what_waits(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("cutter_jam")
    client.send(b"lost\n\x10\x05\x02kept\n")
    await until(lambda: printer.waiting == 5)
    printer.set_fault("cutter_jam", False)
    await until(lambda: printer.text())
    assert printer.text() == "kept\n"
    printer.set_fault("offline")
    assert await client.ask(b"lost\n\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", 3) == b"\x37\x25\x00"
    assert printer.waiting == 0


async def test_an_answer_takes_under_two_milliseconds(client: Client) -> None:
    times = []
    for _ in range(50):
        begun = time.perf_counter()
        await client.ask(b"\x10\x04\x01", 1)
        times.append(time.perf_counter() - begun)
    assert sorted(times)[25] < 0.002


async def test_a_busy_printer_still_answers_at_once(printer: PrinterSimulator, client: Client) -> None:
    client.send((b"x" * 48 + b"\n") * 60)
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        client.send((b"x" * 48 + b"\n") * 10)
        await client.ask(b"\x10\x04\x01", 1)
        times.append(time.perf_counter() - begun)
    assert sorted(times)[10] < 0.25  # printing what waits takes many times that


# --- queued questions


async def test_identity_counters_and_queued_status(printer: PrinterSimulator, client: Client) -> None:
    assert await client.ask(b"\x1dI\x01\x1dI\x02\x1dI\x03", 3) == b"\x20\x03\x01"
    texts = b"_1.00\0_Simulated\0_SP-80\0_SP80000001\0_CHINA GB18030\0"
    assert await client.ask(b"".join(b"\x1dI%c" % n for n in range(65, 70)), len(texts)) == texts
    assert await client.ask(b"\x1dr\x01\x1dr\x02\x1dr\x04", 3) == b"\0\0\0"
    client.send(b"\x1dI\x05\x1dI\xff\x1dg2\0\x63\x00\x1dr\x07")
    assert await client.silent()
    assert await client.ask(b"\x1dg2\0\xc6\0", 3) == b"_7\0"
    assert await client.ask(b"a\nb\n\x1dV\0" + b"\x1dg2\0\x14\0" + b"\x1dg2\0\x94\0", 9) == b"_2\x00_1002\x00"
    assert await client.ask(b"\x1dg2\0\xb2\0\x1dg2\0\x32\0", 7) == b"_41\x00_1\x00"
    assert printer.counter(21) == 48
    assert await client.ask(b"\x1dg0\0\x14\0\x1dg2\0\x14\0\x1dg2\0\x94\0", 9) == b"_0\x00_1002\x00"


async def test_queued_questions_wait_while_the_printer_is_off_line(
    printer: PrinterSimulator, client: Client
) -> None:
    printer.set_fault("cover_open")
    client.send(b"\x1dr\x01\x1dI\x01")
    assert await client.silent()
    printer.set_fault("cover_open", False)
    assert await client.read(2) == b"\x00\x20"


@pytest.mark.parametrize(
    "fault", ["paper_out", "cover_open", "cutter_jam", "head_hot", "offline", "unrecoverable"]
)
async def test_the_process_id_proves_that_it_was_printed(
    printer: PrinterSimulator, client: Client, fault: str
) -> None:
    assert await client.ask(b"first\n" + PROOF + b"0001", 7) == b"7\x220001\0"
    assert printer.text() == "first\n"
    printer.set_fault(fault)
    client.send(b"second\n" + PROOF + b"0002")
    assert await client.silent()
    assert printer.text() == "first\n"
    printer.set_fault(fault, False)
    assert await client.read(7) == b"7\x220002\0"
    assert printer.text() == "first\nsecond\n"


async def test_dle_enq_goes_on_from_the_line_of_the_error_or_from_nothing(
    printer: PrinterSimulator, client: Client
) -> None:
    client.send(b"total 5.00\n")
    await until(lambda: printer.text() == "total 5.00\n")
    printer.set_fault("cutter_stopped")
    client.send(b"thanks\n\x10\x05\x00")
    assert await client.ask(b"\x10\x04\x03", 1) == b"\x1a"  # 0 is not for errors
    client.send(b"\x10\x05\x01")
    await until(lambda: printer.text() == "total 5.00\ntotal 5.00\nthanks\n")
    printer.set_fault("cutter_stopped")
    client.send(b"never\n\x10\x05\x02")
    assert await client.ask(b"\x10\x04\x03" + b"again\n" + PROOF + b"0003", 8) == b"\x127\x220003\0"
    assert printer.text().endswith("thanks\nagain\n")


async def test_what_waits_for_the_cutter_is_ended_by_the_cover_too(printer: PrinterSimulator) -> None:
    printer.set_fault("cutter_stopped")
    printer.set_fault("cover_open")
    assert "cutter_stopped" in printer.faults
    printer.set_fault("cover_open", False)
    assert printer.faults == frozenset()


async def test_the_wait_after_a_paper_end_is_ended_only_with_paper_in(
    printer: PrinterSimulator, client: Client
) -> None:
    printer.set_fault("waiting")
    printer.set_fault("paper_out")
    assert await client.ask(b"\x10\x05\x00\x10\x04\x01", 1) == b"\x3a"
    printer.set_fault("paper_out", False)
    assert await client.ask(b"\x10\x05\x00\x10\x04\x01", 1) == b"\x12"


async def test_the_process_id_of_a_begun_line_comes_when_the_line_is_printed(client: Client) -> None:
    client.send(b"not yet" + PROOF + b"LINE")
    assert await client.silent()
    assert await client.ask(b"\n", 7) == b"7\x22LINE\0"
    client.send(b"\x1bLon a page\n" + PROOF + b"PAGE")
    assert await client.silent()
    assert await client.ask(b"\x0c", 7) == b"7\x22PAGE\0"


async def test_the_built_in_test_is_silent_until_it_is_over(
    printer: PrinterSimulator, client: Client
) -> None:
    client.send(b"\x1d(A\x02\x00\x00\x02")
    await until(lambda: printer.papers)
    client.send(b"\x10\x04\x01")
    assert await client.ask(b"\x1dr\x01", 1) == b"\0"
    assert "SELF TEST" in printer.papers[0].text


# --- automatic status


async def test_automatic_status_comes_at_once_and_at_each_change_of_its_class(
    printer: PrinterSimulator, client: Client
) -> None:
    assert await client.ask(b"\x1da\xff", 4) == bytes.fromhex("1000000f")
    printer.set_fault("cover_open")
    assert await client.read(4) == bytes.fromhex("3800000f")
    printer.set_fault("paper_out")
    assert await client.read(4) == bytes.fromhex("38000f0f")
    printer.clear_faults()
    assert (await client.read(8))[4:] == bytes.fromhex("1000000f")
    assert await client.ask(b"\x1da\x08", 4) == bytes.fromhex("1000000f")
    printer.set_fault("drawer_open")
    printer.set_fault("paper_low")
    assert await client.read(4) == bytes.fromhex("1400030f")
    client.send(b"\x1da\x00")
    await until(lambda: printer.commands.count("GS a") == 3)
    printer.clear_faults()
    assert await client.silent()


async def test_the_feed_button_is_seen_and_released(printer: PrinterSimulator, client: Client) -> None:
    await client.ask(b"\x1da\x40", 4)
    printer.press_feed(0.01)
    assert await client.read(8) == bytes.fromhex("5802000f 1000000f")
    assert len(printer.ticket.lines) == 1


# --- the connection


async def test_one_client_at_a_time(printer: PrinterSimulator, client: Client) -> None:
    await client.ask(b"\x10\x04\x01", 1)
    second = await Client.of(printer)
    second.send(b"\x10\x04\x01")
    assert await second.silent()
    await client.close()
    assert await second.read(1) == b"\x12"
    await second.close()


async def test_a_client_that_leaves_at_once_still_gets_its_ticket(printer: PrinterSimulator) -> None:
    printer.set_fault("paper_out")
    hasty = await Client.of(printer)
    hasty.send(b"hasty\n\x1dV\0" + b"\x1dv0\0\xff\xff\xff\xffcut short")
    await hasty.close()
    asking = await Client.of(printer)
    assert await asking.ask(b"\x10\x04\x04", 1) == b"\x7e"
    printer.set_fault("paper_out", False)
    assert await asking.ask(b"next\n" + PROOF + b"NEXT", 7) == b"7\x22NEXT\0"
    assert [ticket.text for ticket in (*printer.papers, printer.ticket)] == ["hasty\n", "next\n"]
    await asking.close()


async def test_the_next_client_hears_nothing_that_it_did_not_ask_for(printer: PrinterSimulator) -> None:
    printer.set_fault("paper_out")
    first = await Client.of(printer)
    await first.ask(b"\x10\x04\x01", 1)
    first.send(b"x\n" + PROOF + b"GONE")
    await until(lambda: printer.waiting)
    await first.close()
    second = await Client.of(printer)
    printer.set_fault("paper_out", False)
    await until(lambda: printer.text() == "x\n")
    assert await second.silent()
    await second.close()


async def test_a_full_buffer_makes_the_sender_wait(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("paper_out")
    line = b"x" * 47 + b"\n"
    sending = asyncio.create_task(_send_all(client, line * 400_000 + PROOF + b"LAST"))
    await until(lambda: printer.waiting > 4096)
    held = printer.waiting
    assert held < 1024 * 1024
    assert not sending.done()
    printer.set_fault("paper_out", False)
    await until(lambda: printer.waiting != held)
    sending.cancel()


async def _send_all(client: Client, data: bytes) -> None:
    client.send(data)
    await client.writer.drain()


async def test_everything_arrives_after_the_sender_had_to_wait(
    printer: PrinterSimulator, client: Client
) -> None:
    printer.set_fault("paper_out")
    client.send(b"line\n" * 20_000 + PROOF + b"LAST")
    await until(lambda: printer.waiting > 4096)
    printer.set_fault("paper_out", False)
    assert await client.read(7) == b"7\x22LAST\0"
    assert printer.counter(20) == 20_000


async def test_a_pulled_plug_and_back_again(printer: PrinterSimulator, client: Client) -> None:
    await client.ask(b"\x10\x04\x01", 1)
    address = printer.address
    await printer.unplug()
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await client.read(1)
    with pytest.raises(ConnectionRefusedError):
        await Client.of(printer)
    await printer.plug_in()
    assert printer.address == address
    again = await Client.of(printer)
    assert await again.ask(b"\x10\x04\x01", 1) == b"\x12"
    await again.close()


# --- faults of the answers


async def test_mute_does_nothing_until_it_is_cured(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("mute")
    client.send(ASK + b"\x1dr\x01text\n")
    assert await client.silent()
    assert printer.text() == ""
    printer.set_fault("mute", False)
    assert await client.read(1) == b"\0"
    await until(lambda: printer.text() == "text\n")


async def test_write_only_prints_and_answers_nothing(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("write_only")
    client.send(ASK + b"\x1da\xff\x1dI\x42text\n" + PROOF + b"0001")
    assert await client.silent()
    assert printer.text() == "text\n"


@pytest.mark.parametrize(("fault", "least"), [("slow", 0.2), ("late_reply", 0.4)])
async def test_late_answers(printer: PrinterSimulator, client: Client, fault: str, least: float) -> None:
    printer.set_fault(fault)
    begun = time.monotonic()
    assert await client.ask(b"\x10\x04\x01", 1) == b"\x12"
    assert time.monotonic() - begun >= least - 0.01


async def test_slow_prints_slowly(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("slow")
    begun = time.monotonic()
    client.send(b"x" * 127 + b"\n")
    await until(lambda: printer.counter(20) == 3)
    assert time.monotonic() - begun >= 0.14


async def test_garbage_is_never_a_status(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("garbage")
    noise = b""
    while len(noise) < 300:
        noise += await client.ask(b"\x10\x04\x01", 1) + await asyncio.wait_for(client.reader.read(64), BOUND)
        client.send(b"\x10\x04\x04")
    assert not [byte for byte in noise if byte & 0x93 in {0x10, 0x12}]
    assert len(set(noise)) > 50


async def test_half_replies(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("half_reply")
    assert await client.ask(b"\x10\x04\x01", 1) == b"\x02"
    assert await client.ask(b"\x1da\xff", 2) == b"\x10\x00"
    assert await client.ask(b"\x1dI\x42", 5) == b"_Simu"
    assert await client.silent()


async def test_a_dropped_connection_ends_in_mid_job(printer: PrinterSimulator, client: Client) -> None:
    printer.set_fault("drop_connection")
    client.send(b"a\nb\nc\nd\n")
    assert await asyncio.wait_for(client.reader.read(), BOUND) == b""
    await until(lambda: printer.text() == "a\nb\n")
    printer.set_fault("drop_connection", False)
    again = await Client.of(printer)
    assert await again.ask(b"\x10\x04\x01", 1) == b"\x12"
    await again.close()


async def test_every_fault_can_be_switched_on_and_off_again(
    printer: PrinterSimulator, client: Client
) -> None:
    for fault in PRINTER:
        printer.set_fault(fault)
    assert printer.faults == set(PRINTER)
    printer.clear_faults()
    assert await client.ask(ASK, 4) == b"\x12" * 4


def test_an_unknown_fault_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r'no fault "papr_out"\. Nearest: paper_out'):
        PrinterSimulator.tcp().set_fault("papr_out")


# --- the pseudo-terminal


async def test_a_serial_printer_outlives_its_clients_and_its_plug() -> None:
    async with PrinterSimulator.pty() as printer:
        path = printer.address.removeprefix("serial://")
        for _ in range(2):
            assert await asyncio.to_thread(_serial_status, path) == b"\x12"
        await asyncio.to_thread(_serial_print, path, "串口\n".encode("gb18030"))
        await until(lambda: printer.text() == "串口\n")

        port = await asyncio.to_thread(serial.Serial, path, timeout=BOUND)
        await printer.unplug()
        assert not await asyncio.to_thread(Path(path).is_symlink)
        with pytest.raises((serial.SerialException, OSError)):
            await asyncio.to_thread(_must_read, port)
        port.close()
        await printer.plug_in()
        assert await asyncio.to_thread(_serial_status, path) == b"\x12"
        folder = Path(path).parent
    assert not folder.exists()


async def test_a_serial_printer_behind_a_name_of_choice(tmp_path: Path) -> None:
    link = tmp_path / "printer"
    async with PrinterSimulator.pty(link) as printer:
        assert printer.address == f"serial://{link}"
        assert await asyncio.to_thread(_serial_status, str(link)) == b"\x12"
    assert not link.is_symlink()


def _serial_status(path: str) -> bytes:
    with serial.Serial(path, 19200, timeout=BOUND) as port:
        port.write(b"\x10\x04\x01")
        return port.read(1)


def _serial_print(path: str, data: bytes) -> None:
    with serial.Serial(path, 19200, timeout=BOUND) as port:
        port.write(b"\x1c&" + data + b"\x1c.")


def _must_read(port: serial.Serial) -> None:
    if not port.read(1):
        raise OSError("the port is gone")
