"""The ladder climbed: the store's own network, and the way to one backend."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.domain.errors import TillkeeperError, Unsupported
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock
from console.domain.profile import Backend, StoreProfile
from console.domain.words import Words, say
from console.platforms.base import Interface, IPAddress, Platform, Route
from console.platforms.threads import in_thread
from console.probes import address, gateway, hops, http, internet, link, names, quality, tcp, tls
from console.probes import clock as clocks
from console.probes.notes import ask, countdown
from console.probes.small import Attempt, SmallTry

_SECONDS = 10.0  # for the whole way to one backend
_ADDRESSES = 3  # of one backend that are tried
_PATIENCE = 0.5  # seconds after which a mute port makes us look at its siblings
_PATIENT_TLS, _PATIENT_HTTP = 1.5, 2.5  # and after which a mute service is tried with short packets
_MUTE = frozenset({"http.silent", "http.stalled"})


@dataclass(frozen=True, slots=True)
class _Way:
    """The card, and how packets leave it: `route` is None without a way, `unknown` where it is not told."""

    card: Interface | None
    route: Route | None
    unknown: Words | None = None


class NetworkExaminer:
    """The store's own network, as far as the backends' traffic uses it: subject `network`."""

    def __init__(self, profile: StoreProfile, platform: Platform, clock: Clock) -> None:
        self._setup = profile.network
        self._hosts = tuple(each.host for each in profile.backend if each.enabled)
        self._platform = platform
        self._clock = clock

        def climb(backend: Backend) -> BackendExaminer:
            return BackendExaminer(backend, profile, platform, clock, lambda _: None)

        page = self._setup.internet_check
        self._page = page and climb(Backend("internet", page, self._setup.internet_check_expect))
        self._backends = [climb(each) for each in profile.backend if each.enabled]

    async def examine(self) -> Sequence[Evidence]:
        """Link, address, route, gateway, DNS, the page that the profile names; a broken rung ends it."""
        way = await in_thread(self._find_way)
        seen = [link.look(way.card, self._clock)]
        if way.card is None or signs_of(seen) & {"link.disabled", "link.no_carrier"}:
            return seen
        seen.append(address.look(way.card, self._given_gateway, self._clock))
        if not signs_of(seen) & {"address.usable"}:
            return seen
        seen.extend(await self._leave(way))
        if not signs_of(seen) & {"route.none", "gateway.silent"}:
            seen.extend(await names.resolvers(self._hosts, self._setup, self._platform, self._clock))
            if self._page:
                seen.append(await internet.look(self._page, self._backends, self._clock))
        return seen

    @property
    def _given_gateway(self) -> IPAddress | None:
        if self._setup.gateway == "auto":
            return None
        given = ipaddress.ip_address(self._setup.gateway)
        return None if given.is_loopback else given

    def _find_way(self) -> _Way:
        cards = self._platform.interfaces()
        try:
            route = self._route()
        except Unsupported as error:
            return _Way(link.likeliest(cards), None, error.words)
        if route is None:
            return _Way(link.likeliest(cards), None)
        return _Way(
            next((card for card in cards if card.name == route.interface), link.likeliest(cards)), route
        )

    def _route(self) -> Route | None:
        places = names.without_dns(self._hosts[0], self._platform) if self._hosts else ()
        if not places and self._setup.gateway != "auto" and self._given_gateway is None:
            places = (self._setup.gateway,)  # a store that lives on this computer
        if places:
            return self._platform.route_to(ipaddress.ip_address(places[0]))
        return next(iter(self._platform.default_routes()), None)

    async def _leave(self, way: _Way) -> list[Evidence]:
        asked = ask(self._clock, "route.way")
        if way.unknown is not None and self._given_gateway is None:
            return [asked.saw("?", way.unknown)]
        if way.route is None and way.unknown is None:
            return [asked.saw("none", say("This computer knows no way out of the shop"), "route.none")]
        wanted = self._given_gateway
        used = (way.route.gateway if way.route else None) or wanted
        if used is None or (way.card is not None and way.card.hardware is False):
            meaning = say("The backend is reached without a router")
            return [asked.saw("direct", meaning, "gateway.not_needed")]
        seen = [await gateway.look(used, self._platform, self._clock)]
        if wanted is not None and wanted != used:
            meaning = say(
                "This computer uses the router {used}, the store's profile names {wanted}",
                used=str(used),
                wanted=str(wanted),
            )
            seen.append(asked.saw(str(used), meaning, "gateway.differs"))
        return seen


class BackendExaminer:
    """The way to one backend: subject `backend:NAME`.

    `secret` gives the value behind a credential such as `env:NAME`, or None.
    """

    def __init__(
        self,
        backend: Backend,
        profile: StoreProfile,
        platform: Platform,
        clock: Clock,
        secret: Callable[[str], str | None],
    ) -> None:
        self._backend = backend
        self._setup = profile.network
        self._platform = platform
        self._clock = clock
        self._secret = secret

    async def examine(self) -> Sequence[Evidence]:
        """Name, TCP, TLS, HTTP over one connection; bounded to 10 s."""
        climb = _Climb(self._backend, self._platform, self._clock, self._secret)
        found, addresses = await names.backend(self._backend, self._setup, self._platform, self._clock)
        if not addresses:
            return (found,)
        way = asyncio.ensure_future(in_thread(climb.up, addresses[:_ADDRESSES]))
        try:
            await asyncio.wait({way}, timeout=_PATIENCE)
            around = () if climb.connected.is_set() else await self._around(addresses[0])
            climbed = await way
            if climb.connected.is_set():
                return (found, *climbed, *await self._quality(climbed))
            mute = "tcp.timeout" in signs_of(climbed)  # how far packets get says nothing of a refusal
            return (found, *climbed, *(each for each in around if mute or each.probe.startswith("tcp.")))
        finally:
            way.cancel()

    async def _quality(self, climbed: Sequence[Evidence]) -> Sequence[Evidence]:
        """Whether the line loses packets, where the climb took suspiciously long."""
        if not quality.looks_lossy(climbed):
            return ()
        (place,) = (each.facts["address"] for each in climbed if "tcp.connected" in each.signs)
        return (await quality.look(place, self._backend.port, self._clock),)

    async def _around(self, place: str) -> Sequence[Evidence]:
        """What tells a mute port from a mute computer or way: its other ports, else how far packets get."""
        way = asyncio.ensure_future(in_thread(hops.look, place, self._platform, self._clock))
        try:
            ports = self._backend.sibling_ports
            siblings = (await tcp.siblings(place, ports, self._clock),) if ports else ()
            return siblings if "tcp.sibling_ok" in signs_of(siblings) else (*siblings, *await way)
        finally:
            way.cancel()


class _Climb:
    """One connection, as high as it goes; runs in a thread and closes what it opened."""

    def __init__(
        self, backend: Backend, platform: Platform, clock: Clock, secret: Callable[[str], str | None]
    ) -> None:
        self._backend = backend
        self._platform = platform
        self._clock = clock
        self._secret = secret
        self._key: str | None = None
        self._left = countdown(clock, _SECONDS)
        self.connected = threading.Event()

    def up(self, addresses: Sequence[str]) -> list[Evidence]:
        """Evidence from the first address that accepts, and of those before it that did not."""
        seen = self._unlock()
        for place in addresses:
            evidence, line = tcp.connect(
                place, self._backend.port, self._platform, self._clock, self._left(tcp.SECONDS)
            )
            seen.append(evidence)
            if line is not None:
                self.connected.set()
                return seen + self._above(line, place)
        return seen

    def _unlock(self) -> list[Evidence]:
        """Take the key; credential.missing, with the reason, when it cannot be had: the climb needs none."""
        credential = self._backend.credential
        if credential is None or not self._backend.secure:
            return []
        asked = ask(self._clock, "credential")
        try:
            self._key = self._secret(credential)
        except TillkeeperError as error:
            return [asked.saw(type(error).__name__, error.words, "credential.missing")]
        return []

    def _above(self, line: socket.socket, place: str) -> list[Evidence]:
        if not self._backend.secure:
            return self._ask(line, place, lambda line: line, None)
        try:
            context = tls.trust(self._backend.ca_file)
        except OSError as error:  # ssl.SSLError is one
            line.close()
            meaning = say(
                "The certificate file {file} cannot be read: {error}",
                file=str(self._backend.ca_file),
                error=str(error),
            )
            return [ask(self._clock, "tls.ca_file").saw(type(error).__name__, meaning, "tls.bad_ca_file")]
        return self._secured(line, place, context)

    def _secured(self, line: socket.socket, place: str, context: ssl.SSLContext) -> list[Evidence]:
        host = self._backend.host
        small = self._small("tls", place, tls.answers(host), _PATIENT_TLS)
        evidence, secured = tls.wrap(
            line, host, context, lambda: self._dial(place), self._backend.ca_file is not None, self._clock,
            self._left(tls.SECONDS),
        )  # fmt: skip
        if "tls.silent" in evidence.signs:
            return [evidence, *small.evidence()]
        small.call_off()
        if secured is not None:
            return [
                evidence, *self._ask(secured, place, lambda line: tls.encrypt(line, host, context), self._key)
            ]  # fmt: skip
        if not evidence.signs & {"tls.expired", "tls.not_yet_valid"}:
            return [evidence]
        header = http.host_header(self._backend.url)
        return [
            evidence,
            clocks.compare(lambda: self._dial(place), host, header, self._clock, self._left(3.0)),
        ]

    def _ask(
        self,
        line: socket.socket,
        place: str,
        secure: Callable[[socket.socket], socket.socket],
        secret: str | None,
    ) -> list[Evidence]:
        backend = self._backend

        def got(dial: http.Dial, line: socket.socket, seconds: float) -> Evidence:
            return http.get(dial, line, backend.url, backend.expect_status, secret, self._clock, seconds)

        def answers(dial: http.Dial, seconds: float) -> bool:
            try:
                return not got(dial, secure(dial()), seconds).signs & _MUTE
            except OSError:
                return False

        small = self._small("http", place, answers, _PATIENT_HTTP)
        seen = got(lambda: secure(self._dial(place)), line, self._left(http.SECONDS))
        if seen.signs & _MUTE:
            return [seen, *small.evidence()]
        small.call_off()
        return [seen]

    def _small(self, probe: str, place: str, attempt: Attempt, patience: float) -> SmallTry:
        return SmallTry(probe, (place, self._backend.port), attempt, self._clock, patience)

    def _dial(self, place: str) -> socket.socket:
        return socket.create_connection((place, self._backend.port), timeout=self._left(3.0))
