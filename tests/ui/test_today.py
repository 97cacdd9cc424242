"""The Today page: can we sell, what is to be done, what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.check import LightChange
from console.domain.errors import Unreachable
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.domain.words import Words, say
from console.ui.context import Context
from console.ui.pages.today import TodayPage
from console.ui.theme import Theme
from console.ui.widgets.check_panel import CheckPanel
from console.ui.widgets.now_card import NowCard
from tests.ui.conftest import Until
from tests.ui.seen import button, texts
from tests.ui.store import (
    CARD,
    COUNTER,
    FRONT,
    KITCHEN,
    ORDERS,
    PROVABLE,
    SECOND,
    TILL,
    ShopFloor,
    shop_floor,
)

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
async def today(context: Context, qtbot: QtBot) -> TodayPage:
    made = TodayPage(context)
    qtbot.addWidget(made)
    made.resize(928, 704)
    made.show()
    return made


@pytest.fixture
def went(context: Context) -> list[tuple[str, Subject | None]]:
    """Where the page sent the person."""
    to: list[tuple[str, Subject | None]] = []
    context.navigate.connect(lambda page, subject: to.append((page, subject)))
    return to


class TestCards:
    async def test_every_subject_has_a_card_in_the_profiles_order(
        self, today: TodayPage, floor: ShopFloor
    ) -> None:
        assert list(today.cards) == [FRONT, KITCHEN, COUNTER, SECOND, TILL, CARD, ORDERS, NETWORK]
        assert floor.console.board.findings[0].subject == FRONT

    async def test_a_card_says_what_is_wrong_why_and_since_when(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.clock.advance(240)
        floor.show(FRONT, "printer.paper_low")
        floor.clock.advance(2)
        await until(lambda: "2 秒前 · 已持续 4 分钟" in texts(today.cards[FRONT]))
        cause = floor.console.language.cause("printer.paper_low")
        assert f"注意 · {cause.title}" in texts(today.cards[FRONT])
        assert cause.explain in texts(today.cards[FRONT])

    async def test_a_card_that_is_well_shows_its_newest_evidence_and_who_said_it(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.show(KITCHEN, Light.OK, say("Ready since breakfast"))
        await until(lambda: "Ready since breakfast" in texts(today.cards[KITCHEN]))
        assert texts(today.cards[KITCHEN]).splitlines()[:2] == ["后厨打印机", "正常"]
        assert "打印机上报" in texts(today.cards[KITCHEN])

    async def test_what_was_never_heard_or_is_off_is_not_called_well(self, today: TodayPage) -> None:
        assert "等待第一次回应" in texts(today.cards[CARD])
        assert "已停用" in texts(today.cards[SECOND])
        assert "正常" not in texts(today.cards[CARD]) + texts(today.cards[SECOND])

    async def test_a_light_that_changes_is_shown(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.show(KITCHEN, "printer.paper_out")
        await until(lambda: "故障" in texts(today.cards[KITCHEN]))
        floor.show(KITCHEN, Light.OK)
        await until(lambda: "故障" not in texts(today.cards[KITCHEN]))

    async def test_a_silenced_child_points_at_its_parent(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.show(NETWORK, "link.no_carrier")
        await until(lambda: "先处理门店网络" in texts(today.cards[ORDERS]))
        assert "未知" in texts(today.cards[ORDERS])
        assert "订单后台" not in texts(today.now)

    @pytest.mark.parametrize(
        ("subject", "says", "page"),
        [
            (FRONT, "处理", "devices"),
            (KITCHEN, "测试", "devices"),
            (TILL, "查看", "devices"),
            (SECOND, "设置", "settings"),
            (ORDERS, "处理", "network"),
            (NETWORK, "查看", "network"),
        ],
        ids=str,
    )
    async def test_one_press_leads_on(
        self, today: TodayPage, went: list[tuple[str, Subject | None]], subject: Subject, says: str, page: str
    ) -> None:
        QTest.mouseClick(button(today.cards[subject], says), LEFT)
        assert went == [(page, subject)]

    async def test_on_a_narrow_screen_the_cards_stand_in_one_column(
        self, today: TodayPage, until: Until
    ) -> None:
        assert today.cards[FRONT].y() == today.cards[KITCHEN].y()
        today.resize(420, 600)
        await until(lambda: today.cards[FRONT].y() < today.cards[KITCHEN].y())
        await until(lambda: today.now.mapTo(today, today.now.pos()).y() > today.cards[NETWORK].y())


class TestFullCheck:
    async def test_it_shows_how_far_it_is_and_what_it_waits_for(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.devices[ORDERS].held.clear()
        floor.devices[COUNTER].held.clear()
        QTest.mouseClick(today.check.start, LEFT)
        await until(lambda: "6/8" in texts(today.check))
        assert "收银扫码枪，订单后台" in texts(today.check)
        assert not today.check.start.isVisible()
        floor.devices[COUNTER].held.set()
        await until(lambda: "7/8" in texts(today.check))
        floor.devices[ORDERS].held.set()
        await until(today.check.start.isVisible)
        assert len(floor.history.checks) == 1

    async def test_a_comma_in_a_name_is_no_separator(
        self, failures: list[BaseException], qapp: QApplication, until: Until
    ) -> None:
        profile = StoreProfile(Store("x"), printer=(Printer("front", "tcp://192.0.2.50", label="前台, 左"),))
        store = shop_floor(profile)
        context = Context(store.console, Theme.named("light"), lambda error, where: failures.append(error))
        panel = CheckPanel(context)
        panel.show()
        store.devices[FRONT].held.clear()
        panel.start.click()
        await until(lambda: "1/2" in texts(panel))
        assert "前台, 左" in texts(panel)
        store.devices[FRONT].held.set()
        await until(panel.start.isVisible)
        await context.full_check.close()
        await context.close()

    async def test_cancel_stops_it_and_keeps_nothing(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.devices[ORDERS].held.clear()
        QTest.mouseClick(today.check.start, LEFT)
        await until(today.check.cancel.isVisible)
        assert today.check.cancel.hasFocus() or not today.isActiveWindow()
        QTest.mouseClick(today.check.cancel, LEFT)
        await until(today.check.start.isVisible)
        assert floor.history.checks == []

    async def test_the_last_one_is_told_with_its_light(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        await until(lambda: "还没有做过" in texts(today.last_check))
        QTest.mouseClick(today.check.start, LEFT)
        await until(lambda: "09:32" in texts(today.last_check))
        assert "8 项，0.0 秒" in texts(today.last_check)
        assert "还没有做过" not in texts(today.last_check)


class TestNow:
    async def test_the_worst_trouble_comes_first_with_its_first_step(
        self, today: TodayPage, floor: ShopFloor
    ) -> None:
        advice = floor.console.language.cause("tls.expired").advice
        shown = texts(today.now)
        assert shown.index("订单后台") < shown.index(advice[0]) < shown.index("前台打印机")
        assert "现在要处理：2" in shown

    async def test_next_step_leads_to_the_advice(
        self, today: TodayPage, went: list[tuple[str, Subject | None]]
    ) -> None:
        QTest.mouseClick(today.now.next, LEFT)
        QTest.mouseClick(button(today.now, "查看"), LEFT)
        assert went == [("network", ORDERS), ("devices", FRONT)]

    async def test_its_age_counts_on(self, today: TodayPage, floor: ShopFloor, until: Until) -> None:
        floor.clock.advance(4 * 60)
        await until(lambda: "09:32 开始 · 4 分钟" in texts(today.now))

    async def test_a_note_for_support_is_copied_with_the_evidence_as_it_is(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.show(ORDERS, "tls.expired", say("Said after the page was built"))
        QTest.mouseClick(today.now.hand_over, LEFT)
        note = QGuiApplication.clipboard().text()
        for part in (
            "人民路店",
            "backend:orders",
            "tls.expired",
            "2026-11-22 09:32:00+08:00",
            "Said after the page",
        ):
            assert part in note
        assert today.now.hand_over.text() == "已复制"

    async def test_when_all_is_well_it_says_so_and_only_then(
        self, failures: list[BaseException], qtbot: QtBot, until: Until
    ) -> None:
        well = shop_floor(PROVABLE)
        context = Context(well.console, Theme.named("light"), lambda error, where: failures.append(error))
        page = TodayPage(context)
        qtbot.addWidget(page)
        page.show()
        assert "没有要处理的事" not in texts(page.now)
        well.morning({})
        await until(lambda: "没有要处理的事，一切正常" in texts(page.now))
        await context.close()

    async def test_more_troubles_than_fit_are_counted(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        floor.show(KITCHEN, "printer.paper_out")
        floor.show(COUNTER, "scanner.not_found")
        floor.show(NETWORK, "dns.slow")
        await until(lambda: "现在要处理：5" in texts(today.now))
        assert "还有 1 项" in texts(today.now)

    async def test_an_answer_that_nothing_explains_is_a_trouble_too(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        strange = Evidence(
            "x.y", "?", say("Nobody knows"), floor.clock.now(), 0.1, frozenset({"never.heard"})
        )
        floor.console.board.put(Finding(CARD, Light.UNKNOWN, evidence=(strange,)))
        await until(lambda: "刷卡终端" in texts(today.now))


class TestHistory:
    async def test_changes_are_listed_newest_first(
        self, today: TodayPage, floor: ShopFloor, until: Until
    ) -> None:
        await until(lambda: "就会连同时间记在这里" in texts(today.changes))
        for minutes, (subject, light, cause) in enumerate(
            [(FRONT, Light.OK, None), (ORDERS, Light.FAULT, "tls.expired")]
        ):
            finding = floor.console.board.finding(subject)
            assert finding.subject == subject
            floor.history.kept.insert(
                0, (floor.clock.now() - timedelta(minutes=10 - minutes), str(subject), light.value, cause)
            )
        floor.show(KITCHEN, Light.OK)  # whatever changes makes the page read again
        await until(lambda: "09:23" in texts(today.changes))
        shown = texts(today.changes)
        assert shown.index("订单后台") < shown.index("前台打印机")
        assert floor.console.language.cause("tls.expired").title in shown

    async def test_a_broken_history_takes_nothing_else_away(
        self, today: TodayPage, floor: ShopFloor, until: Until, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(limit: int) -> list[LightChange]:
            raise Unreachable(say("the disk is gone"))

        monkeypatch.setattr(floor.history, "changes", broken)
        floor.show(KITCHEN, "printer.paper_out")
        await until(lambda: "后厨打印机" in texts(today.now))
        floor.clock.advance(1)
        await until(lambda: "1 秒前" in texts(today.cards[KITCHEN]))


class TestEmpty:
    async def test_a_store_without_devices_teaches_the_first_press(
        self, failures: list[BaseException], qtbot: QtBot
    ) -> None:
        empty = shop_floor(StoreProfile(Store("新店")))
        context = Context(empty.console, Theme.named("light"), lambda error, where: failures.append(error))
        page = TodayPage(context)
        qtbot.addWidget(page)
        page.show()
        went: list[str] = []
        context.navigate.connect(lambda key, subject: went.append(key))
        assert "还没有设备" in texts(page)
        QTest.mouseClick(button(page, "查找设备"), LEFT)
        assert went == ["devices"]
        await context.close()


class TestNothingWatched:
    @pytest.mark.parametrize("trouble", [None, say("broken")])
    async def test_an_empty_store_is_not_called_well(
        self, failures: list[BaseException], qtbot: QtBot, trouble: Words | None
    ) -> None:
        store = shop_floor(StoreProfile(Store("x")), "en")
        store.console.trouble = trouble
        store.show(NETWORK, Light.OK)
        context = Context(store.console, Theme.named("light"), lambda error, where: failures.append(error))
        card = NowCard(context)
        qtbot.addWidget(card)
        assert "Nothing is watched yet" in texts(card)
        assert "everything works" not in texts(card)
        assert context.overall is Light.UNKNOWN
        await context.close()

    @pytest.mark.parametrize("floor", ["en"], indirect=True)
    async def test_an_older_copy_of_a_broken_profile_is_watched_but_never_green(
        self, context: Context, floor: ShopFloor, qtbot: QtBot
    ) -> None:
        floor.morning({})
        floor.console.board.put(Finding(CARD, Light.OFF))
        lights = [context.overall]
        floor.console.trouble = say("broken")
        lights.append(context.overall)
        card = NowCard(context)
        qtbot.addWidget(card)
        assert "an older copy of it is watched" in texts(card)
        floor.show(FRONT, "printer.paper_out")
        lights.append(context.overall)
        assert lights == [Light.OK, Light.UNKNOWN, Light.FAULT]
