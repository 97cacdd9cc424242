"""Golden bytes: Epson "ESC/POS Command Reference", tables of DLE EOT, GS a (ASB) and GS r."""

import pytest

from console.simulators.escpos_status import asb, asb_due, dle_eot, gs_r

FINE = frozenset[str]()

# fault: DLE EOT 1, 2, 3, 4, then the four bytes of ASB
GOLDEN = {
    "": ("12 12 12 12", "10 00 00 0f"),
    "drawer_open": ("16 12 12 12", "14 00 00 0f"),
    "offline": ("1a 12 12 12", "18 00 00 0f"),
    "waiting": ("3a 12 12 12", "18 01 00 0f"),
    "feed_pressed": ("5a 1a 12 12", "58 02 00 0f"),
    "cover_open": ("1a 16 12 12", "38 00 00 0f"),
    "paper_out": ("1a 32 12 7e", "18 00 0f 0f"),
    "paper_low": ("12 12 12 1e", "10 00 03 0f"),
    "mechanical": ("1a 52 16 12", "18 04 00 0f"),
    "cutter_jam": ("1a 52 1a 12", "18 08 00 0f"),
    "cutter_stopped": ("1a 52 1a 12", "18 08 00 0f"),
    "unrecoverable": ("1a 52 32 12", "18 20 00 0f"),
    "head_hot": ("1a 52 52 12", "18 40 00 0f"),
}


@pytest.mark.parametrize("fault", GOLDEN)
def test_each_fault_sets_the_bits_of_the_manual(fault: str) -> None:
    faults = {fault} - {""}
    realtime, automatic = (bytes.fromhex(text) for text in GOLDEN[fault])
    assert b"".join(dle_eot(n, faults) for n in (1, 2, 3, 4)) == realtime
    assert asb(faults) == automatic


def test_faults_add_up() -> None:
    assert dle_eot(2, {"cover_open", "paper_out", "cutter_jam"}) == b"\x76"
    assert dle_eot(3, {"mechanical", "cutter_jam", "unrecoverable", "head_hot"}) == b"\x7e"
    assert asb({"drawer_open", "cover_open", "head_hot", "paper_low"}) == b"\x3c\x40\x03\x0f"


def test_every_answer_carries_its_mark() -> None:
    everything = {fault for fault in GOLDEN if fault}
    for faults in (FINE, everything):
        assert all(dle_eot(n, faults)[0] & 0x93 == 0x12 for n in (1, 2, 3, 4))
        first, *others = asb(faults)
        assert first & 0x93 == 0x10
        assert all(byte & 0x90 == 0 for byte in others)


@pytest.mark.parametrize(
    ("n", "faults", "answer"),
    [
        (1, FINE, "00"),
        (49, {"paper_low"}, "03"),
        (1, {"paper_out"}, "0f"),
        (2, FINE, "00"),
        (50, {"drawer_open"}, "01"),
        (4, FINE, "00"),
        (3, FINE, ""),
        (33, FINE, ""),
    ],
)
def test_queued_status(n: int, faults: frozenset[str], answer: str) -> None:
    assert gs_r(n, faults) == bytes.fromhex(answer)


@pytest.mark.parametrize(
    ("fault", "bit"),
    [
        ("drawer_open", 0x01),
        ("offline", 0x02),
        ("cover_open", 0x02),
        ("head_hot", 0x04),
        ("cutter_jam", 0x04),
        ("paper_low", 0x08),
        ("feed_pressed", 0x40),
    ],
)
def test_a_change_is_due_where_its_class_is_on(fault: str, bit: int) -> None:
    before, after = asb(FINE), asb({fault})
    assert asb_due(bit, before, after)
    assert not asb_due(0, before, after)
    assert not asb_due(bit, after, after)


def test_a_change_of_another_class_is_not_due() -> None:
    assert not asb_due(0xFF & ~0x08, asb(FINE), asb({"paper_low"}))
    assert not asb_due(0xFF & ~0x01, asb(FINE), asb({"drawer_open"}))
