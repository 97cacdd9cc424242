"""Which subject stands behind which: a broken parent explains its children."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from console.domain.addresses import parse_address
from console.domain.profile import Drawer, Entry, Printer, StoreProfile, Terminal
from console.domain.subjects import NETWORK, Subject


def parents_of(profile: StoreProfile) -> Callable[[Subject], Subject | None]:
    """For each subject of the store, the one that it works through; None where it stands alone."""
    parents = {subject: parent for subject, entry in profile.entries() if (parent := _parent(subject, entry))}
    return parents.get


def _parent(subject: Subject, entry: Entry) -> Subject | None:
    if isinstance(entry, Drawer):
        return Subject("printer", entry.printer)
    if subject.kind == "backend":
        return NETWORK
    if isinstance(entry, Terminal):
        return NETWORK if entry.address and not _is_here(entry.address) else None
    if isinstance(entry, Printer):
        address = parse_address(entry.address, "printer")
        return NETWORK if address.scheme in ("tcp", "ipp") and not _is_here(address.place) else None
    return None


def _is_here(host: str) -> bool:
    """True for this computer itself, which no network fault cuts off."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
