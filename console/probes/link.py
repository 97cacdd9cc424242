"""The link rung: is anything plugged into the card that should carry the traffic?"""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import say
from console.platforms.base import Interface
from console.probes.notes import ask


def likeliest(interfaces: Iterable[Interface]) -> Interface | None:
    """The card that would carry the traffic where no route names one; None without any card."""
    cards = (each for each in interfaces if not any(held.ip.is_loopback for held in each.addresses))
    real = (each for each in cards if each.name != "lo" and each.hardware is not False)
    return max(
        real,
        key=lambda each: (bool(each.carrier), each.up, bool(each.addresses), not each.wireless),
        default=None,
    )


def look(interface: Interface | None, clock: Clock) -> Evidence:
    """Signs link.up, link.no_carrier, link.disabled or link.none."""
    if interface is None:
        return ask(clock, "link.none").saw(
            "no interface", say("This computer has no network card that the system knows"), "link.none"
        )
    name = interface.name
    asked = ask(clock, f"link.{name}")
    if not interface.up:
        return asked.saw(
            "down", say("{interface} is switched off in the system", interface=name), "link.disabled"
        )
    if interface.carrier is None:
        return asked.saw(
            "?", say("The system does not tell whether {interface} is connected", interface=name)
        )
    if not interface.carrier:
        meaning = say("Nothing is connected at the other end of {interface}", interface=name)
        return asked.saw("no carrier", meaning, "link.no_carrier")
    return asked.saw("carrier", say("{interface} is connected", interface=name), "link.up", interface=name)
