"""Window tests: a real event loop of Qt and asyncio in one, and a whole store behind the window."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from console.ui.context import Context
from console.ui.theme import Theme
from tests.ui.store import ShopFloor, shop_floor

ON_SCREEN = "TILLKEEPER_TEST_ON_SCREEN"  # set in a process that was started to see an X server


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs a real X server is run by test_on_screen.py, in a process that sees one."""
    if ON_SCREEN not in os.environ:
        left = [item for item in items if item.get_closest_marker("screen")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


LoopFactory = Callable[[], asyncio.AbstractEventLoop]
Until = Callable[[Callable[[], object]], Awaitable[None]]


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, LoopFactory]:
    """Every loop that a test gets here is the window's.

    A coroutine never turns Qt's loop itself (`processEvents`, `qtbot.waitUntil`): qasync gives each
    callback a timer, and one that ends inside its own callback takes the next with it, which then
    waits for ever. `await until(...)` instead.
    """
    return {"qt": _qt_loop}


def _qt_loop() -> asyncio.AbstractEventLoop:
    application = QApplication.instance() or QApplication([])
    QApplication.setQuitOnLastWindowClosed(False)  # as in the program: a closed dialog ends nothing
    loop: asyncio.AbstractEventLoop = QEventLoop(application, set_running_loop=False)
    return loop


@pytest.fixture(autouse=True)
def own_thread_collects() -> Iterator[None]:
    """Widgets of earlier tests must not be destroyed by a worker thread's search for dead cycles."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def until() -> Until:
    """Waits until a condition holds, at most five seconds."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - what is waited for is seen, not signalled
                await asyncio.sleep(0.01)

    return wait


@pytest.fixture(params=["zh_CN"])
def floor(request: pytest.FixtureRequest, qapp: QApplication) -> ShopFloor:
    """A store on a mixed morning; parametrise indirectly with a language's code for another language."""
    store = shop_floor(language=request.param)
    store.morning()
    return store


@pytest.fixture
def failures() -> Iterator[list[BaseException]]:
    """What the window reported as unhandled; must be empty when the test ends."""
    taken: list[BaseException] = []
    yield taken
    assert taken == []


@pytest.fixture
async def context(
    floor: ShopFloor, failures: list[BaseException], qapp: QApplication
) -> AsyncIterator[Context]:
    """What a page is given, in the light theme."""
    theme = Theme.named("light")
    theme.apply(qapp)
    made = Context(floor.console, theme, lambda error, where: failures.append(error))
    yield made
    await made.close()
