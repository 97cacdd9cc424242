"""Codes that customers pay with: never kept whole, and imitated only by what can be nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from console.domain.chance import drawn
from console.domain.words import Words, say


class Wallet(StrEnum):
    """Whose payment code it is."""

    WECHAT = "WeChat Pay"
    ALIPAY = "Alipay"
    UNIONPAY = "UnionPay QR"


WALLET_WORDS = {
    Wallet.WECHAT: say("WeChat Pay"),
    Wallet.ALIPAY: say("Alipay"),
    Wallet.UNIONPAY: say("UnionPay QR"),
}
_BEFORE = r"(?:(?<![0-9])(?<!\][A-Za-z])|(?<=\][A-Za-z][0-9]))"  # no digit but that of an AIM identifier
# Behind the first two digits a recording has "x" in the place of each.
_SHAPES = {
    Wallet.WECHAT: re.compile(_BEFORE + r"1[0-5](?:[0-9]{16}|x{16})(?![0-9x])"),
    Wallet.ALIPAY: re.compile(_BEFORE + r"(?:2[5-9]|30)(?:[0-9]{14,22}|x{14,22})(?![0-9x])"),
    Wallet.UNIONPAY: re.compile(_BEFORE + r"62(?:[0-9]{17}|x{17})(?![0-9x])"),
}
# Beginning and letters; twelve digits behind make them as long as the real ones mostly are (18, 18 and 19).
_SYNTHETIC = {Wallet.WECHAT: ("13", "TEST"), Wallet.ALIPAY: ("28", "TEST"), Wallet.UNIONPAY: ("62", "TESTS")}
_DIGITS = 12


def wallet_of(text: str) -> Wallet | None:
    """Whose payment code stands in `text`, once or read twice, with or without more; None for none."""
    half = text[: len(text) // 2]
    if half and half * 2 == text:
        text = half
    return next((wallet for wallet, shape in _SHAPES.items() if shape.search(text)), None)


def masks(text: str) -> Iterator[tuple[slice, str]]:
    """Where payment codes stand in `text`, with what may stand there instead: the wallet and length alone."""
    for wallet, shape in _SHAPES.items():
        for found in shape.finditer(text):
            yield slice(*found.span()), _SYNTHETIC[wallet][0].ljust(len(found[0]), "x")


def reduced(text: str) -> str:
    """All that may be kept of a code that is not our own: its length, and whose it is if one pays with it."""
    wallet = wallet_of(text)
    length = f"{len(text)} characters"
    return f"{wallet.value} payment code, {length}" if wallet else length


def foreign(text: str) -> Words:
    """What a person is told of a code that is not our own: no more than `reduced` keeps."""
    wallet = wallet_of(text)
    if wallet is None:
        return say("Another code arrived, of {count} characters. Nothing of it is kept.", count=len(text))
    return say(
        "A {wallet} payment code arrived, of {count} characters. Nothing of it is kept.",
        wallet=WALLET_WORDS[wallet],
        count=len(text),
    )


def synthetic_payment_code(wallet: Wallet) -> str:
    """A fresh code with the beginning and length of that wallet's, which can be nobody's.

    Every wallet's payment code is digits alone (18 from 10-15, 16 to 24 from 25-30, 19 from 62). Letters
    stand behind the first two digits, so that no payment service can take it for anybody's code, now or
    later. No number of digits alone would do, however odd its pattern: the services publish neither check
    digits nor ranges that they keep free. That they issue no letters is the form that they publish (that of
    UnionPay unchecked); what their servers say to one was not tried. Where a faulty scanner loses the
    letters, the 14 digits that are left are too few for any wallet, and twice as many are too many. A Code
    128 of it is a little wider than a real one, and a QR code as large: a scanner that reads this one reads
    a customer's.
    """
    return "".join((*_SYNTHETIC[wallet], drawn("0123456789", _DIGITS)))
