"""What the drivers make of label printers that know less than the manuals say, or tell it otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.evidence import signs_of
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.printer.driver import DirectPrinter
from console.drivers.printer.tspl.language import Tspl
from console.drivers.printer.zpl.language import Zpl
from console.drivers.registry import connector, open_driver
from console.simulators.label_printer import LabelPrinterModel
from console.simulators.tspl import TsplSimulator
from console.simulators.zpl import ZplSimulator

HASTY = 0.4


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.monotonic()


class Page:
    title = "测试页"
    lines = ("Hello",) * 9  # on two labels
    code = "TK0123456789"


def driver(
    sim: Any, language: Callable[..., Any], answer_seconds: float = HASTY, echo: float = 20.0
) -> DirectPrinter:
    clock = WallClock()
    way = connector(parse_address(sim.address, "printer"))
    return DirectPrinter(way, language(clock, frozenset(), answer_seconds), clock, echo_seconds=echo)


class Deaf:
    """A client that has left."""

    closed = True

    def write(self, data: bytes) -> None:
        pass

    def pause(self, on: bool) -> None:
        pass

    def hang_up(self) -> None:
        pass


def ignore(doing: Words) -> None:
    pass


@pytest.mark.parametrize(("kind", "language"), [(TsplSimulator, Tspl), (ZplSimulator, Zpl)])
async def test_without_counters_health_before_and_after_is_all_the_proof(kind: Any, language: Any) -> None:
    async with kind.tcp(model=LabelPrinterModel(knows_queries=False)) as sim:
        proof, evidence = await driver(sim, language).print_test_page(Page(), ignore)
        assert len(sim.papers) == 2
    assert proof.grade is Grade.C
    assert signs_of(evidence) >= {"status.online", "print.unproven"}


@pytest.mark.parametrize(("kind", "language"), [(TsplSimulator, Tspl), (ZplSimulator, Zpl)])
async def test_a_label_that_is_still_printing_at_the_end_proves_little(kind: Any, language: Any) -> None:
    async with kind.tcp(model=LabelPrinterModel(print_seconds=60)) as sim:
        proof, _ = await driver(sim, language, 2.0, echo=0.5).print_test_page(Page(), ignore)
        assert not sim.papers
    assert proof.grade is Grade.D


@pytest.mark.parametrize(("kind", "language"), [(TsplSimulator, Tspl), (ZplSimulator, Zpl)])
async def test_the_job_waits_for_the_last_label(kind: Any, language: Any) -> None:
    async with kind.tcp(model=LabelPrinterModel(print_seconds=0.4)) as sim:
        proof, _ = await driver(sim, language, 2.0).print_test_page(Page(), ignore)
        assert len(sim.papers) == 2
    assert proof.grade is Grade.B


@pytest.mark.parametrize("fault", ["paper_out", "ribbon_out", "cover_open", "head_hot"])
async def test_a_zpl_printer_that_answers_host_status_in_no_trouble_tells_it_by_its_flags(fault: str) -> None:
    async with ZplSimulator.tcp(model=LabelPrinterModel(answers_in_trouble=False)) as sim:
        sim.set_fault(fault)
        evidence = await driver(sim, Zpl).examine()
    assert [each.probe for each in evidence] == ["zpl.hqes"]
    assert "status.online" not in signs_of(evidence)


async def test_a_tspl_printer_that_knows_one_question_is_not_asked_the_other_again() -> None:
    async with TsplSimulator.tcp(model=LabelPrinterModel(knows_queries=False)) as sim:
        asked = driver(sim, Tspl)
        assert [each.probe for each in await asked.examine()] == ["tspl.esc_status"]
        began = time.monotonic()
        assert [each.probe for each in await asked.examine()] == ["tspl.esc_status"]
        assert time.monotonic() - began < HASTY


@pytest.mark.parametrize(("kind", "protocol"), [(TsplSimulator, "tspl"), (ZplSimulator, "zpl")])
async def test_the_profile_leads_to_the_driver_and_the_labels_size(kind: Any, protocol: Any) -> None:
    async with kind.tcp() as sim:
        entry = Printer("labels", sim.address, protocol, label_size="40x30")
        opened: Any = open_driver(
            Subject("printer", "labels"), entry, StoreProfile(Store("x"), printer=(entry,)), WallClock()
        )
        proof, _ = await opened.print_test_page(Page(), ignore)
        assert {(label.width, label.height) for label in sim.papers} == {(320, 240)}
    assert proof.grade is Grade.B


@pytest.mark.parametrize("left", [b"TEXT 8,8,", b"SIZE 60 m", b'QRCODE 1,1,M,4,A,0,"x', b"PRIN"])
async def test_what_a_broken_off_job_left_spoils_neither_page_nor_proof(left: bytes) -> None:
    async with TsplSimulator.pty() as sim:
        sim.received(Deaf(), left)
        proof, _ = await driver(sim, Tspl).print_test_page(Page(), ignore)
        assert Page.code in sim.text()
    assert proof.grade is Grade.B


async def test_half_a_label_of_a_broken_off_job_is_forgotten() -> None:
    async with ZplSimulator.pty() as sim:
        sim.received(Deaf(), b"^XA^FO1,1^ADN,18,10^FDleft")
        proof, _ = await driver(sim, Zpl).print_test_page(Page(), ignore)
        assert "left" not in sim.text()
    assert proof.grade is Grade.B


@pytest.mark.parametrize("language", [Tspl, Zpl])
def test_a_label_has_no_pattern_for_dead_dots(language: Callable[..., Any]) -> None:
    assert language(WallClock()).head(80) is None
