"""The course of a test with codes like those on phones: which one is shown, how long, and what came of it."""

from __future__ import annotations

from console.domain.evidence import Evidence
from console.domain.payment_codes import reduced
from console.domain.phone_codes import GIVE_UP_SECONDS, PhoneCode, Tried, looked, phone_codes
from console.domain.ports import Clock
from console.domain.scan import Scan
from console.domain.words import say

_PAPER = "phone.paper"


class PhoneTrial:
    """Six codes; where none of them is read, any printed code tells whether the scanner works at all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.codes = phone_codes()
        self.tried: list[Tried] = []
        self._paper: Evidence | None = None
        self._began = clock.seconds()

    @property
    def current(self) -> PhoneCode | None:
        """The code to be shown now."""
        return self.codes[len(self.tried)] if len(self.tried) < len(self.codes) else None

    @property
    def asks_paper(self) -> bool:
        """Whether a printed code is asked for now."""
        unread = all(each.seconds is None for each in self.tried)
        return self.current is None and unread and self._paper is None

    @property
    def over(self) -> bool:
        """Whether all is known."""
        return self.current is None and not self.asks_paper

    @property
    def left(self) -> float:
        """Seconds until what is shown now is given up."""
        return max(0.0, self._began + GIVE_UP_SECONDS - self._clock.seconds())

    def arrived(self, scan: Scan) -> bool:
        """Take a code; False where it is none of ours and none was asked for."""
        seconds = self._clock.seconds() - self._began
        if self.asks_paper:
            meaning = say("A printed code came, the one on the screen did not")
            signs = frozenset({"scan.paper_read", "scanner.scanned"})
            self._paper = Evidence(_PAPER, reduced(scan.text), meaning, scan.at, scan.seconds, signs)
            return True
        if self.current is None or not self.current.is_in(scan):
            return any(each.is_in(scan) for each in self.codes)  # one that came twice, or late
        self._next(seconds)
        return True

    def missed(self) -> None:
        """The person says that what is shown, or asked for, is not read; or its time is over."""
        if self.asks_paper:
            meaning = say("No code arrived within {seconds} s", seconds=round(GIVE_UP_SECONDS))
            signs = frozenset({"scan.paper_none"})
            self._paper = Evidence(_PAPER, "", meaning, self._clock.now(), GIVE_UP_SECONDS, signs)
        elif self.current is not None:
            self._next(None)

    def evidence(self) -> list[Evidence]:
        """What the whole test showed; of what was read nothing but times, kind and length is kept."""
        seen = looked(self.tried, self._clock.now())
        return [seen] if self._paper is None else [seen, self._paper]

    def _next(self, seconds: float | None) -> None:
        self.tried.append(Tried(self.codes[len(self.tried)], seconds))
        self._began = self._clock.seconds()
