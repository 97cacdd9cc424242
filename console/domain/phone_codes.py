"""Whether a scanner reads what customers' phones show: six codes like theirs, and what became of each.

The codes are `synthetic_payment_code`s, which say why they can be nobody's. Payment apps show a Code 128 and
a QR code, black on white, at full brightness; here each stands alone, so that it is known which was read. A
Code 128 with letters has more modules than one of digits alone (178 to 134), so that at a phone's width its
bars are finer than a customer's: a scanner that reads it reads those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from console.domain.evidence import Evidence
from console.domain.payment_codes import Wallet, synthetic_payment_code
from console.domain.scan import Scan, may_keep
from console.domain.specimens import Kind
from console.domain.symbology import identified
from console.domain.words import Words, say

PHONE_MM = 70.0  # width of a usual phone's glass, 65 to 78 (unchecked: no standard has it)
GIVE_UP_SECONDS = 20.0  # that one code is waited for
SLOW_SECONDS = 4.0  # from showing a code to its arrival, with the scanner held ready: our own measure
_PROBE = "phone.codes"


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """One code as a payment app of `wallet` shows it."""

    wallet: Wallet
    kind: Kind
    content: str

    def is_in(self, scan: Scan) -> bool:
        """Whether `scan` is this code, be it changed on its way."""
        if len(scan.text) > 4 * len(self.content):
            return False
        return may_keep(self.content, scan.text) or may_keep(self.content, identified(scan.text)[1])


@dataclass(frozen=True, slots=True)
class Tried:
    """One code, and the seconds until it arrived; None where it did not."""

    code: PhoneCode
    seconds: float | None

    @property
    def slow(self) -> bool:
        """Whether a customer had to hold the phone for long."""
        return self.seconds is not None and self.seconds >= SLOW_SECONDS

    @property
    def words(self) -> Words:
        """What became of it."""
        if self.seconds is None:
            return say("Not read")
        if self.slow:
            return say("Read after {seconds} s: slow", seconds=f"{self.seconds:.1f}")
        return say("Read after {seconds} s", seconds=f"{self.seconds:.1f}")


def phone_codes() -> tuple[PhoneCode, ...]:
    """A bar code and a QR code of each wallet, each with a number of its own."""
    return tuple(
        PhoneCode(wallet, kind, synthetic_payment_code(wallet))
        for kind in (Kind.CODE_128, Kind.QR)
        for wallet in Wallet
    )


def looked(tried: Sequence[Tried], at: datetime) -> Evidence:
    """What all codes together show, once each was tried; of what was read nothing but times is kept.

    The first code that was read says nothing about time: the scanner still had to be taken in hand.
    """
    read = [each for each in tried if each.seconds is not None]
    times = [each.seconds for each in read if each.seconds is not None]
    later = times[1:] or times
    result = ", ".join(f"{each.code.kind} {_seconds(each)}" for each in tried)
    sign, words = _judged(tried, len(read), later)
    signs = {sign, "scanner.scanned"} if read else {sign}
    return Evidence(_PROBE, result, words, at, round(sum(times), 3), frozenset(signs))


def _seconds(tried: Tried) -> str:
    return "-" if tried.seconds is None else f"{tried.seconds:.1f} s"


def _judged(tried: Sequence[Tried], read: int, times: Sequence[float]) -> tuple[str, Words]:
    kinds = {kind: [each.seconds is not None for each in tried if each.code.kind is kind]
             for kind in (Kind.CODE_128, Kind.QR)}  # fmt: skip
    if not read:
        words = say("None of the {count} codes from a phone-like page was read", count=len(tried))
        return "scan.phone_none", words
    if all(kinds[Kind.CODE_128]) and not any(kinds[Kind.QR]):
        return "scan.phone_no_qr", say("Bar codes were read from a phone-like page, QR codes were not")
    if all(kinds[Kind.QR]) and not any(kinds[Kind.CODE_128]):
        return "scan.phone_no_bars", say("QR codes were read from a phone-like page, bar codes were not")
    if read < len(tried):
        words = say("{read} of {count} codes from a phone-like page were read", read=read, count=len(tried))
        return "scan.phone_slow", words
    usual = f"{median(times):.1f}"
    if median(times) >= SLOW_SECONDS:
        words = say("It reads phone-like pages slowly, usually after {seconds} s", seconds=usual)
        return "scan.phone_slow", words
    return "scanner.scanned", say("It reads phone-like pages, usually after {seconds} s", seconds=usual)
