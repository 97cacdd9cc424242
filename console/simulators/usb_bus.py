"""A USB bus without hardware: umockdev answers the real libusb of programs that run with its environment.

Run by the system's Python, which alone has `gi`; it therefore imports nothing of this program:

    umockdev-wrapper /usr/bin/python3 usb_bus.py SOCKET

The first line of its output is the environment (JSON) in which other programs see the bus. A device is
plugged in by connecting to SOCKET, and unplugged by hanging up; `usb.py` is that other side. Lines of JSON
go both ways: first the device's descriptors, then what it is to do; back comes what the host sent.
The bus ends with its standard input.

Numbers are those of linux/usbdevice_fs.h for 64-bit systems and of the USB 2.0 specification, chapter 9.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import struct
import sys
import threading
from collections import deque
from enum import IntEnum
from errno import EAGAIN, EBUSY, EINVAL, ENODATA, ENODEV, ENOENT, ENOTTY, EPIPE, ESHUTDOWN
from pathlib import Path
from typing import Any

try:
    import gi

    gi.require_version("UMockdev", "1.0")
    from gi.repository import UMockdev
except (ImportError, ValueError):
    sys.exit(1)  # whoever started this says what is missing


class Ask(IntEnum):
    """What a host's program asks of a device file: the numbers of its ioctls."""

    SET_INTERFACE = 4
    SET_CONFIGURATION = 5
    GET_DRIVER = 8
    SUBMIT = 10
    DISCARD = 11
    REAP = 12
    REAP_NOW = 13
    CLAIM = 15
    RELEASE = 16
    OF_DRIVER = 18
    RESET = 20
    CLEAR_HALT = 21
    DISCONNECT = 22
    CONNECT = 23
    CAPABILITIES = 26


URB_SIZE, STATUS_AT, BUFFER_AT, ACTUAL_AT = 56, 4, 16, 28
CONTROL_URB = 2
PACKET = 64  # bytes; full speed
REAP_SECONDS = 0.002  # a regular file always polls as ready, so libusb would spin while it waits


class Transfer:
    """One URB of the host."""

    def __init__(self, urb: Any) -> None:
        self.urb = urb
        self.address: int = urb.client_addr
        head = bytes(urb.retrieve())
        self.control = head[0] == CONTROL_URB
        self.endpoint = head[1]
        (self.size,) = struct.unpack_from("<i", head, 24)
        self.buffer: Any = urb.resolve(BUFFER_AT, self.size) if self.size else None
        self.done = 0  # bytes moved so far

    def sent(self) -> bytes:
        """What the host put into it."""
        return bytes(self.buffer.retrieve())[: self.size] if self.buffer else b""

    def put(self, data: bytes) -> None:
        """Hand `data` to the host, as far as there is room."""
        data = data[: self.size - self.done]
        if data:
            self.buffer.update(self.done, data)
            self.done += len(data)

    def finish(self, status: int) -> None:
        """Make it ready to be reaped with -`status` (errno)."""
        self.urb.update(STATUS_AT, struct.pack("<i", -status))
        self.urb.update(ACTUAL_AT, struct.pack("<i", self.done))


class Opening:
    """One file descriptor of a host's program."""

    def __init__(self) -> None:
        self.pending: list[Transfer] = []
        self.finished: deque[Transfer] = deque()
        self.reaping: Any = None  # the client whose ioctl waits for a finished transfer

    def end(self, transfer: Transfer, status: int = 0) -> None:
        """A transfer is over, well or with an errno; it can be reaped."""
        if transfer in self.pending:
            self.pending.remove(transfer)
        transfer.finish(status)
        self.finished.append(transfer)


class Device:
    """A printer or scanner; all of it under `lock`, because umockdev calls from a thread of its own."""

    def __init__(self, shape: dict[str, Any], line: socket.socket) -> None:
        self.shape = shape
        self.alternates: list[dict[str, int]] = shape["alternates"]
        self.line = line
        self.lock = threading.RLock()
        self.gone = False
        self.driver: bool = shape["driver"]
        self.claimed_by: Opening | None = None
        self.alternate = 0
        self.openings: dict[Any, Opening] = {}
        self.packets: deque[bytes] = deque()
        self.faults: set[str] = set(shape["faults"])
        self.report = bytes.fromhex(shape["report"])  # a HID device's descriptor; b"" for a printer
        self.redirected = 0  # what the host set by Honeywell's feature report 254
        self.node = Path()  # its device file, once plugged in
        self.paused = False
        self.status: int = shape["status"]
        self.pull_after: int | None = None  # bytes until the cable comes out

    # --- what the program that plugged it in says

    def obey(self, order: dict[str, Any]) -> None:
        """Carry out one line of it."""
        with self.lock:
            match order:
                case {"in": _} if self.shape["redirects"] and not self.redirected:
                    pass  # its codes go to the keyboard
                case {"in": data}:
                    self.packets += self._cut(bytes.fromhex(data))
                case {"pause": bool(on)}:
                    self.paused = on
                case {"fault": str(name), "on": on}:
                    (self.faults.add if on else self.faults.discard)(name)
                    self.node.chmod(0 if "denied" in self.faults else 0o666)
                case {"status": int(byte)}:
                    self.status = byte
                case {"pull_after": int(count)}:
                    self.pull_after = count
                case {"unplug": True}:
                    self.pull()
                case {"ask": "state"}:
                    held = self.claimed_by is not None
                    state = {"driver": self.driver, "claimed": held, "alternate": self.alternate}
                    self.tell(state=state | {"redirected": self.redirected})
            self._move()

    def _cut(self, data: bytes) -> list[bytes]:
        size = 1 if "split" in self.faults else PACKET
        return [data[at : at + size] for at in range(0, len(data), size)]

    def tell(self, **what: Any) -> None:
        """Say something to it."""
        with contextlib.suppress(OSError):
            self.line.sendall(json.dumps(what).encode() + b"\n")

    def pull(self) -> None:
        """The cable comes out: transfers under way end, everything else fails."""
        with self.lock:
            if self.gone:
                return
            self.gone = True
            for opening in self.openings.values():
                for transfer in list(opening.pending):
                    opening.end(transfer, ESHUTDOWN)
                self._reap(opening)
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RD)  # whoever serves it takes it off the bus, then hangs up

    # --- what the host asks

    def asked(self, _: Any, client: Any) -> bool:
        """One ioctl."""
        with self.lock:
            opening = self.openings.setdefault(client, Opening())
            answer = self._answer(client.get_request() & 0xFF, client.get_arg(), opening, client)
            if answer is not None:
                client.complete(*((0, 0) if answer == 0 else (-1, answer) if answer > 0 else (1, 0)))
        return True

    def left(self, _: Any, client: Any) -> None:
        """The program closed its file."""
        with self.lock:
            if (opening := self.openings.pop(client, None)) and opening is self.claimed_by:
                self.claimed_by = None

    def _answer(self, number: int, arg: Any, opening: Opening, client: Any) -> int | None:
        """0, an errno, -1 for a result of 1, or None for an answer that comes later."""
        if number in {Ask.REAP, Ask.REAP_NOW}:
            opening.reaping = client
            if opening.finished or self.gone:
                self._reap(opening)
            else:
                threading.Timer(REAP_SECONDS, self._reap, [opening]).start()
            return None
        if self.gone:
            return ENODEV
        match number:
            case Ask.CAPABILITIES:
                arg.resolve(0, 4).update(0, struct.pack("<I", 0))
            case Ask.GET_DRIVER:
                system = b"usbhid" if self.report else b"usblp"
                name = system if self.driver else b"usbfs" if self.claimed_by else b""
                if not name:
                    return ENODATA
                arg.resolve(0, 260).update(4, name + b"\0")
            case Ask.OF_DRIVER:
                return self._driver(
                    struct.unpack_from("<i", bytes(arg.resolve(0, 16).retrieve()), 4)[0] & 0xFF
                )
            case Ask.CLAIM:
                if self.driver or "held" in self.faults or self.claimed_by not in {None, opening}:
                    return EBUSY
                self.claimed_by = opening
            case Ask.RELEASE:
                self.claimed_by = None if self.claimed_by is opening else self.claimed_by
            case Ask.SET_INTERFACE:
                self.alternate = struct.unpack_from("<I", bytes(arg.resolve(0, 8).retrieve()), 4)[0]
            case Ask.CLEAR_HALT:
                self.faults.discard("halt")
            case Ask.SET_CONFIGURATION | Ask.RESET:
                pass
            case Ask.SUBMIT:
                return self._submit(Transfer(arg.resolve(0, URB_SIZE)), opening)
            case Ask.DISCARD:
                return self._discard(arg.resolve(0, URB_SIZE).client_addr, opening)
            case _:
                return ENOTTY
        return 0

    def _driver(self, order: int) -> int:
        if order == Ask.DISCONNECT:
            if not self.driver:
                return ENODATA
            self.driver = False
            return 0
        self.driver = bool(self.shape["driver"])
        return -1

    def _submit(self, transfer: Transfer, opening: Opening) -> int:
        if transfer.control:
            opening.end(transfer, self._control(transfer))
        elif self.faults & {"stall", "halt"}:
            opening.end(transfer, EPIPE)
        else:
            opening.pending.append(transfer)
        self._move()
        return 0

    def _discard(self, address: int, opening: Opening) -> int:
        for transfer in opening.pending:
            if transfer.address == address:
                opening.end(transfer, ENOENT)
                return 0
        return EINVAL

    def _reap(self, opening: Opening) -> None:
        with self.lock:
            client, opening.reaping = opening.reaping, None
            if client is None:
                return
            if opening.finished:
                client.get_arg().resolve(0, 8).set_ptr(0, opening.finished.popleft().urb)
                client.complete(0, 0)
            else:
                client.complete(-1, ENODEV if self.gone else EAGAIN)

    def _move(self) -> None:
        """Bytes flow as far as both sides are ready."""
        for opening in self.openings.values():
            for transfer in list(opening.pending):
                ended = self._in(transfer) if transfer.endpoint & 0x80 else self._out(transfer)
                if self.gone:  # pulled out by what was sent: all transfers have ended
                    return
                if ended:
                    opening.end(transfer)
            if opening.finished:
                self._reap(opening)

    def _in(self, transfer: Transfer) -> bool:
        """A transfer ends with a short packet or when it is full."""
        while self.packets and transfer.done < transfer.size:
            packet = self.packets.popleft()
            transfer.put(packet)
            if len(packet) < PACKET:
                return True
        return bool(transfer.done >= transfer.size)

    def _out(self, transfer: Transfer) -> bool:
        if self.paused or "nak" in self.faults:
            return False
        data = transfer.sent()
        if self.pull_after is not None and self.pull_after <= len(data):
            data = data[: self.pull_after]
            transfer.done = len(data)
            self.tell(out=data.hex())
            self.pull()
            return False
        if self.pull_after is not None:
            self.pull_after -= len(data)
        self.tell(out=data.hex())
        transfer.done = transfer.size
        return True

    def _control(self, transfer: Transfer) -> int:
        kind, request, value, _, length = struct.unpack("<BBHHH", transfer.sent()[:8])
        answer: bytes | None = None
        if (kind, request) == (0x80, 6) and value >> 8 == 3:
            answer = self._string(value & 0xFF)
        elif (kind, request) == (0xA1, 0) and self.shape["device_id"] is not None:
            text = self.shape["device_id"].encode("latin-1")
            answer = struct.pack(">H", len(text) + 2) + text
        elif self.report:
            answer = self._hid(kind, request, value, transfer.sent()[8 : 8 + length])
        elif (kind, request) == (0xA1, 1) and self.status >= 0:
            answer = bytes([self.status])
        if answer is None:
            return EPIPE  # a device stalls what it does not know
        transfer.done = 8
        transfer.put(answer[:length])
        transfer.done -= 8
        return 0

    def _hid(self, kind: int, request: int, value: int, sent: bytes) -> bytes | None:
        """HID 1.11: Get_Descriptor (7.1) of the report descriptor, Get_Report and Set_Report (7.2) of 254."""
        if (kind, request, value) == (0x81, 6, 0x2200):
            return self.report
        if value != 0x03FE or not self.shape["redirects"]:
            return None
        if (kind, request) == (0xA1, 1):
            return bytes([254, self.redirected])
        if (kind, request) == (0x21, 9) and len(sent) == 2:
            self.redirected = sent[1]
            return b""
        return None

    def _string(self, number: int) -> bytes | None:
        if number == 0:
            return b"\x04\x03\x09\x04"  # English
        name = {1: "maker", 2: "model", 3: "serial"}.get(number, "")
        if not (text := str(self.shape.get(name) or "")):
            return None
        data = text.encode("utf-16-le")
        return bytes([len(data) + 2, 3]) + data


def descriptors(shape: dict[str, Any]) -> bytes:
    """Device and configuration descriptor; one interface with its alternate settings."""
    body = b""
    for number, alternate in enumerate(shape["alternates"]):
        ends = [address for address in (alternate["out_end"], alternate["in_end"]) if address]
        body += bytes(
            [9, 4, 0, number, len(ends), *(alternate[key] for key in ("kind", "sub", "protocol")), 0]
        )
        if alternate["kind"] == 3:  # HID 1.11, 6.2.1
            body += struct.pack("<BBHBBBH", 9, 0x21, 0x111, 0, 1, 0x22, len(shape["report"]) // 2)
        for address in ends:
            interrupt = alternate["kind"] == 3
            body += bytes([7, 5, address, 3 if interrupt else 2, PACKET, 0, 10 if interrupt else 0])
    device = struct.pack(
        "<BBHBBBBHHHBBBB",
        18, 1, 0x200, 0, 0, 0, PACKET, shape["vendor"], shape["product"], 0x100,
        1, 2, 3 if shape["serial"] else 0, 1,
    )  # fmt: skip
    return device + struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 1, 1, 0, 0xC0, 1) + body


class Bus:
    """The testbed with its devices, each in a socket of its own number."""

    def __init__(self) -> None:
        self.bed = UMockdev.Testbed.new()
        self.root = Path(self.bed.get_root_dir())
        self.root.chmod(0o755)
        (self.root / "sys/bus/usb/devices").mkdir(parents=True, exist_ok=True)
        (self.root / "dev/bus/usb").mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()
        self.numbers = 1  # device numbers given out
        self.ports: set[int] = set()

    def serve(self, line: socket.socket) -> None:
        """A device from its first line to its last."""
        with line, line.makefile("rb") as lines:
            device = Device(json.loads(lines.readline()), line)
            with self.lock:
                self.numbers += 1
                port = next(n for n in range(1, 100) if n not in self.ports)
                self.ports.add(port)
                node = f"/dev/bus/usb/001/{self.numbers:03}"
                place = self.plug(device, port, self.numbers, node)
            device.tell(plugged=f"1-{port}")
            with contextlib.suppress(OSError, ValueError):
                for each in lines:
                    device.obey(json.loads(each))
            with self.lock:
                device.pull()
                self.unplug(place, node)
                self.ports.discard(port)

    def plug(self, device: Device, port: int, number: int, node: str) -> str:
        """Make it appear; returns its place in sysfs."""
        path = f"/devices/pci0000:00/0000:00:14.0/usb1/1-{port}"
        text = descriptors(device.shape).hex().upper()
        facts = {
            "BUSNUM": "001", "DEVNAME": node, "DEVNUM": f"{number:03}", "DEVTYPE": "usb_device",
            "DRIVER": "usb", "MAJOR": "189", "MINOR": str(number - 1), "SUBSYSTEM": "usb",
            "PRODUCT": f"{device.shape['vendor']:x}/{device.shape['product']:x}/100",
        }  # fmt: skip
        attributes = {
            "bConfigurationValue": "1", "bDeviceClass": "00", "bNumConfigurations": "1",
            "bNumInterfaces": " 1", "busnum": "1", "devnum": str(number), "speed": "12",
            "idVendor": f"{device.shape['vendor']:04x}", "idProduct": f"{device.shape['product']:04x}",
        }  # fmt: skip
        lines = (
            f"P: {path}",
            f"N: {node.removeprefix('/dev/')}={text}",
            *(f"E: {key}={value}" for key, value in facts.items()),
            *(f"A: {key}={value}\\n" for key, value in attributes.items()),
            f"H: descriptors={text}",
        )
        base = UMockdev.IoctlBase.new()
        base.connect("handle-ioctl", device.asked)
        base.connect("client-vanished", device.left)
        self.bed.add_from_string("\n".join(lines) + "\n\n")
        self.bed.attach_ioctl(node, base)
        for door in (self.root / "ioctl").rglob("*"):  # none refuses but the device file
            door.chmod(0o777)
        device.node = self.root / node.removeprefix("/")
        device.node.chmod(0 if "denied" in device.faults else 0o666)
        place = f"/sys{path}"
        if device.report:  # as usbhid makes it known
            interface = self.root / f"sys/bus/usb/devices/1-{port}:1.0" / "0003:0000:0000.0001"
            interface.mkdir(parents=True)
            (interface / "report_descriptor").write_bytes(device.report)
        self.bed.uevent(place, "add")
        return place

    def unplug(self, place: str, node: str) -> None:
        """Make it disappear."""
        self.bed.uevent(place, "remove")
        shutil.rmtree(self.root / f"sys/bus/usb/devices/{place.rsplit('/', 1)[-1]}:1.0", ignore_errors=True)
        self.bed.detach_ioctl(node)
        self.bed.remove_device(place)


def main() -> None:
    """Serve until standard input ends."""
    bus = Bus()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen()
    environment = {"LD_PRELOAD": "libumockdev-preload.so.0", "UMOCKDEV_DIR": str(bus.root)}
    sys.stdout.write(json.dumps(environment) + "\n")
    sys.stdout.flush()

    def accept() -> None:
        while True:
            line, _ = listener.accept()
            threading.Thread(target=bus.serve, args=[line], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()
    shutil.rmtree(bus.root, ignore_errors=True)
    os._exit(0)  # its threads wait for devices


if __name__ == "__main__":
    main()
