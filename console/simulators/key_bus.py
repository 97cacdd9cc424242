"""Keyboards without hardware: umockdev shows them in sysfs, and their files to programs with its environment.

Run by the system's Python, which alone has `gi`; it therefore imports nothing of this program:

    umockdev-wrapper /usr/bin/python3 key_bus.py SOCKET

It speaks as `usb_bus.py` does: the first line of its output is the environment, a keyboard is plugged in by
connecting to SOCKET, and lines of JSON go both ways. What a keyboard's file gives is a pseudo-terminal's
other end; what is asked of it (linux/input.h) is answered here.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sys
import threading
from errno import EBUSY, EINVAL, ENOTTY
from pathlib import Path
from typing import Any

try:
    import gi

    gi.require_version("UMockdev", "1.0")
    from gi.repository import UMockdev
except (ImportError, ValueError):
    sys.exit(1)  # whoever started this says what is missing

GET_KEYS, GET_LEDS, HAS_LEDS, GRAB = 0x18, 0x19, 0x31, 0x90
# The keys of a usual keyboard, as sysfs tells them.
KEYS = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"


class Keyboard:
    """One keyboard; all of it under `lock`, because umockdev calls from a thread of its own."""

    def __init__(self, shape: dict[str, Any], line: socket.socket) -> None:
        self.shape = shape
        self.line = line
        self.lock = threading.RLock()
        self.faults: set[str] = set(shape["faults"])
        self.down: set[int] = set()
        self.leds: int = shape["leds"]
        self.openings: set[Any] = set()
        self.grabbed_by: Any = None
        self.master = -1  # the pseudo-terminal's end that types
        self.node = Path()

    def obey(self, order: dict[str, Any]) -> None:
        """Carry out one line of whoever plugged it in."""
        with self.lock:
            match order:
                case {"type": data}:
                    self.forget()
                    if self.openings:  # what nobody has open keeps nothing
                        with contextlib.suppress(BlockingIOError):  # nobody reads
                            os.write(self.master, bytes.fromhex(data))
                case {"down": codes}:
                    self.down = set(codes)
                case {"leds": int(bits)}:
                    self.leds = bits
                case {"fault": str(name), "on": on}:
                    (self.faults.add if on else self.faults.discard)(name)
                    self.node.chmod(0 if "denied" in self.faults else 0o666)
                case {"unplug": True}:
                    self.line.shutdown(socket.SHUT_RD)
                case {"ask": "state"}:
                    self.forget()
                    self.tell(state={"open": len(self.openings), "grabbed": self.grabbed_by is not None})

    def tell(self, **what: Any) -> None:
        """Say something to it."""
        with contextlib.suppress(OSError):
            self.line.sendall(json.dumps(what).encode() + b"\n")

    def came(self, _: Any, client: Any) -> None:
        """A program opened its file."""
        with self.lock:
            self.openings.add(client)

    def forget(self) -> None:
        """Whoever closed the file, or ended in any other way, has nothing for itself any more."""
        self.openings = {each for each in self.openings if each.props.connected}
        if self.grabbed_by not in self.openings:
            self.grabbed_by = None

    def asked(self, _: Any, client: Any) -> bool:
        """One ioctl."""
        with self.lock:
            number = client.get_request()
            size = number >> 16 & 0x3FFF
            match number & 0xFF:
                case 0x18:
                    answer = sum(1 << code for code in self.down).to_bytes(size, "little")
                case 0x19:
                    answer = self.leds.to_bytes(size, "little")
                case 0x31:
                    answer = (0b11).to_bytes(size, "little")
                case 0x90:
                    error = self.grab(client)
                    client.complete(-1 if error else 0, error)
                    return True
                case _:
                    client.complete(-1, ENOTTY)
                    return True
            client.get_arg().resolve(0, size).update(0, answer)
            client.complete(size, 0)
        return True

    def grab(self, client: Any) -> int:
        """0, or the errno of evdev_grab()."""
        self.forget()
        if "held" in self.faults or self.grabbed_by not in {None, client}:
            return EBUSY
        if self.grabbed_by is client:
            return EINVAL
        self.grabbed_by = client
        return 0


class Bus:
    """The testbed with its keyboards."""

    def __init__(self) -> None:
        self.bed = UMockdev.Testbed.new()
        self.root = Path(self.bed.get_root_dir())
        self.root.chmod(0o755)
        (self.root / "sys/class/input").mkdir(parents=True, exist_ok=True)
        (self.root / "dev/input").mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()
        self.numbers = 0

    def serve(self, line: socket.socket) -> None:
        """A keyboard from its first line to its last."""
        with line, line.makefile("rb") as lines:
            keyboard = Keyboard(json.loads(lines.readline()), line)
            with self.lock:
                self.numbers += 1
                place, node = self.plug(keyboard, self.numbers)
            keyboard.tell(plugged=node)
            with contextlib.suppress(OSError, ValueError):
                for each in lines:
                    keyboard.obey(json.loads(each))
            with self.lock:
                self.unplug(keyboard, place, node)

    def plug(self, keyboard: Keyboard, number: int) -> tuple[str, str]:
        """Make it appear; its place in sysfs and its file."""
        shape = keyboard.shape
        port = shape["port"] or number
        parent = f"/devices/pci0000:00/0000:00:14.0/usb1/1-{port}/1-{port}:1.0/input/input{number}"
        path, node = f"{parent}/event{number}", f"/dev/input/event{number}"
        attributes = {
            "id/vendor": f"{shape['vendor']:04x}", "id/product": f"{shape['product']:04x}",
            "name": shape["name"], "uniq": shape["serial"], "capabilities/key": shape["keys"] or KEYS,
            "phys": f"usb-0000:00:14.0-{port}/input0",
        }  # fmt: skip
        lines = (
            f"P: {parent}",
            "E: SUBSYSTEM=input",
            *(f"A: {key}={value}\\n" for key, value in attributes.items()),
            "",
            f"P: {path}",
            f"N: input/event{number}",
            f"E: DEVNAME={node}",
            "E: MAJOR=13",
            f"E: MINOR={64 + number}",
            "E: SUBSYSTEM=input",
        )
        base = UMockdev.IoctlBase.new()
        base.connect("handle-ioctl", keyboard.asked)
        base.connect("client-connected", keyboard.came)
        self.bed.add_from_string("\n".join(lines) + "\n\n")
        (self.root / f"sys{path}" / "device").symlink_to("..")  # as the kernel makes it
        self.bed.attach_ioctl(node, base)
        for door in (self.root / "ioctl").rglob("*"):  # none refuses but the device file
            door.chmod(0o777)
        keyboard.node = self.root / node.removeprefix("/")
        keyboard.node.chmod(0 if "denied" in keyboard.faults else 0o666)
        keyboard.master = self.bed.get_dev_fd(node)
        os.set_blocking(keyboard.master, False)
        self.bed.uevent(f"/sys{path}", "add")
        return f"/sys{parent}", node

    def unplug(self, keyboard: Keyboard, place: str, node: str) -> None:
        """Make it disappear; whoever reads its file is told so."""
        self.bed.uevent(f"{place}/{node.rsplit('/', 1)[-1]}", "remove")
        self.bed.detach_ioctl(node)
        self.bed.remove_device(place)
        keyboard.node.unlink(missing_ok=True)
        os.close(keyboard.master)


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
