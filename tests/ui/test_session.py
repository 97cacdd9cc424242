"""The window with a real store behind it, from its start to its end."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.app.session import Wish, live
from console.app.window import place_of
from console.domain.lights import Light
from console.domain.subjects import Subject
from console.services.console import Console
from console.services.crash import CrashSink
from console.services.language import Language
from console.services.options import Options
from console.storage.settings import SettingsFile
from console.ui.dialogs.report import ReportDialog
from console.ui.frame import Frame
from console.ui.main_window import MainWindow
from console.ui.single_instance import SingleInstance
from console.ui.widgets.notice_bar import NoticeBar
from tests.ui.seen import texts

FRONT = Subject("printer", "front")
LONG = 30.0  # seconds; a busy machine starts a whole shop in a tenth of that
ONE_PRINTER = """
[store]
name = "{name}"
[[printer]]
name = "front"
address = "tcp://127.0.0.1:1"
"""


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(LONG):
        while not condition():  # noqa: ASYNC110 - what is waited for is seen, not signalled
            await asyncio.sleep(0.01)


@dataclass
class Session:
    """A running window."""

    window: MainWindow
    wishes: asyncio.Queue[Wish]
    settings: SettingsFile
    crashes: CrashSink
    task: asyncio.Task[None]

    @property
    def console(self) -> Console:
        assert self.window._console is not None
        return self.window._console

    @property
    def frame(self) -> Frame:
        return next(each for each in self.window.findChildren(Frame) if each.isVisibleTo(self.window))

    async def quit(self) -> None:
        self.wishes.put_nowait(None)
        async with asyncio.timeout(LONG):
            await self.task
            await asyncio.to_thread(self.settings.close)


Start = Callable[[Options], Awaitable[Session]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; temporary folders are made beside it."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
async def start(home: Path, qapp: QApplication) -> AsyncIterator[Start]:
    """Starts a window for some options, and waits until its store is shown."""
    begun: list[Session] = []

    async def started(options: Options) -> Session:
        settings = await asyncio.to_thread(SettingsFile, home / "settings.json")
        crashes = CrashSink(home / "reports", str)

        def report(error: BaseException, where: str) -> None:
            crashes.take(error, where)

        window = MainWindow(settings, report, Language("zh_CN"))
        window.show_starting()
        wishes: asyncio.Queue[Wish] = asyncio.Queue()
        task = asyncio.ensure_future(live(window, options, settings, crashes, wishes))
        session = Session(window, wishes, settings, crashes, task)
        begun.append(session)
        await until(lambda: task.done() or window._console is not None)
        return session

    yield started
    for each in begun:
        if not each.task.done():
            await each.quit()
        each.window.close()
        each.window.deleteLater()


def demo_folders(home: Path) -> list[Path]:
    return sorted((home.parent / "tmp").glob("tillkeeper-demo-*"))


def kept_causes(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "demo" / "history.db")) as database:
        return [row[0] for row in database.execute("SELECT cause FROM light_changes")]


class TestLights:
    async def test_they_turn_true_and_a_change_is_kept_and_told(self, start: Start, home: Path) -> None:
        session = await start(Options(demo=True, language="zh_CN"))
        console = session.console
        assert console.demo is not None
        await until(lambda: all(console.board.since(each.subject) for each in console.board.findings))
        assert console.board.finding(FRONT).light is Light.OK
        await asyncio.to_thread(console.demo.set_fault, FRONT, "paper_out", True)
        await console.check.examine(FRONT)
        await until(lambda: "前台打印机" in session.frame.bar.sentence.text())
        assert session.frame.bar.light.light is Light.FAULT
        await session.quit()
        assert "printer.paper_out" in await asyncio.to_thread(kept_causes, home)

    async def test_the_demo_s_names_follow_the_language(self, start: Start) -> None:
        session = await start(Options(demo=True, language="zh_CN"))
        console = session.console
        assert console.demo is not None
        await asyncio.to_thread(console.demo.set_fault, FRONT, "paper_out", True)
        await console.check.examine(FRONT)
        await until(lambda: "前台打印机" in session.frame.bar.sentence.text())
        session.window.set_language("en")
        await until(lambda: "Front printer" in session.frame.bar.sentence.text())
        assert session.window.windowTitle().startswith("People's Road")
        session.window.go("settings")
        await until(lambda: "Kitchen printer" in texts(session.window))
        assert "打印机" not in texts(session.window)
        session.window.set_language("zh_CN")
        await until(lambda: "前台打印机" in session.frame.bar.sentence.text())

    async def test_quit_leaves_nothing_running_or_lying_about(self, start: Start, home: Path) -> None:
        threads, tasks = set(threading.enumerate()), asyncio.all_tasks()
        session = await start(Options(demo=True, language="zh_CN"))
        assert len(demo_folders(home)) == 1
        await session.quit()
        assert asyncio.all_tasks() == tasks
        # The loop's own workers stay with the loop, and those that wait for work with the program.
        left = {each.name for each in set(threading.enumerate()) - threads if each.is_alive()}
        assert not {each for each in left if not each.startswith(("Dummy", "asyncio", "waits"))}
        assert demo_folders(home) == []


class TestErrors:
    async def test_an_error_in_a_task_or_thread_is_shown_to_the_person(self, start: Start) -> None:
        session = await start(Options(demo=True, language="zh_CN"))
        assert session.window._context is not None

        async def breaks() -> None:
            raise ZeroDivisionError("a task broke")

        session.window._context.spawn(breaks(), "breaking")
        await until(lambda: session.window.findChild(ReportDialog))
        (dialog,) = session.window.findChildren(ReportDialog)
        dialog.close()
        await until(lambda: not session.window.findChildren(ReportDialog))
        await asyncio.to_thread(session.crashes.take, ZeroDivisionError("a thread broke"), "a thread")
        await until(lambda: session.window.findChild(ReportDialog))
        await session.quit()  # while the test's loop runs


class TestAnotherStore:
    async def test_a_profile_that_another_program_changed_is_shown(
        self, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("console.app.session.FILE_LOOK", 0.05)
        profile = tmp_path / "store.toml"
        await asyncio.to_thread(profile.write_text, ONE_PRINTER.format(name="before"), "utf-8")
        session = await start(Options(profile=profile))
        await asyncio.to_thread(profile.write_text, ONE_PRINTER.format(name="edited outside"), "utf-8")
        await until(lambda: session.console.profile.store.name == "edited outside")
        await session.quit()  # while the test's loop runs

    async def test_a_changed_profile_is_shown_and_the_old_store_let_go(
        self, start: Start, tmp_path: Path
    ) -> None:
        path = tmp_path / "store.toml"
        await asyncio.to_thread(path.write_text, ONE_PRINTER.format(name="甲店"), "utf-8")
        session = await start(Options(profile=path))
        assert "甲店" in session.window.windowTitle()
        await asyncio.to_thread(path.write_text, ONE_PRINTER.format(name="乙店"), "utf-8")
        session.window.profile_changed.emit(session.console.profile)
        await until(lambda: "乙店" in session.window.windowTitle())
        await until(lambda: sum(each.get_name() == "chronicle" for each in asyncio.all_tasks()) == 1)
        await until(lambda: sum(each.get_name() == f"watch {FRONT}" for each in asyncio.all_tasks()) == 1)
        await until(lambda: session.frame.bar.light.light is Light.FAULT)
        await session.quit()  # while the test's loop runs

    async def test_a_first_store_follows_the_demo_and_claims_nothing(self, start: Start, home: Path) -> None:
        session = await start(Options(language="zh_CN"))
        assert session.console.demo is not None
        session.window.setup_requested.emit("新店", "zh_CN")
        await until(lambda: "新店" in session.window.windowTitle())
        await until(lambda: not demo_folders(home))
        assert session.console.profile_path == home / "store.toml"
        assert session.frame.bar.light.light is Light.UNKNOWN
        assert session.console.board.findings  # the network alone makes no store
        assert session.frame.bar.sentence.text() == "还没有设置设备"
        await session.quit()  # while the test's loop runs

    async def test_a_first_store_that_cannot_be_made_is_told_in_words(self, start: Start, home: Path) -> None:
        session = await start(Options(language="zh_CN"))
        await asyncio.to_thread((home / "store.toml").write_text, "", "utf-8")
        session.window.setup_requested.emit("新店", "zh_CN")
        await until(lambda: str(home / "store.toml") in texts(session.frame))
        assert session.console.demo is not None
        assert session.window.findChild(ReportDialog) is None
        assert not session.task.done()
        await session.quit()  # while the test's loop runs

    async def test_a_broken_profile_is_never_green(self, start: Start, tmp_path: Path) -> None:
        path = tmp_path / "store.toml"
        await asyncio.to_thread(path.write_text, "[store\n", "utf-8")
        session = await start(Options(profile=path, language="en"))
        await until(lambda: session.console.board.overall is not Light.UNKNOWN)
        session.window.bind(session.console)
        assert session.frame.bar.light.light is Light.UNKNOWN
        assert session.frame.bar.sentence.text() == "The store profile is broken: nothing is watched"
        assert session.frame.bar.sentence.text() in session.window.tray.tool_tip
        notice = session.frame.findChild(NoticeBar)
        assert notice is not None
        await until(lambda: notice.isVisibleTo(session.frame))
        assert str(path) in notice.told.text()
        assert not notice.put_away.isVisibleTo(notice)
        await session.quit()  # while the test's loop runs

    async def test_without_a_data_folder_the_demo_opens_with_a_notice(
        self, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await asyncio.to_thread((tmp_path / "file").write_text, "")
        monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path / "file" / "nope"))
        session = await start(Options(language="zh_CN"))
        assert session.console.demo is not None
        assert any(str(tmp_path / "file" / "nope") in str(each) for each in session.console.notices)
        session.window.setup_requested.emit("新店", "zh_CN")  # cannot be had either
        await until(lambda: len(session.console.notices) > 1)
        await session.quit()  # while the test's loop runs


def test_each_store_may_be_open_once(tmp_path: Path, qapp: QApplication) -> None:
    wanted = [
        Options(),
        Options(demo=True),
        Options(profile=tmp_path / "a.toml"),
        Options(profile=tmp_path / "b.toml"),
    ]
    open_ones = [SingleInstance(place_of(each, tmp_path)) for each in wanted]
    try:
        assert [each.claim() for each in open_ones] == [True] * len(wanted)
        again = SingleInstance(place_of(Options(profile=tmp_path / "x" / ".." / "a.toml"), tmp_path))
        assert not again.claim()
    finally:
        for each in open_ones:
            each.release()


class Program:
    """The program itself, in a process of its own."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.tmp = folder / "t"
        self.tmp.mkdir()
        env = os.environ | {
            "TILLKEEPER_HOME": str(home),
            "TMPDIR": str(self.tmp),
            "QT_QPA_PLATFORM": "offscreen",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "console"], env=env, cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def wait_for_the_demo(self) -> None:
        end = time.monotonic() + LONG
        pause = threading.Event()
        while not list(self.tmp.glob("tillkeeper-demo-*/*")):
            assert self.process.poll() is None, self.process.communicate()[1]
            assert time.monotonic() < end
            pause.wait(0.02)

    def ended_by(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(5)

    def close(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=10)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_quits_as_a_person_would(tmp_path: Path, number: signal.Signals) -> None:
    program = Program(tmp_path, tmp_path / "home")
    try:
        program.wait_for_the_demo()
        assert program.ended_by(number) == 0
        assert list(program.tmp.glob("tillkeeper-demo-*")) == []
        log = (tmp_path / "home" / "logs" / "tillkeeper.log").read_text(encoding="utf-8")
        assert "the longest stall of the window" in log
    finally:
        program.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_the_window_opens_although_the_data_folder_cannot_be_had(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    program = Program(tmp_path, tmp_path / "file" / "nope")
    try:
        program.wait_for_the_demo()
        assert program.ended_by(signal.SIGTERM) == 0
    finally:
        program.close()
