"""A model's profile says which questions are put to a printer, and what its counters are."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from console.domain.models import LINES
from console.domain.ports import PrinterDriver
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.subjects import Subject
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.storage.models import shipped_models

COUNTS = {20: 11, 148: 22}


@pytest.fixture
async def printer(request: pytest.FixtureRequest) -> AsyncIterator[PrinterSimulator]:
    maker, model = request.param
    simulator = PrinterSimulator.tcp(model=PrinterModel(maker, model, counters=COUNTS))
    await simulator.open()
    yield simulator
    await simulator.close()


def driver(printer: PrinterSimulator, model: str = "auto") -> PrinterDriver:
    entry = Printer("front", printer.address, model=model)
    store = StoreProfile(Store("店"), printer=(entry,))
    clock = SystemClock("Asia/Shanghai")
    made: PrinterDriver = open_driver(  # type: ignore[assignment]
        Subject("printer", "front"), entry, store, clock, models=shipped_models
    )
    return made


@pytest.mark.parametrize("printer", [("CITIZEN", "CT-S310II")], indirect=True)
async def test_a_question_that_the_model_leaves_unanswered_is_not_put(printer: PrinterSimulator) -> None:
    identity, counters = await driver(printer).identify()
    assert identity["FontName"] == "CHINA GB18030"
    assert "SerialNumber" not in identity
    assert counters[LINES] == 22


@pytest.mark.parametrize("printer", [("BIXOLON", "SRP-330II")], indirect=True)
async def test_a_model_without_counters_is_not_asked_for_any(printer: PrinterSimulator) -> None:
    identity, counters = await driver(printer).identify()
    assert identity["ManufacturerName"] == "BIXOLON"
    assert counters == {}
    assert "GS g" not in printer.commands


@pytest.mark.parametrize("printer", [("HPRT", "TP809")], indirect=True)
async def test_resettable_counters_where_there_are_no_others(printer: PrinterSimulator) -> None:
    assert (await driver(printer).identify())[1][LINES] == 11


@pytest.mark.parametrize("printer", [("Nobody", "NX-1")], indirect=True)
async def test_an_unknown_model_is_asked_what_most_answer(printer: PrinterSimulator) -> None:
    identity, counters = await driver(printer).identify()
    assert identity["SerialNumber"]
    assert counters[LINES] == 22


@pytest.mark.parametrize("printer", [("Nobody", "NX-1")], indirect=True)
async def test_a_chosen_model_rules(printer: PrinterSimulator) -> None:
    assert (await driver(printer, "HPRT TP80x").identify())[1][LINES] == 11
