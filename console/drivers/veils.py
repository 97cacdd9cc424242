"""What a recording of each kind of device may keep of what is heard: never a person's number."""

from __future__ import annotations

from collections.abc import Mapping

from console.drivers.rfid.veil import keepable_tags
from console.drivers.scanner.veil import Kept, keepable, no_long_numbers

KEPT: Mapping[str, Kept] = {"scanner": keepable, "scale": no_long_numbers, "rfid": keepable_tags}
