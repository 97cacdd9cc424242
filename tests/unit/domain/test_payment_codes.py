"""Payment codes are known by their shape and kept by kind and length only; ours can be nobody's."""

from __future__ import annotations

import re

import pytest

from console.domain.payment_codes import Wallet, masks, reduced, synthetic_payment_code, wallet_of
from console.simulators.scanner import ScannerSimulator
from console.storage.logs import scrub


def digits(begins: str, length: int) -> str:
    return begins + "9" * (length - len(begins))


SHAPES = [
    *((digits(str(begins), 18), Wallet.WECHAT) for begins in range(10, 16)),
    *((digits(str(begins), length), Wallet.ALIPAY) for begins in range(25, 31) for length in range(16, 25)),
    (digits("62", 19), Wallet.UNIONPAY),
]
OTHERS = [
    digits("16", 18), digits("13", 17), digits("13", 19), digits("24", 18), digits("31", 18),
    digits("28", 15), digits("28", 25), digits("62", 18), digits("63", 19), "6901234567892",
    "TK-47110081/y:@z", "",
]  # fmt: skip


@pytest.mark.parametrize(("code", "wallet"), SHAPES)
@pytest.mark.parametrize("around", ["{}", "{}{}", "]Q1{}", "x{}", "{}\n{}", "码{}"])
def test_each_wallets_code_is_known_and_reduced(code: str, wallet: Wallet, around: str) -> None:
    text = around.replace("{}", code)
    assert wallet_of(text) is wallet
    assert "99" not in reduced(text)
    assert wallet.value in reduced(text)
    assert str(len(text)) in reduced(text)


@pytest.mark.parametrize("code", OTHERS)
def test_other_codes_are_none(code: str) -> None:
    assert wallet_of(code) is None
    assert reduced(code) == f"{len(code)} characters"


@pytest.mark.parametrize(("code", "wallet"), SHAPES)
def test_a_mask_keeps_wallet_and_length_alone(code: str, wallet: Wallet) -> None:
    ((place, mask),) = masks(code)
    assert (place, len(mask)) == (slice(0, len(code)), len(code))
    assert wallet_of(mask) is wallet
    assert "9" not in mask


@pytest.mark.parametrize("wallet", list(Wallet))
def test_a_synthetic_code_looks_like_the_wallets_and_can_be_nobodys(wallet: Wallet) -> None:
    sim = ScannerSimulator.pty()
    for _ in range(200):
        code = synthetic_payment_code(wallet)
        assert len(code) == (19 if wallet is Wallet.UNIONPAY else 18)
        assert wallet_of(digits(code[:2], len(code))) is wallet
        left = "".join(re.findall("[0-9]", code))  # a faulty scanner may lose the letters, or send all twice
        sent = [text for fault in sim.known_faults for text in faulty(sim, fault, code)]
        for text in (code, code * 2, left, left * 2, *sent):
            assert wallet_of(text) is None
        assert scrub(code) == code  # so it may be told by name
    assert synthetic_payment_code(wallet) != synthetic_payment_code(wallet)


def faulty(sim: ScannerSimulator, fault: str, code: str) -> list[str]:
    sim.clear_faults()
    sim.set_fault(fault)
    return [text for text, _ in sim.transmissions(code)]
