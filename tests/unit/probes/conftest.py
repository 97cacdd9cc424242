"""The real clock, the shipped table, and an operating system that says what a test wants."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_interface, ip_network
from time import monotonic

import pytest

from console.domain.diagnosis import DiagnosisTable
from console.domain.errors import Unsupported
from console.domain.words import say
from console.platforms.base import Interface, IPAddress, Neighbour, Route, best_route, defaults
from console.platforms.files import resource


class SystemClock:
    """The clocks of this computer; `ahead` seconds may be added to the wall's."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.ahead, UTC)

    def seconds(self) -> float:
        return monotonic()


LOOPBACK = Interface("lo", True, True, False, True, (ip_interface("127.0.0.1/8"),))


@dataclass
class ToldPlatform:
    """An operating system whose facts a test sets; `silent` ones it does not know."""

    cards: tuple[Interface, ...] = (LOOPBACK,)
    routes: tuple[Route, ...] = (Route(ip_network("127.0.0.0/8"), None, "lo", 0),)
    servers: tuple[str, ...] = ()
    state: Neighbour = Neighbour.NONE
    hardware: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    silent: bool = False

    def interfaces(self) -> tuple[Interface, ...]:
        return self.cards

    def default_routes(self) -> tuple[Route, ...]:
        self._speak()
        return defaults(self.routes)

    def route_to(self, address: IPAddress) -> Route | None:
        self._speak()
        return best_route(self.routes, address)

    def neighbour(self, address: IPAddress) -> Neighbour:
        self._speak()
        return self.state

    def stations(self) -> Mapping[str, str]:
        self._speak()
        return self.hardware

    def resolvers(self) -> tuple[str, ...]:
        return self.servers

    def hosts(self, name: str) -> tuple[str, ...]:
        return self.names.get(name, ())

    def _speak(self) -> None:
        if self.silent:
            raise Unsupported(say("This system does not tell"))


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def platform() -> ToldPlatform:
    return ToldPlatform()


@pytest.fixture
def make_platform() -> Callable[..., ToldPlatform]:
    return ToldPlatform


@pytest.fixture(scope="session")
def table() -> DiagnosisTable:
    return DiagnosisTable.from_data(
        tomllib.loads(resource("knowledge", "diagnosis.network.toml").read_text("utf-8"))
    )
