"""Which scanner settings mend what, from the program's knowledge, and whose scanner it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from console.domain.evidence import Evidence
from console.domain.scanner_settings import OTHER, ScannerSettings
from console.domain.symbology import code_ids
from console.services.shipped import resource

FNC3 = "\u00f3"  # how a text says that its code begins with FNC3, as barcode writers have it
_VENDOR = re.compile(r"(?:hid|usb|keyboard)://([0-9a-fA-F]{4}):")


@cache
def scanner_settings() -> ScannerSettings:
    """The knowledge of `scanners.toml`."""
    import tomllib

    return ScannerSettings.of(
        tomllib.loads((resource("knowledge") / "scanners.toml").read_text(encoding="utf-8"))
    )


def maker_told(address: str, evidence: Iterable[Evidence]) -> str | None:
    """The maker by a scanner's USB numbers or name, by whose questions it answers, or by its own code ID.

    None where nothing tells, or where it may be one of several.
    """
    known, found = scanner_settings(), _VENDOR.match(address)
    told = {known.maker_of_vendor(int(found[1], 16)) if found else None}
    for each in evidence:
        # Only Honeywell's scanners answer Honeywell's question for the revision.
        if each.probe == "scanner.revinf" and "scanner.identified" in each.signs:
            told.add("honeywell")
        told.add(known.maker_named(each.facts.get("ManufacturerName", "")))
        expected, arrived = each.facts.get("expected", ""), each.facts.get("arrived", "")
        if expected and arrived.endswith(expected):
            makers = code_ids(arrived.removesuffix(expected))
            told |= {known.maker_named(name) for name in makers} if len(makers) == 1 else set()
    told.discard(None)
    return told.pop() if len(told) == 1 else None


def maker_chosen(kept: str, address: str, evidence: Iterable[Evidence]) -> str:
    """The maker that a person chose before, else the one that is told, else OTHER."""
    makers = scanner_settings().makers
    return kept if kept in makers else maker_told(address, evidence) or OTHER
