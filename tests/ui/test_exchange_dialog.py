"""What was said with a device: the table, its filters, its files, and the ways that lead to it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.recording import Event, Recording, What
from console.drivers.readings import explain
from console.services.black_box import BlackBox
from console.services.recordings import Exchange, Recordings
from console.storage.recording import FileShelf, parse_recording
from console.ui.context import Context
from console.ui.dialogs.exchange import ExchangeDialog
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.theme import Theme
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.exchange_table import ROW
from tests.recorded import RECORDING
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import CARD, COUNTER, FRONT, ShopFloor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)
both = pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)


@pytest.fixture
def box() -> BlackBox:
    return BlackBox()


@pytest.fixture
def recordings(floor: ShopFloor, box: BlackBox) -> Recordings:
    made = Recordings(floor.console.profile, floor.clock, box, FileShelf(), explain)
    floor.console.recordings = made
    return made


@pytest.fixture
def exchange(recordings: Recordings) -> Exchange:
    return recordings.explained(parse_recording(RECORDING, "it.jsonl"))


@pytest.fixture
def dialog(context: Context, recordings: Recordings, exchange: Exchange, qtbot: QtBot) -> ExchangeDialog:
    return opened(ExchangeDialog(context, recordings, exchange), qtbot)


def opened(dialog: ExchangeDialog, qtbot: QtBot) -> ExchangeDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def rows(dialog: ExchangeDialog) -> list[tuple[str, ...]]:
    model = dialog.table.model()
    return [
        tuple(str(model.index(row, column).data()) for column in range(4)) for row in range(model.rowCount())
    ]


@english
async def test_bytes_and_meaning_stand_side_by_side(dialog: ExchangeDialog) -> None:
    assert rows(dialog)[:5] == [
        ("0.003000", "·", "", "line open after 0.003 s"),
        ("0.003100", "→", "10 04 01", "how are you? (DLE EOT 1)"),
        ("0.004200", "←", "1a", "offline: it takes no print jobs now; drawer contact low"),
        ("0.004300", "→", "10 04 04", "how are you? (DLE EOT 4)"),
        ("0.005100", "←", "7e", "no paper; paper nearly used up"),
    ]
    assert rows(dialog)[10][1:] == ("✗", "", "192.0.2.50:9100 refused the connection")


async def test_it_is_chinese_in_a_chinese_window(dialog: ExchangeDialog) -> None:
    assert rows(dialog)[1][3] == "询问状态（DLE EOT 1）"
    assert rows(dialog)[0][3] == "0.003 秒后接通"


@english
async def test_the_filters_leave_one_direction(dialog: ExchangeDialog) -> None:
    everything = len(rows(dialog))
    QTest.keyClick(button(dialog, "Sent"), Qt.Key.Key_Space)
    assert {row[1] for row in rows(dialog)} == {"→"}
    QTest.mouseClick(button(dialog, "Heard"), Qt.MouseButton.LeftButton)
    assert [row[2] for row in rows(dialog)] == ["1a", "7e", "32", "12"]
    QTest.mouseClick(button(dialog, "Everything"), Qt.MouseButton.LeftButton)
    assert len(rows(dialog)) == everything


@english
async def test_keys_walk_through_the_rows_and_the_chosen_one_stands_whole(dialog: ExchangeDialog) -> None:
    assert dialog.focusWidget() is dialog.table
    for _ in range(4):
        QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.whole.toPlainText() == "0.005100 heard\n7e\nno paper; paper nearly used up"


@english
async def test_chosen_rows_are_copied_by_key_and_by_button(dialog: ExchangeDialog) -> None:
    dialog.table.selectRow(1)
    QTest.keyClick(dialog.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    line = "0.003100\t→\t10 04 01\thow are you? (DLE EOT 1)"
    assert QGuiApplication.clipboard().text() == line
    dialog.table.clearSelection()
    button(dialog, "Copy").click()
    copied = QGuiApplication.clipboard().text().split("\n")
    assert len(copied) == dialog.table.model().rowCount()
    assert line in copied


@english
async def test_the_direction_is_told_in_words_to_a_screen_reader(dialog: ExchangeDialog) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    told = [dialog.table.model().index(row, 1).data(role) for row in range(3)]
    assert told == ["", "sent", "heard"]


@english
async def test_it_is_saved_and_opened_again(
    dialog: ExchangeDialog, exchange: Exchange, tmp_path: Path, until: Until
) -> None:
    path = tmp_path / "kept.jsonl"
    dialog.save(str(path))
    await until(lambda: f"Saved to {path}" in texts(dialog))
    before = rows(dialog)
    dialog.show_exchange(None)
    dialog.read(str(path))
    await until(lambda: rows(dialog) == before)


@english
async def test_what_is_no_recording_is_told_and_changes_nothing(
    dialog: ExchangeDialog, tmp_path: Path, until: Until
) -> None:
    (tmp_path / "bad.jsonl").write_text("hello\n")
    before = rows(dialog)
    dialog.read(str(tmp_path / "bad.jsonl"))
    await until(lambda: "bad.jsonl, line 1: one JSON object is expected" in texts(dialog))
    assert rows(dialog) == before
    dialog.save(str(tmp_path / "bad.jsonl"))
    await until(lambda: "bad.jsonl exists already" in texts(dialog))


@english
async def test_a_file_that_breaks_off_says_so(dialog: ExchangeDialog, tmp_path: Path, until: Until) -> None:
    (tmp_path / "cut.jsonl").write_bytes(RECORDING[:-20])
    dialog.read(str(tmp_path / "cut.jsonl"))
    await until(lambda: "breaks off at the end" in texts(dialog))


@english
async def test_without_anything_said_it_teaches(
    context: Context, recordings: Recordings, qtbot: QtBot
) -> None:
    dialog = opened(ExchangeDialog(context, recordings, None), qtbot)
    assert "Nothing has been said with this device yet" in texts(dialog)
    assert not dialog.table.isVisible()
    assert [each.text() for each in visible(dialog, type(button(dialog, "Close")))] == [
        "Open a recording…",
        "Close",
    ]


async def test_ten_thousand_events_scroll_like_ten(
    context: Context, recordings: Recordings, exchange: Exchange, qtbot: QtBot
) -> None:
    header = exchange.recording.header
    events = [
        Event(at / 100, What.SENT if at % 2 else What.HEARD, 1, b"\x10\x04\x01" if at % 2 else b"\x12")
        for at in range(10_000)
    ]
    dialog = opened(ExchangeDialog(context, recordings, None), qtbot)
    long = recordings.explained(Recording(header, events))
    began = time.perf_counter()
    dialog.show_exchange(long)
    dialog.repaint()
    assert time.perf_counter() - began < 1.0
    table, steps = dialog.table, []
    assert {table.rowHeight(row) for row in (0, 5000, 9999)} == {ROW}
    for place in range(0, table.verticalScrollBar().maximum(), 97):
        began = time.perf_counter()
        table.verticalScrollBar().setValue(place)
        table.viewport().repaint()
        steps.append(time.perf_counter() - began)
    assert len(steps) > 100
    assert sorted(steps)[len(steps) // 2] < 0.05


@both
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
async def test_it_can_be_read_reached_and_named(
    context: Context,
    recordings: Recordings,
    exchange: Exchange,
    qtbot: QtBot,
    qapp: QApplication,
    until: Until,
    theme: str,
) -> None:
    context.theme = Theme.named(theme)
    context.theme.apply(qapp)
    for shown in (exchange, None):
        dialog = opened(ExchangeDialog(context, recordings, shown), qtbot)
        await until(lambda dialog=dialog: cut_off(dialog) == [])  # type: ignore[misc]
        assert nameless(dialog) == []
        assert too_small(dialog) == []
        header = dialog.table.horizontalHeader()
        for column in range(3):
            assert header.sectionSizeHint(column) <= header.sectionSize(column)
        dialog.close()


def said(box: BlackBox, address: str) -> None:
    opening = box.opening(address)
    for event in parse_recording(RECORDING, "it.jsonl").events[:10]:
        opening.take(replace(event, line=opening.line))


@english
async def test_the_device_s_page_leads_to_what_was_just_said(
    context: Context, recordings: Recordings, box: BlackBox, qtbot: QtBot
) -> None:
    from console.domain.addresses import parse_address
    from console.domain.profile import Printer

    entry = dict(context.console.profile.entries())[FRONT]
    assert isinstance(entry, Printer)
    said(box, str(parse_address(entry.address, "printer")))
    detail = DeviceDetail(context, FRONT)
    qtbot.addWidget(detail)
    detail.show()
    button(detail, "What was said with it…").click()
    (dialog,) = detail.findChildren(ExchangeDialog) or detail.window().findChildren(ExchangeDialog)
    assert rows(dialog)[4][2:] == ("7e", "no paper; paper nearly used up")
    dialog.close()


@english
async def test_what_has_no_line_of_ours_offers_no_recording(
    context: Context, recordings: Recordings, qtbot: QtBot
) -> None:
    detail = DeviceDetail(context, CARD)
    qtbot.addWidget(detail)
    assert "What was said" not in texts(detail)


@english
async def test_every_self_test_of_the_window_can_be_kept_afterwards(
    context: Context, recordings: Recordings, floor: ShopFloor, qtbot: QtBot, until: Until, tmp_path: Path
) -> None:
    floor.devices[COUNTER].in_use = True  # by another program: no page waits to be scanned
    dialog = SelftestDialog(context, FRONT)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    assert "What was said…" not in texts(dialog)
    button(dialog, "Print a page").click()
    button(dialog, "Start").click()
    await until(lambda: "What was said…" in texts(dialog))
    button(dialog, "What was said…").click()
    (shown,) = dialog.findChildren(ExchangeDialog)
    assert [row[3] for row in rows(shown)][-1] == "the self-test is over"
    assert any(row[3].startswith("test page with the code TK") for row in rows(shown))
    shown.close()
