"""What a connection looks like, so that it can be told what is different since it last worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.findings import Finding

Look = Mapping[str, str]  # value by name: interface, address, router, dns, names, setup; lists with ", "


@dataclass(frozen=True, slots=True)
class Changed:
    """One value that is another one now."""

    name: str
    before: str
    now: str


def look_of(network: Finding | None, backend: Finding, setup: str) -> Look:
    """Whatever the evidence tells of it; `setup` is the address that the profile gives."""
    look = {"setup": setup}
    servers = []
    for each in network.evidence if network else ():
        kind, _, detail = each.probe.partition(".")
        if kind == "link" and "interface" in each.facts:
            look["interface"] = each.facts["interface"]
        elif kind == "address" and "address" in each.facts:
            look["address"] = each.facts["address"]
        elif "gateway" in each.facts:
            look["router"] = each.facts["gateway"]
        elif kind == "dns" and detail[:1].isdigit():
            servers.append(detail)
    if servers:
        look["dns"] = ", ".join(servers)
    for each in backend.evidence:
        if "dns.resolved" in each.signs:
            look["names"] = each.result
    return look


def changes(before: Look, now: Look) -> tuple[Changed, ...]:
    """What both know and is different: of lists, those that have nothing in common any more."""
    return tuple(
        Changed(name, before[name], now[name])
        for name in before
        if name in now and not _parts(before[name]) & _parts(now[name])
    )


def _parts(value: str) -> frozenset[str]:
    return frozenset(value.split(", "))
