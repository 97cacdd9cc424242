"""The one window. It is shown at once; the store is bound to it when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QWidget

from console.domain.subjects import Subject
from console.domain.words import say
from console.ui.actions import make_actions
from console.ui.frame import PAGES, Frame
from console.ui.icons import icon
from console.ui.theme import CHOICES, Theme
from console.ui.tray import Tray

if TYPE_CHECKING:
    import asyncio

    from console.domain.ports import Settings
    from console.services.console import Console
    from console.services.crash import CrashReport
    from console.services.language import Language
    from console.ui.context import Context
    from console.ui.full_check import FullCheck
    from console.ui.live_frame import LiveFrame

USUAL = (1024, 768)
OTHER_LANGUAGE = {"zh_CN": "en", "en": "zh_CN"}

Report = Callable[[BaseException, str], None]


class MainWindow(QMainWindow):
    """Order of calls: `show_starting`, then `bind` (again whenever the profile changed), at last `shut_down`.

    `quit_requested` asks the application to await `shut_down` and to leave; `profile_changed` carries the
    StoreProfile that needs a new Console, `setup_requested` the name and language of a first store.
    `report` takes what a task of the window raised, and the task's name.
    """

    quit_requested = Signal()
    profile_changed = Signal(object)
    setup_requested = Signal(str, str)

    def __init__(self, settings: Settings, report: Report, language: Language) -> None:
        super().__init__()
        self._settings = settings
        self._report = report
        self._language = language
        self._console: Console | None = None
        self._full_check: FullCheck | None = None
        self._context: Context | None = None
        self._live: LiveFrame | None = None
        self._actions: dict[str, QAction] = {}
        self._down = False
        self._theme: Theme | None = None
        self._frames = QStackedWidget()  # the present frame, and for moments the one before
        self.setCentralWidget(self._frames)
        theme = settings.get("theme", "system")
        self.theme_name = theme if theme in CHOICES else "system"
        self._leaving: set[asyncio.Task[None]] = set()
        self.page = settings.get("page", "today")
        self.tray = Tray()
        self.tray.opened.connect(self.bring_up)
        self.setWindowTitle("Tillkeeper 收银守护")
        self.setMinimumSize(480, 360)  # a till's small screen at 200 %
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        _application().focusChanged.connect(self._focus_changed)

    # Starting, changing, ending

    def show_starting(self) -> None:
        """Show the frame alone, as it was last time; the store follows with `bind`."""
        self._build()
        geometry = QByteArray.fromHex(self._settings.get("window", "").encode())
        if not self.restoreGeometry(geometry):
            self._usual_size()
        self.show()

    def _usual_size(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(*USUAL)
        if room.width() <= USUAL[0] or room.height() <= USUAL[1]:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def bind(self, console: Console) -> None:
        """Show this store from now on. Needs the running loop."""
        from console.ui.full_check import FullCheck

        leaving = None
        if console is not self._console:
            leaving, self._full_check = self._full_check, FullCheck(console.check, self._report)
        self._console = console
        self._language = console.language
        self._show_name(console)
        self._build()
        if leaving is not None and self._context is not None:
            self._let_go(leaving.close())

    def _show_name(self, console: Console) -> None:
        self.setWindowTitle(f"{console.profile.store.name} · Tillkeeper 收银守护")

    def _build(self) -> None:
        """Make everything inside the window anew, in the present language, theme and store."""
        theme = Theme.named(self.theme_name)
        if theme is not self._theme:
            theme.apply(_application())
            self._theme = theme
        self.setWindowIcon(icon("store", theme.brand, 64))
        for action in self._actions.values():
            self.removeAction(action)
            action.deleteLater()
        self._actions = make_actions(self, self._callbacks(), self._language.text, theme)
        frame, before = Frame(self._actions, self._language.text, theme), self._frames.currentWidget()
        self._frames.addWidget(frame)
        self._frames.setCurrentWidget(frame)
        frame.setFocus()  # no button looks chosen before a key is pressed; Tab goes to the rail first
        self.tray.set_actions(self._actions)
        leaving = self._context
        if self._console is not None:
            self._enliven(frame, self._console, theme)
        if leaving is not None and self._context is not None:
            self._let_go(_leave(leaving, before))
        elif before is not None:
            before.deleteLater()

    def _enliven(self, frame: Frame, console: Console, theme: Theme) -> None:
        from console.ui.context import Context
        from console.ui.live_frame import LiveFrame

        context = Context(console, theme, self._report, self._full_check)
        context.navigate.connect(self.go)
        context.profile_changed.connect(self.profile_changed)
        context.setup_requested.connect(self.setup_requested)
        context.language_chosen.connect(self.set_language)
        context.theme_chosen.connect(self.set_theme)
        self._context = context
        self._live = LiveFrame(frame, context, self.tray)
        self.go(self.page if self.page in PAGES else "today")

    def _let_go(self, work: Coroutine[Any, Any, None]) -> None:
        """Close what is left behind; not cut short by the next change, which may come before it ran."""
        import asyncio

        task = asyncio.get_event_loop().create_task(work)
        self._leaving.add(task)
        task.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._report(error, "closing what was left behind")

    async def shut_down(self) -> None:
        """Let go of everything, bounded by how fast cancelled tasks let go. The window may close then."""
        self._remember()
        self.tray.hide()
        self.hide()
        for part in (self._full_check, self._context):
            if part is not None:
                await part.close()
        import asyncio

        await asyncio.gather(*self._leaving, return_exceptions=True)
        self._down = True

    # What a person does

    def _callbacks(self) -> dict[str, Callable[[], None]]:
        def opening(page: str) -> Callable[[], None]:
            return lambda: self.go(page)

        return {
            **{page: opening(page) for page in PAGES},
            "emergency": self._emergency,
            "check": self._check,
            "language": self._switch_language,
            "open": self.bring_up,
            "quit": self.quit_requested.emit,
        }

    def go(self, page: str, subject: Subject | None = None) -> None:
        """Open a page, at `subject` where one is given; before the store is bound, remember the wish."""
        self.page = page
        self._settings.put("page", page)
        if self._live is not None:
            self._live.go(page, subject)

    def _emergency(self) -> None:
        for dialog in QApplication.topLevelWidgets():  # from anywhere means also from a dialog
            if isinstance(dialog, QDialog) and dialog.isModal() and dialog.isVisible():
                dialog.close()
        self.bring_up()
        self.go("emergency")

    def _check(self) -> None:
        self.go("today")
        if self._full_check is not None:
            self._full_check.start()

    def _switch_language(self) -> None:
        self.set_language(OTHER_LANGUAGE[self._language.code])
        frame = self._frames.currentWidget()
        if isinstance(frame, Frame):
            frame.bar.language.setFocus()

    def set_language(self, code: str) -> None:
        """Speak another of LANGUAGES from now on; KeyError for a code that is none."""
        from console.services.language import Language

        self._language = Language(code)
        if self._console is not None:
            self._console.speak(self._language)
            self._show_name(self._console)
        self._settings.put("language", code)
        self._build()

    def set_theme(self, name: str) -> None:
        """Take one of theme.CHOICES; KeyError for another name."""
        Theme.named(name)
        self.theme_name = name
        self._settings.put("theme", name)
        self._build()

    def bring_up(self) -> None:
        """Show the window in front, wherever it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_crash(self, report: CrashReport) -> None:
        """Let the person read a crash report; a second one waits in its file. For the window's thread."""
        from console.ui.dialogs.report import ReportDialog

        if self.findChild(ReportDialog) is None:
            ReportDialog(report, self._language.text, Theme.named(self.theme_name), self).open()

    # What Qt tells

    def _system_changed(self) -> None:
        if self.theme_name == "system":
            self._build()

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        dialog = now.window() if now is not None else None
        if isinstance(dialog, QDialog) and "emergency" in self._actions:
            dialog.addAction(self._actions["emergency"])  # F1 works in dialogs too

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nothing else wanted closes what is opened on the page."""
        if event.key() == Qt.Key.Key_Escape and self._live is not None:
            self._live.pages[self.page].close_details()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go on watching from the tray; where there is none, ask the application to leave."""
        self._remember()
        if self._down:
            event.accept()
            return
        event.ignore()
        if self._console is None or not self.tray.available or _application().isSavingSession():
            self.quit_requested.emit()
            return
        self.hide()
        if not self._settings.get("told.tray", ""):
            self._settings.put("told.tray", "yes")
            message = say("It goes on watching. Open or quit it from this icon.")
            self.tray.tell("Tillkeeper 收银守护", self._language.text(message))

    def _remember(self) -> None:
        self._settings.put("window", bytes(self.saveGeometry().toHex().data()).decode())


async def _leave(context: Context, frame: QWidget | None) -> None:
    """Widgets go after the tasks that may still touch them while they unwind."""
    await context.close()
    if frame is not None:
        frame.deleteLater()


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("the window needs a QApplication")
    return application
