"""What is plugged in or out while the program runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from console.domain.discovery import Found
from console.domain.profile import Drawer, Printer, Scanner, Store, StoreProfile
from console.domain.subjects import Subject
from console.services.plugs import Plugs, here, is_set_up
from tests.waiting import until

KEYS, PORT = "keyboard://05e0:1200", "serial:///dev/ttyACM0"


def found(address: str, kind: str = "scanner") -> Found:
    return Found(kind, address, "", "guess", f'[[{kind}]]\nname = "x"\naddress = "{address}"\n')


class Looks:
    """A monitor that only notes what it is asked to look at."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Subject]] = []

    def look_now(self, subjects: Sequence[Subject]) -> None:
        self.asked.append(subjects)


@dataclass
class Socket:
    """What is plugged in, and who wants to hear of changes."""

    there: list[Found] = field(default_factory=list)
    listeners: list[Callable[[], None]] = field(default_factory=list)
    trouble: Exception | None = None
    looks: int = 0

    def watch(self, changed: Callable[[], None]) -> Callable[[], object]:
        self.listeners.append(changed)
        return lambda: self.listeners.remove(changed)

    def plugged(self) -> Sequence[Found]:
        self.looks += 1
        if self.trouble is not None:
            raise self.trouble
        return list(self.there)

    def becomes(self, *there: Found) -> None:
        self.there[:] = there
        for each in self.listeners:
            each()


@asynccontextmanager
async def watched(
    profile: StoreProfile, socket: Socket
) -> AsyncIterator[tuple[Plugs, Looks, list[BaseException]]]:
    looks, failures = Looks(), list[BaseException]()
    plugs = Plugs(
        profile, looks, socket.watch, socket.plugged, lambda error, where: failures.append(error), 0.01
    )  # fmt: skip
    plugs.start()
    await until(lambda: socket.looks)
    yield plugs, looks, failures
    await plugs.stop()
    assert socket.listeners == []


EMPTY = StoreProfile(Store("x"))


async def test_what_is_new_offers_itself_until_it_is_taken_put_away_or_unplugged() -> None:
    socket, said = Socket([found(PORT)]), list[str]()
    async with watched(EMPTY, socket) as (plugs, _, _):
        plugs.changed = lambda: said.append(",".join(each.address for each in plugs.offers))
        socket.becomes(found(PORT), found(KEYS))
        await until(lambda: said == [KEYS])  # and not what was there before
        socket.becomes(found(PORT))
        await until(lambda: said == [KEYS, ""])
        socket.becomes(found(PORT), found(KEYS))
        await until(lambda: said == [KEYS, "", KEYS])
        plugs.put_away(plugs.offers[0])
        looks = socket.looks
        socket.becomes(found(PORT), found(KEYS))
        await until(lambda: socket.looks > looks)
        assert said == [KEYS, "", KEYS, ""]


async def test_the_lights_of_what_is_plugged_in_here_are_looked_at_at_once() -> None:
    profile = StoreProfile(
        Store("x"),
        printer=(Printer("front", "usb://04b8:0202"), Printer("kitchen", "tcp://192.0.2.1")),
        scanner=(Scanner("typing", "keyboard:"), Scanner("port", PORT)),
        drawer=(Drawer("till", "front"), Drawer("other", "kitchen")),
    )
    wanted = {Subject("printer", "front"), Subject("scanner", "port"), Subject("drawer", "till")}
    assert set(here(profile)) == wanted
    socket = Socket()
    async with watched(profile, socket) as (_, looks, _):
        socket.becomes()
        await until(lambda: len(looks.asked) == 2)  # now, and when the system is done with it
        assert set(looks.asked[0]) == wanted


async def test_a_look_that_failed_ends_nothing() -> None:
    socket = Socket()
    async with watched(EMPTY, socket) as (plugs, _, failures):
        socket.trouble = OSError("no such bus")
        socket.becomes()
        await until(lambda: failures)
        socket.trouble = None
        socket.becomes(found(KEYS))
        await until(lambda: plugs.offers)


@pytest.mark.parametrize(
    ("address", "found_at", "known"),
    [
        (PORT, PORT, True),
        (f"{PORT}?baud=115200", PORT, True),
        ("serial:///dev/ttyACM1", PORT, False),
        ("serial://COM3", "serial://com3", True),
        (KEYS, KEYS, True),
        (f"{KEYS}?layout=de", KEYS, True),
        (KEYS, f"{KEYS}/S1", True),
        (f"{KEYS}/S2", f"{KEYS}/S1", False),
        ("keyboard:", KEYS, True),  # by its rhythm it is known already
        ("keyboard:", PORT, False),
        ("usb://0c2e:0b8f", "hid://0c2e:0b8f", True),
        ("hid://0C2E:0B8F", "hid://0c2e:0b8f", True),
        ("hid://0c2e:0b8f", "hid://0c2e:0b90", False),
    ],
)
def test_what_is_set_up_already_is_not_new(address: str, found_at: str, known: bool) -> None:
    profile = StoreProfile(Store("x"), scanner=(Scanner("x", address),))
    assert is_set_up(found(found_at), profile) is known


def test_a_port_is_known_by_any_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "ttyACM0").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyACM0")
    profile = StoreProfile(Store("x"), scanner=(Scanner("x", f"serial://{tmp_path}/by-id"),))
    assert is_set_up(found(f"serial://{tmp_path}/ttyACM0"), profile)


async def test_stopping_twice_or_before_the_start_is_nothing() -> None:
    plugs = Plugs(EMPTY, Looks(), Socket().watch, lambda: (), lambda error, where: None)
    await plugs.stop()
    plugs.start()
    await plugs.stop()
    await plugs.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}
