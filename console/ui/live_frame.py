"""Keeps a frame true to its store: lights, sentences, badges and tray; builds each page when it is opened."""

from __future__ import annotations

import importlib
from contextlib import suppress
from functools import reduce

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWidgets import QSplitter

from console.domain.errors import TillkeeperError
from console.domain.lights import Light, loudest
from console.domain.subjects import DEVICE_KINDS, Subject
from console.domain.words import say, say_many
from console.services.sentences import counts, summary
from console.services.times import clock_time, date
from console.ui.context import Context
from console.ui.frame import PAGES, Frame
from console.ui.key_watch import KeyWatch
from console.ui.pages.page import Page
from console.ui.tray import Tray
from console.ui.widgets.notice_bar import NoticeBar
from console.ui.widgets.plugged_bar import PluggedBar

KINDS_SHOWN = {"devices": DEVICE_KINDS, "network": ("backend", "network")}  # for the badges in the rail
BADGES = (Light.FAULT, Light.ATTENTION, Light.UNKNOWN)


class LiveFrame(QObject):
    """One store in one frame; both are left behind together when language, theme or profile change."""

    def __init__(self, frame: Frame, context: Context, tray: Tray) -> None:
        super().__init__(frame)
        self._frame = frame
        self._context = context
        self._tray = tray
        self._last_check = ""
        self.pages: dict[str, Page] = {}
        frame.add_notices(NoticeBar(context.console.notices, context.text, context.console.trouble))
        if context.console.plugs is not None:
            frame.add_notices(PluggedBar(context, context.console.plugs))
        frame.bar.demo.setVisible(context.console.demo is not None)
        frame.bar.demo.clicked.connect(self._open_demo)
        KeyWatch(context, self)
        context.lights_changed.connect(self.show_lights)
        context.tick.connect(self._show_clock)
        context.full_check.finished.connect(self._read_last_check)
        self.show_lights()
        self._show_clock()
        self._read_last_check()

    def go(self, key: str, subject: Subject | None = None) -> None:
        """Open a page, built now if it is the first time; KeyError for a page that does not exist."""
        page = self.pages.get(key) or self._build(key)
        self._frame.stack.setCurrentWidget(page)
        self._frame.rail.show_page(key)
        if subject is not None:
            page.show_subject(subject)

    def _build(self, key: str) -> Page:
        module, _, name = PAGES[key].partition(":")
        page: Page = getattr(importlib.import_module(module), name)(self._context)
        self.pages[key] = page
        self._frame.stack.addWidget(page)
        for splitter in page.findChildren(QSplitter):
            self._remember(splitter, f"splitter.{key}.{splitter.objectName()}")
        return page

    def _remember(self, splitter: QSplitter, name: str) -> None:
        settings = self._context.console.settings
        splitter.restoreState(QByteArray.fromHex(settings.get(name, "").encode()))
        splitter.splitterMoved.connect(
            lambda: settings.put(name, bytes(splitter.saveState().toHex().data()).decode())
        )

    def show_lights(self) -> None:
        """Say how the store is, in the top bar, the rail and the tray."""
        console, text = self._context.console, self._context.text
        board, light, unwatched = console.board, self._context.overall, self._context.unwatched
        if unwatched is not None and light is Light.UNKNOWN:
            sentence = text(unwatched)
        elif any(board.since(each.subject) for each in board.findings):
            sentence = summary(board.findings, console.name, console.language)
        else:
            sentence = text(say("Looking at everything for the first time"))
        word = console.language.light(light)
        detail = " · ".join(filter(None, (self._counts(), self._last_check)))
        self._frame.bar.show_store(light, word, sentence, detail)
        self._tray.show_store(light, sentence, self._context.theme)
        for key, kinds in KINDS_SHOWN.items():
            heard = [
                each.light
                for each in board.findings
                if each.subject.kind in kinds and board.since(each.subject)
            ]
            worst = loudest(heard)
            badge = worst if heard and worst in BADGES else None
            self._frame.rail.buttons[key].set_badge(badge, console.language.light(worst) if badge else "")

    def _counts(self) -> str:
        words = counts(self._context.console.board.findings)
        if not words:
            return ""
        return self._context.text(
            reduce(lambda first, then: say("{first}, {then}", first=first, then=then), words)
        )

    def _show_clock(self) -> None:
        now = self._context.now()
        self._frame.bar.show_clock(now, date(now, self._context.console.language))

    def _read_last_check(self) -> None:
        self._context.spawn(self._ask_history(), "reading the last check")

    async def _ask_history(self) -> None:
        console = self._context.console
        last = None
        with suppress(TillkeeperError):  # the notices have told what is wrong with the history
            last = await console.history.last_check()
        if last is None:
            return
        started, seconds, number = last
        self._last_check = self._context.text(
            say_many(
                "last full check {time}, {count} item, {seconds} s",
                "last full check {time}, {count} items, {seconds} s",
                number,
                time=clock_time(started, self._context.now(), console.language),
                seconds=f"{seconds:.1f}",
            )
        )
        self.show_lights()

    def _open_demo(self) -> None:
        from console.ui.dialogs.demo_faults import DemoFaultsDialog

        DemoFaultsDialog(self._context, self._frame).open()
