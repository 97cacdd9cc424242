"""Which profile a printer gets, by its own word, its USB identity or a person's."""

from __future__ import annotations

import pytest

from console.domain.errors import BadInput
from console.domain.models import GENERIC, Counter, Model, ModelFile, Models, with_counters

MODELS = Models(
    (
        Model("Epson TM-T88", "escpos", says=("TM-T88*",), maker=("EPSON",), usb=("04b8:0e21",)),
        Model("Epson TM-T88V", "escpos", says=("TM-T88V",), maker=("EPSON",)),
        Model("Clone", "escpos", says=("TM-*",)),
        Model("Twin A", "escpos", usb=("0416:5011",)),
        Model("Twin B", "escpos", usb=("0416:5011",)),
    )
)


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ({"ModelName": "TM-T88V", "ManufacturerName": "EPSON"}, "Epson TM-T88V"),
        ({"ModelName": "tm-t88vi", "ManufacturerName": "Epson"}, "Epson TM-T88"),
        ({"ModelName": "TM-T88V", "ManufacturerName": "Gainscha"}, "Clone"),
        ({"UsbId": "04B8:0E21"}, "Epson TM-T88"),
        ({"UsbId": "0416:5011"}, "ESC/POS"),  # two models share it: neither is claimed
        ({"ModelName": "", "ManufacturerName": "EPSON"}, "ESC/POS"),
        ({"ModelName": "[x", "ManufacturerName": "*"}, "ESC/POS"),
        ({}, "ESC/POS"),
    ],
)
def test_the_longest_pattern_that_fits(identity: dict[str, str], name: str) -> None:
    assert MODELS.find("auto", identity).name == name


def test_a_persons_word_goes_before_the_printers() -> None:
    assert MODELS.find("Clone", {"ModelName": "TM-T88V", "ManufacturerName": "EPSON"}).name == "Clone"


def test_a_generic_profile_for_each_language() -> None:
    for language, generic in GENERIC.items():
        assert MODELS.find("auto", {"ModelName": "no such"}, language) is generic
        assert generic.name in MODELS.names


def test_counters_are_those_that_the_numbers_name() -> None:
    shared = (Counter(20, "ReceiptLineFeedCount", resettable=True), Counter(148, "ReceiptLineFeedCount", 99))
    made = with_counters([ModelFile((Model("A", "escpos", counters=(148,)),), shared)])
    assert made.every[0].counter == (shared[1],)
    assert made.every[0].wraps_at("ReceiptLineFeedCount") == 99
    with pytest.raises(BadInput, match="number = 149"):
        with_counters([ModelFile((Model("A", "escpos", counters=(149,)),), shared)])
