"""The one small tree of known troubles. Each names the thing, the value and the mend."""

from __future__ import annotations

from console.domain.words import Words


class TillkeeperError(Exception):
    """A known trouble; `words` is what a person reads, `sign` what the diagnosis table reads."""

    sign = "trouble"

    def __init__(self, words: Words, sign: str | None = None) -> None:
        super().__init__(str(words))
        self.words = words
        if sign is not None:
            self.sign = sign


class Unsupported(TillkeeperError):
    """This device, system or protocol cannot do what was asked."""

    sign = "unsupported"


class NotConfigured(TillkeeperError):
    """The store's profile does not say what is needed."""

    sign = "not_configured"


class Unreachable(TillkeeperError):
    """Nothing is there, or the way to it is broken."""

    sign = "unreachable"


class Timeout(TillkeeperError):
    """It may be there, but it did not answer in time."""

    sign = "timeout"


class Busy(TillkeeperError):
    """Another program holds it."""

    sign = "busy"


class Denied(TillkeeperError):
    """The system does not let this user open it."""

    sign = "denied"


class ProtocolError(TillkeeperError):
    """It answered, but not in its language."""

    sign = "protocol"


class BadInput(TillkeeperError, ValueError):
    """A person's file, argument or entry is wrong. (A ValueError, so that validators carry its place.)

    The words hold the place (file and line, or key path), the value, and what is expected.
    """

    sign = "bad_input"
