"""A device that a search came upon."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

from console.domain.words import Words, say_many

_USUAL = 256  # addresses of a shop's own network, a /24


def wide(cidr: str) -> Words | None:
    """What to ask before a network larger than a /24 is searched; None where nothing is to be asked."""
    try:
        network = ipaddress.ip_network(cidr.strip(), strict=False)
    except ValueError:
        return None  # the search itself says what is wrong
    if network.num_addresses <= _USUAL:
        return None
    return say_many(
        "{network} holds {count} address. Is it really all your own network?",
        "{network} holds {count} addresses, more than a shop's network usually has. Is it all your own?",
        network.num_addresses,
        network=str(network),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """`entry` is a ready piece of `store.toml`; `sure` says how the kind was told."""

    kind: str
    address: str
    identity: str
    sure: Literal["documented", "probed", "guess"]
    entry: str
