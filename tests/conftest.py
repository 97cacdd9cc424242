"""What holds for every test: the loop's thread never blocks."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster
from hypothesis import settings

# How long an example takes says more about the machine's other work than about us.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# A suite that a script started in the background was told to ignore Ctrl-C, and so would each program that
# the tests start and end with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Shipped files are small, on the local disk, and read once each; one byte wakes a reader through its pipe;
# `threading.Lock` guards memory only.
HARMLESS = {
    "console/services/language.py": {"_parts", "__init__"},
    "zoneinfo/_common.py": {"load_data"},
    "console/storage/plan.py": {"read_plan"},  # the plan must open when no worker can be had any more
    "console/simulators/render.py": {"_glyph", "_draw_symbol"},  # a simulator draws where it runs
    "console/ui/icons.py": {"_source"},
    "console/ui/theme.py": {"style_sheet"},
    "console/services/crash.py": {"_keep"},  # the program is in trouble already; the report comes first
    "<frozen importlib._bootstrap_external>": {"get_data"},  # a module that is imported when first needed
    "serial/serialposix.py": {"cancel_read", "cancel_write"},
}
QUICK = ("threading.Lock.acquire", "threading.Lock.acquire_lock", "os.stat", "os.path.abspath", "os.getcwd")


@pytest.fixture(autouse=True)
def loop_guard() -> Iterator[None]:
    """A blocking call from our code while a loop runs raises BlockingError: it would freeze the window."""
    guard = BlockBuster("console", excluded_modules=["console.simulators"])
    for name in QUICK:
        del guard.functions[name]
    for file, functions in HARMLESS.items():
        for function in guard.functions.values():
            function.can_block_in(file, functions)
    guard.activate()
    yield
    guard.deactivate()
