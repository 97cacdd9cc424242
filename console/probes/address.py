"""The address rung: has the card a usable address, and does it fit the store's gateway?"""

from __future__ import annotations

import ipaddress

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import say
from console.platforms.base import Interface, IPAddress
from console.probes.notes import ask


def look(interface: Interface, gateway: IPAddress | None, clock: Clock) -> Evidence:
    """Signs address.none, address.self_assigned, address.usable, address.off_subnet or address.narrow_mask.

    `gateway` is the one that the profile gives; off_subnet says that it lies outside the card's network,
    narrow_mask that it lies just outside and a common /24 mask would hold it.
    """
    asked = ask(clock, f"address.{interface.name}")
    usable = [held for held in interface.addresses if not held.ip.is_link_local]
    if not usable:
        self_assigned = [held for held in interface.addresses if held.version == 4]
        if self_assigned:
            meaning = say(
                "{address} is an address the computer gave itself because no router gave one",
                address=str(self_assigned[0].ip),
            )
            return asked.saw(str(self_assigned[0]), meaning, "address.self_assigned")
        return asked.saw("none", say("{interface} has no address", interface=interface.name), "address.none")
    held = usable[0]
    facts = {"address": str(held.ip), "prefix": str(held.network.prefixlen)}
    if gateway is not None and _outside(interface, gateway):
        near = held.version == 4 and gateway in ipaddress.ip_network(f"{held.ip}/24", strict=False)
        meaning = say(
            "The store's gateway {gateway} lies outside this computer's network {network}",
            gateway=str(gateway),
            network=str(held.network),
        )
        return asked.saw(str(held), meaning, "address.narrow_mask" if near else "address.off_subnet", **facts)
    return asked.saw(
        str(held), say("The address is {address}", address=str(held.ip)), "address.usable", **facts
    )


def _outside(interface: Interface, gateway: IPAddress) -> bool:
    own = [held for held in interface.addresses if held.version == gateway.version]
    return bool(own) and not any(gateway in held.network for held in own)
