"""Everything for support, from the settings to the file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from console.ui.context import Context
from console.ui.dialogs.support import SupportDialog
from console.ui.pages.settings import SettingsPage
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small
from tests.ui.store import ShopFloor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)
both = pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)


@english
async def test_what_goes_along_is_told_before_it_is_saved(
    context: Context, qtbot: QtBot, until: Until, tmp_path: Path, floor: ShopFloor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    floor.morning()
    page = SettingsPage(context)
    qtbot.addWidget(page)
    button(page, "For support…").click()
    (dialog,) = page.findChildren(SupportDialog)
    await until(dialog.save.isEnabled)
    assert "The lights as they are now, with all evidence" in texts(dialog)
    assert "Nothing leaves this computer by itself" in texts(dialog)
    dialog.save.click()
    (asked,) = dialog.findChildren(QFileDialog)
    path = tmp_path / "for support.zip"
    asked.fileSelected.emit(str(path))
    await until(lambda: f"Saved to {path}" in texts(dialog))
    assert "lights.json" in zipfile.ZipFile(path).namelist()
    dialog.write(str(path))
    await until(lambda: "exists already; choose another name" in texts(dialog))
    dialog.reject()


@both
async def test_it_is_whole_and_named(
    context: Context, qtbot: QtBot, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    dialog = SupportDialog(context, context.console.bundle, None)
    qtbot.addWidget(dialog)
    dialog.open()
    await until(dialog.save.isEnabled)
    assert cut_off(dialog) == []
    assert too_small(dialog) == []
    assert nameless(dialog) == []
