"""The way from the till to a backend as six stops that a person can point at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.findings import Finding
from console.domain.ladder import Rung, ladder
from console.domain.lights import Light
from console.domain.words import Words, say
from console.services.language import LIGHT_WORDS

_NO_ANSWER = say("no answer")
_SHORT: Mapping[str, Words] = {
    "link.no_carrier": say("not plugged in"),
    "link.disabled": say("switched off"),
    "link.none": say("no network card"),
    "link.weak_signal": say("weak signal"),
    "address.none": say("no address"),
    "address.self_assigned": say("no address given"),
    "address.off_subnet": say("wrong address"),
    "address.narrow_mask": say("wrong address"),
    "route.none": say("no way out"),
    "gateway.silent": _NO_ANSWER,
    "dns.missing": say("none set up"),
    "dns.no_answer": _NO_ANSWER,
    "dns.refused": say("refuses"),
    "dns.nxdomain": say("name unknown"),
    "dns.empty": say("name unknown"),
    "dns.servfail": say("out of order"),
    "dns.garbage": say("nonsense"),
    "dns.slow": say("slow"),
    "tcp.timeout": _NO_ANSWER,
    "tcp.refused": say("refuses"),
    "tcp.denied": say("blocked here"),
    "tcp.prohibited": say("blocked"),
    "tcp.host_unreachable": say("not there"),
    "tcp.net_unreachable": say("line is down"),
    "tcp.reset": say("hangs up"),
    "tcp.sibling_ok": _NO_ANSWER,
    "tcp.sibling_dead": _NO_ANSWER,
    "quality.lossy": say("packets get lost"),
    "hops.reached": _NO_ANSWER,
    "hops.lost_after_gateway": say("line is down"),
    "hops.lost": _NO_ANSWER,
    "internet.captive": say("log-in page"),
    "internet.proxy": say("proxy wants a login"),
    "internet.unreachable": say("line is down"),
    "internet.silent": _NO_ANSWER,
    "path.small_works": say("long packets get lost"),
    "path.small_silent": _NO_ANSWER,
    "path.large_works": _NO_ANSWER,
    "tls.expired": say("certificate expired"),
    "tls.not_yet_valid": say("certificate not valid yet"),
    "tls.wrong_host": say("wrong certificate"),
    "tls.self_signed": say("wrong certificate"),
    "tls.unknown_issuer": say("wrong certificate"),
    "tls.foreign_issuer": say("wrong certificate"),
    "tls.leaf_alone": say("wrong certificate"),
    "tls.missing_intermediate": say("wrong certificate"),
    "tls.silent": _NO_ANSWER,
    "tls.reset": say("hangs up"),
    "tls.expires_soon": say("certificate runs out"),
    "http.silent": _NO_ANSWER,
    "http.stalled": say("stops halfway"),
    "http.reset": say("hangs up"),
    "http.slow": say("slow"),
    "http.401": say("login refused"),
    "http.403": say("no permission"),
    "http.404": say("wrong address"),
    "http.429": say("too many requests"),
    "http.503": say("maintenance"),
    "http.5xx": say("out of order"),
}
_TIMED = frozenset({"gateway", "dns", "tcp", "http"})  # rungs whose answer takes a time worth telling


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on the way; `rungs` are the questions that were asked about it, none for the till itself."""

    key: str
    title: Words
    light: Light
    short: Words
    rungs: tuple[Rung, ...] = ()


def way(network: Finding | None, backend: Finding | None, name: str) -> tuple[Stop, ...]:
    """The stops in order; those beyond the shop only where there is a backend, called `name`."""
    rungs = {each.name: each for each in ladder(network, backend)}
    link = rungs["link"].evidence
    wireless = link is not None and link.facts.get("interface", link.probe).lower().startswith(
        ("wl", "wi-fi")
    )
    stops = [
        Stop("till", say("This till"), Light.OK, LIGHT_WORDS[Light.OK]),
        _stop(
            "wifi" if wireless else "cable",
            say("Wi-Fi") if wireless else say("Network cable"),
            rungs["link"],
            rungs["address"],
        ),
        _stop("router", say("Router"), rungs["gateway"]),
        _stop("dns", say("Name lookup"), rungs["dns"]),
    ]
    if backend is not None:
        stops.append(_stop("internet", say("Internet"), rungs["tcp"]))
        stops.append(_stop("backend", say("{name}", name=name), rungs["tls"], rungs["http"]))
    return tuple(stops)


def broken(stops: tuple[Stop, ...]) -> Stop | None:
    """The first stop that the way does not get past."""
    return next((each for each in stops if each.light is Light.FAULT), None)


def _stop(key: str, title: Words, *rungs: Rung) -> Stop:
    told = _told(rungs)
    if _not_asked(told):  # a direct neighbour: a green router would be a claim that nobody proved
        return Stop(key, title, Light.OFF, say("not on this way"), rungs)
    return Stop(key, title, told.light, _short(told), rungs)


def _not_asked(rung: Rung) -> bool:
    return rung.evidence is not None and "gateway.not_needed" in rung.evidence.signs


def _told(rungs: tuple[Rung, ...]) -> Rung:
    """The rung that speaks for the stop: what is broken, odd or not reached first, else the highest."""
    for light in (Light.FAULT, Light.ATTENTION, Light.UNKNOWN, Light.OK):
        for rung in reversed(rungs):
            if rung.light is light:
                return rung
    return rungs[-1]


def _short(rung: Rung) -> Words:
    evidence = rung.evidence
    if evidence is None:
        return say("not needed") if rung.light is Light.OFF else say("not reached")
    if rung.light in (Light.FAULT, Light.ATTENTION):
        known = (words for sign, words in _SHORT.items() if sign in evidence.signs)
        return next(known, LIGHT_WORDS[rung.light])
    seconds = float(evidence.facts.get("seconds", evidence.seconds))
    if rung.light is Light.OK and rung.name in _TIMED and seconds > 0:
        return say("{milliseconds} ms", milliseconds=max(1, round(seconds * 1000)))
    return LIGHT_WORDS[rung.light]
