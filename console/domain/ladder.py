"""The way from the till to a backend as a ladder: the first broken rung explains those above it.

Evidence belongs to the rung that its probe is named after (`tcp.203.0.113.7:443`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.domain.evidence import Evidence, signs_of
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.words import Words, say

RUNGS: tuple[str, ...] = ("link", "address", "gateway", "dns", "tcp", "tls", "http")

# Any of these signs shows that a rung carries.
HOLDS: Mapping[str, frozenset[str]] = {
    "link": frozenset({"link.up"}),
    "address": frozenset({"address.usable"}),
    "gateway": frozenset({"gateway.alive", "gateway.known", "gateway.not_needed"}),
    "dns": frozenset({"dns.answers", "dns.resolved", "dns.not_needed"}),
    "tcp": frozenset({"tcp.connected", "internet.ok", "internet.elsewhere"}),
    "tls": frozenset({"tls.trusted"}),
    "http": frozenset({"http.expected"}),
}
# A rung that carries and shows one of these wants a look.
ODD = frozenset({
    "link.weak_signal", "dns.slow", "dns.no_answer", "dns.refused", "dns.servfail", "dns.garbage",
    "tls.expires_soon", "http.slow", "quality.lossy",
})  # fmt: skip

# And one that shows one of these is broken, whatever else carries there: somebody stands in between.
BROKEN = frozenset({"internet.captive", "internet.proxy", "internet.unreachable", "internet.silent"})

_RUNG_OF = {"route": "gateway", "clock": "tls", "internet": "tcp"}  # probes that speak for another rung


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: OK, ATTENTION, FAULT (the first broken one), UNKNOWN (not reached) or OFF (not on this way).

    `evidence` is the piece that tells its state, None where there is none; `words` says it to a person.
    """

    name: str
    light: Light
    evidence: Evidence | None
    words: Words


def ladder(network: Finding | None, backend: Finding | None) -> tuple[Rung, ...]:
    """Every rung from the ground up; a backend's own evidence goes before the network's."""
    ground, above = _by_rung(network), _by_rung(backend)
    evidence = {name: above.get(name) or ground.get(name, ()) for name in RUNGS}
    between = (each for each in ground.get("tcp", ()) if BROKEN & each.signs)
    evidence["tcp"] = (*between, *evidence["tcp"])  # the internet, before one backend on it
    highest = max((RUNGS.index(name) for name in RUNGS if _holds(name, evidence[name])), default=-1)
    rungs: list[Rung] = []
    for place, name in enumerate(RUNGS):
        broken = any(rung.light is Light.FAULT for rung in rungs)
        rungs.append(_rung(name, () if broken else evidence[name], carries_more=place < highest))
    return tuple(rungs)


def _by_rung(finding: Finding | None) -> dict[str, tuple[Evidence, ...]]:
    gathered: dict[str, tuple[Evidence, ...]] = {}
    for each in finding.evidence if finding else ():
        kind = each.probe.split(".")[0]
        name = _RUNG_OF.get(kind, kind)
        gathered[name] = (*gathered.get(name, ()), each)
    return gathered


def _holds(name: str, evidence: Sequence[Evidence]) -> bool:
    return bool(HOLDS[name] & signs_of(evidence)) and not BROKEN & signs_of(evidence)


def _rung(name: str, evidence: Sequence[Evidence], carries_more: bool) -> Rung:
    if not evidence:
        if carries_more:
            return Rung(name, Light.OFF, None, say("Not needed on this way"))
        return Rung(name, Light.UNKNOWN, None, say("Not reached"))
    holding = [each for each in evidence if HOLDS[name] & each.signs]
    odd = [each for each in evidence if ODD & each.signs]
    broken = [each for each in evidence if BROKEN & each.signs]
    if broken:
        told, light = broken[-1], Light.ATTENTION if carries_more else Light.FAULT
    elif holding:
        told, light = (odd[-1], Light.ATTENTION) if odd else (holding[-1], Light.OK)
    else:
        # What works further up proves that this rung carries, however silent it is itself.
        told, light = evidence[-1], Light.ATTENTION if carries_more else Light.FAULT
    return Rung(name, light, told, told.meaning)
