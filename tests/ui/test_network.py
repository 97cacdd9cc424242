"""The network page: the first broken rung, what it means, what to do, and testing again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from console.domain.evidence import Evidence
from console.domain.findings import judge
from console.domain.lights import Light
from console.domain.profile import Backend, Store, StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.services.language import Language
from console.ui.context import Context
from console.ui.pages.network import NetworkPage
from console.ui.theme import Theme
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small
from tests.ui.store import ORDERS, ShopFloor, shop_floor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)
both = pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)
Seen = tuple[str, str, float, dict[str, str]]

GROUND: Sequence[Seen] = (
    ("link.eth0", "link.up", 0.001, {"interface": "eth0"}),
    ("address.eth0", "address.usable", 0.001, {"address": "192.168.1.23"}),
    ("gateway.192.168.1.1", "gateway.alive", 0.2, {"gateway": "192.168.1.1", "seconds": "0.0031"}),
    ("dns.192.168.1.1", "dns.answers", 0.012, {}),
)
WAY: Sequence[Seen] = (
    ("dns.orders.example", "dns.resolved", 0.014, {}),
    ("tcp.203.0.113.7:443", "tcp.connected", 0.022, {"address": "203.0.113.7"}),
    ("tls.203.0.113.7:443", "tls.trusted", 0.041, {"days_left": "61"}),
    ("http.get", "http.expected", 0.078, {}),
)
MUTE: Seen = ("dns.192.168.1.1", "dns.no_answer", 2.0, {})
EXPIRED: Seen = ("tls.203.0.113.7:443", "tls.expired", 0.04, {})


def evidence(floor: ShopFloor, seen: Sequence[Seen]) -> tuple[Evidence, ...]:
    now = floor.clock.now()
    return tuple(
        Evidence(probe, "raw", say(f"{probe} says {sign}"), now, seconds, frozenset({sign}), facts)
        for probe, sign, seconds, facts in seen
    )


def tell(floor: ShopFloor, network: Sequence[Seen], backend: Sequence[Seen], of: Subject = ORDERS) -> None:
    """What the board shows from now on, and what the probes say when they are asked again."""
    for subject, seen in ((NETWORK, network), (of, backend)):
        floor.devices[subject].evidence = evidence(floor, seen)
        floor.console.board.put(judge(subject, floor.devices[subject].evidence, floor.table))


def opened(context: Context, qtbot: QtBot) -> NetworkPage:
    made = NetworkPage(context)
    qtbot.addWidget(made)
    made.resize(928, 704)
    made.show()
    return made


@pytest.fixture
def page(floor: ShopFloor, context: Context, qtbot: QtBot) -> NetworkPage:
    tell(floor, GROUND, WAY)
    return opened(context, qtbot)


def lights(page: NetworkPage) -> list[Light]:
    return [each.stop.light for each in page.ladder.stops if each.stop]


def read_out(page: NetworkPage) -> list[str]:
    return [each.accessibleName() for each in page.ladder.stops]


@english
async def test_a_whole_way_shows_every_rung_with_its_time(page: NetworkPage) -> None:
    assert lights(page) == [Light.OK] * 6
    assert read_out(page) == [
        "This till: OK",
        "Network cable: OK",
        "Router: 3 ms",
        "Name lookup: 14 ms",
        "Internet: 22 ms",
        "订单后台: 78 ms",
    ]
    assert page.verdict.light.light is Light.OK
    assert "61 days left" in texts(page.facts)
    assert "192.168.1.23" in texts(page.facts)


@english
async def test_the_first_broken_rung_is_red_and_those_behind_it_grey(
    page: NetworkPage, floor: ShopFloor, until: Until
) -> None:
    tell(floor, (*GROUND[:3], MUTE), [("dns.orders.example", "dns.no_answer", 2.0, {})])
    await until(lambda: Light.FAULT in lights(page))
    assert lights(page) == [Light.OK, Light.OK, Light.OK, Light.FAULT, Light.UNKNOWN, Light.UNKNOWN]
    assert read_out(page)[3:5] == ["Name lookup: no answer", "Internet: not reached"]
    cause = Language("en").cause("dns.no_answer")
    assert page.verdict.title.text() == cause.title
    for text in (cause.explain, *cause.advice):
        assert text in texts(page)


@english
async def test_causes_that_look_alike_stand_together_with_the_test_that_would_tell(
    page: NetworkPage, floor: ShopFloor, until: Until
) -> None:
    tell(floor, GROUND, (*WAY[:2], EXPIRED))
    await until(lambda: lights(page)[-1] is Light.FAULT)
    read = texts(page)
    for code in ("tls.expired", "clock.wrong"):
        assert f"· {Language('en').cause(code).title}" in read
    assert f"What would tell: {Language('en').test('second_clock')}" in read


@english
async def test_testing_again_asks_network_and_backend_and_can_be_stopped(
    page: NetworkPage, floor: ShopFloor, until: Until
) -> None:
    floor.devices[ORDERS].held.clear()
    asked = floor.devices[NETWORK].asked
    button(page, "Test again").click()
    await until(lambda: floor.devices[NETWORK].asked == asked + 1 and floor.devices[ORDERS].asked)
    button(page, "Testing… Stop").click()
    await until(lambda: page.again.text() == "Test again")
    floor.devices[ORDERS].evidence = evidence(floor, (*WAY[:2], EXPIRED))
    floor.devices[ORDERS].held.set()
    button(page, "Test again").click()
    await until(lambda: lights(page)[-1] is Light.FAULT)
    await until(lambda: page.again.text() == "Test again")


@english
async def test_a_fault_leads_to_its_emergency_steps_with_one_press(
    page: NetworkPage, floor: ShopFloor, until: Until
) -> None:
    gone: list[tuple[str, object]] = []
    page.context.navigate.connect(lambda to, subject: gone.append((to, subject)))
    assert not page.ways_on.checklist.isVisible()
    tell(floor, (*GROUND[:3], MUTE), ())
    await until(page.ways_on.checklist.isVisible)
    page.ways_on.checklist.click()
    assert gone == [("emergency", NETWORK)]


@english
async def test_the_text_for_the_provider_holds_cause_and_evidence(
    page: NetworkPage, floor: ShopFloor, until: Until
) -> None:
    tell(floor, (*GROUND[:3], MUTE), ())
    await until(lambda: lights(page)[3] is Light.FAULT)
    button(page, "Text for the provider").click()
    copied = QGuiApplication.clipboard().text()
    assert "dns.no_answer" in copied
    assert "dns.192.168.1.1 says dns.no_answer" in copied
    button(page, "Copied")


@english
async def test_pressing_a_rung_points_at_its_evidence(page: NetworkPage) -> None:
    assert not page.table.isVisible()
    router = page.ladder.stops[2]
    router.setFocus()
    QTest.keyClick(router, Qt.Key.Key_Return)
    assert page.table.isVisible()
    (row,) = {each.row() for each in page.table.selectedIndexes()}
    item = page.table.item(row, 0)
    assert item is not None
    assert item.text() == "gateway.192.168.1.1"


@english
async def test_arrow_keys_walk_along_the_ladder(page: NetworkPage) -> None:
    page.activateWindow()
    page.ladder.stops[0].setFocus()
    QTest.keyClick(page.ladder.stops[0], Qt.Key.Key_Right)
    assert QApplication.focusWidget() is page.ladder.stops[1]


@english
async def test_values_show_their_age(page: NetworkPage, floor: ShopFloor) -> None:
    floor.clock.advance(240)
    page.context.tick.emit()
    assert "4 min ago" in texts(page.facts)


TWO = StoreProfile(
    Store("Market Street", "en"),
    backend=(
        Backend("orders", "https://orders.example/health", label="Orders"),
        Backend("stock", "https://stock.example/health", label="Stock"),
    ),
)


async def test_the_chooser_changes_the_way_that_is_shown(qtbot: QtBot, until: Until) -> None:
    floor, failures = shop_floor(TWO, "en"), list[BaseException]()
    stock = Subject("backend", "stock")
    tell(floor, GROUND, WAY)
    tell(floor, GROUND, (*WAY[:2], EXPIRED), of=stock)
    context = Context(floor.console, Theme.named("light"), lambda error, where: failures.append(error))
    page = opened(context, qtbot)
    assert page.chooser.currentText() == "Stock"  # the one in trouble comes first
    assert lights(page)[-1] is Light.FAULT
    page.show_subject(ORDERS)
    assert page.chooser.currentText() == "Orders"
    assert lights(page)[-1] is Light.OK
    page.chooser.setFocus()
    QTest.keyClick(page.chooser, Qt.Key.Key_Down)
    await until(lambda: lights(page)[-1] is Light.FAULT)
    await context.close()
    assert failures == []


async def test_a_store_without_backends_is_shown_the_way_to_its_set_up(qtbot: QtBot) -> None:
    floor, failures = shop_floor(StoreProfile(Store("Corner", "en")), "en"), list[BaseException]()
    context = Context(floor.console, Theme.named("light"), lambda error, where: failures.append(error))
    gone: list[str] = []
    context.navigate.connect(lambda to, subject: gone.append(to))
    page = opened(context, qtbot)
    assert "Waiting for the first answer" in texts(page)
    assert len(page.ladder.stops) == 4
    button(page, "Open settings").click()
    assert gone == ["settings"]
    await context.close()
    assert failures == []


@english
async def test_a_page_that_is_gone_before_the_answer_breaks_nothing(
    floor: ShopFloor, context: Context, until: Until
) -> None:
    tell(floor, GROUND, WAY)
    page = NetworkPage(context)
    floor.devices[ORDERS].held.clear()
    floor.devices[ORDERS].evidence = evidence(floor, (*WAY[:2], EXPIRED))
    page.again.click()
    await until(lambda: floor.devices[ORDERS].asked)
    page.deleteLater()
    await until(lambda: not isValid(page))
    floor.devices[ORDERS].held.set()
    await until(lambda: floor.console.board.finding(ORDERS).light is Light.FAULT)
    floor.show(NETWORK, Light.UNKNOWN)
    context.tick.emit()


@both
@pytest.mark.parametrize("size", [(928, 704), (587, 320)])
async def test_nothing_is_cut_off_nameless_or_too_small(
    page: NetworkPage, floor: ShopFloor, size: tuple[int, int], until: Until
) -> None:
    page.resize(*size)
    ways = ((GROUND, WAY), ((*GROUND[:3], MUTE), ()), (GROUND, (*WAY[:2], EXPIRED)), (GROUND[:1], ()))
    for network, backend in ways:
        tell(floor, network, backend)
        page.refresh()
        await until(lambda: cut_off(page) == [])
        assert too_small(page) == []
        assert nameless(page) == []


@english
async def test_a_router_that_is_not_on_the_way_is_not_green(page: NetworkPage, floor: ShopFloor) -> None:
    direct: Seen = ("route.way", "gateway.not_needed", 0.001, {})
    tell(floor, (*GROUND[:2], direct, GROUND[3]), WAY)
    page.refresh()
    assert lights(page) == [Light.OK, Light.OK, Light.OFF, Light.OK, Light.OK, Light.OK]
    assert "not on this way" in read_out(page)[2]


@both
async def test_what_changed_since_it_last_worked_is_told_while_it_does_not(
    page: NetworkPage, floor: ShopFloor, until: Until
) -> None:
    said = "It last worked at 09:32" if floor.console.language.code == "en" else "上次正常是 09:32"
    assert said not in texts(page.facts)  # it works
    floor.clock.advance(300)
    router = ("gateway.192.168.0.1", "gateway.alive", 0.2, {"gateway": "192.168.0.1", "seconds": "0.0031"})
    mute = [WAY[0], ("tcp.203.0.113.7:443", "tcp.timeout", 4.0, {})]
    tell(floor, [*GROUND[:2], router, GROUND[3]], mute)
    page.refresh()
    assert said in texts(page.facts)
    assert "192.168.1.1 → 192.168.0.1" in texts(page.facts)
    assert texts(page.facts).count("→") == 1
    await until(lambda: not cut_off(page.facts))
    page.ways_on.copy.click()
    assert "192.168.1.1 → 192.168.0.1" in QGuiApplication.clipboard().text()
    tell(floor, GROUND, mute)
    page.refresh()
    assert said in texts(page.facts)
    assert "→" not in texts(page.facts)
    tell(floor, GROUND, WAY)
    page.refresh()
    assert said not in texts(page.facts)
