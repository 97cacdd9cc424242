"""The shipped model profiles are right and say where they are from; a wrong file is told exactly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.domain.errors import BadInput
from console.drivers.codecs.printer_states import MEANINGS
from console.storage.models import read_models, shipped_models
from console.storage.profile import parse_profile

STORE = '[store]\nname = "a"\n[[printer]]\nname = "front"\naddress = "tcp://192.0.2.1"\nmodel = "{}"\n'
GOOD = '[[model]]\nname = "A"\nlanguage = "escpos"\n'


def test_every_figure_has_its_source() -> None:
    for model in shipped_models().every:
        for source in (*(each.source for each in model.known), *(each.source for each in model.life)):
            assert len(source) > 10, model.name
        told = {each.what for each in model.known}
        assert not model.counters or "counters" in told, model.name
        assert not model.status or "status" in told, model.name


def test_names_are_used_once_and_usb_identities_are_well_formed() -> None:
    names = shipped_models().names
    assert len(set(names)) == len(names)
    for model in shipped_models().every:
        assert all(re.fullmatch("[0-9a-f]{4}:[0-9a-f]{4}", each) for each in model.usb), model.name


def test_status_abilities_are_signs_that_drivers_show() -> None:
    assert {sign for each in shipped_models().every for sign in each.status} <= MEANINGS.keys()


@pytest.mark.parametrize(
    ("says", "maker", "name"),
    [
        ("TM-T88VI", "EPSON", "Epson TM-T88 (IV–VII)"),
        ("TM-T20III", "EPSON", "Epson TM-T20 / TM-T82 / TM-T83"),
        ("CT-S310II", "CITIZEN", "Citizen CT-S (ESC/POS)"),
        ("SRP-330II", "BIXOLON", "Bixolon SRP (ESC/POS)"),
        ("XP-N160II", "", "ESC/POS"),
    ],
)
def test_what_shops_own(says: str, maker: str, name: str) -> None:
    assert shipped_models().find("auto", {"ModelName": says, "ManufacturerName": maker}).name == name


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD + 'dot = 3\n', 'line 4: model "A".dot: there is no such key; is "dots" meant?'),
        (GOOD + 'dots = "3"\n', '.dots: "3" stands here; a whole number without quotes is expected'),
        (GOOD + "line_mm = 4\n", ".line_mm: 4 stands here; a number with a decimal point is expected"),
        (GOOD + 'asks = [70]\n', 'line 4: model "A".asks: 70 must be a number from 65 to 69'),
        ('[[model]]\nname = "A"\n', 'line 1: model "A".language: this key is missing'),
        (GOOD + '[[model.life]]\npart = "head"\nlimit = 0.0\nsource = "x"\nmark = "documented"\n', "line 6:"),
        (GOOD + '[[model.life]]\npart = "head"\nlimit = 1.0\nsource = "x"\nmark = "sure"\n', "one of"),
        (GOOD + "counters = [148]\n", "there is no [[counter]] with number = 148"),
    ],
)  # fmt: skip
def test_exact_errors(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    with pytest.raises(BadInput) as caught:
        read_models(tmp_path)
    assert complaint in str(caught.value)


def test_a_profile_may_name_a_model() -> None:
    assert parse_profile(STORE.format("Epson TM-T90")).printer[0].model == "Epson TM-T90"


@pytest.mark.parametrize(("wrong", "near"), [("epson tm-t9", "Epson TM-T90"), ("qqqq", "auto")])
def test_an_unknown_model_names_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_profile(STORE.format(wrong), "store.toml")
    assert str(caught.value) == (
        f'store.toml, line 6: printer "front".model: there is no model "{wrong}"; is "{near}" meant?'
    )
