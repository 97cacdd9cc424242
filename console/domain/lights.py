"""The five lights, and which of them speaks for a whole store."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Light(StrEnum):
    """The state of one subject. UNKNOWN is never shown as OK."""

    OK = "ok"
    ATTENTION = "attention"
    FAULT = "fault"
    UNKNOWN = "unknown"
    OFF = "off"

    @property
    def urgency(self) -> int:
        """How loudly this light speaks: 0 (off) to 4 (fault)."""
        return _QUIET_TO_LOUD.index(self)


_QUIET_TO_LOUD = (Light.OFF, Light.OK, Light.UNKNOWN, Light.ATTENTION, Light.FAULT)
_EXIT_CODES = {Light.OK: 0, Light.ATTENTION: 1, Light.FAULT: 2, Light.UNKNOWN: 3, Light.OFF: 3}


def loudest(lights: Iterable[Light]) -> Light:
    """The light that speaks for all of them; UNKNOWN where nothing is switched on."""
    light = max(lights, key=lambda each: each.urgency, default=Light.UNKNOWN)
    return Light.UNKNOWN if light is Light.OFF else light


def exit_code(light: Light) -> int:
    """The process exit code of a check with this overall light (contract: 0, 1, 2 or 3)."""
    return _EXIT_CODES[light]
