"""The device part of the diagnosis table, and the words of its causes."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from console.domain.advice import AdviceStep
from console.domain.diagnosis import DiagnosisTable
from console.drivers.codecs.printer_states import TROUBLES

ROOT = Path(__file__).parents[3]
KNOWLEDGE = ROOT / "resources" / "knowledge"
# The contract's list of device causes.
CODES = {
    "printer": "offline cover_open paper_out paper_low cutter_jam head_hot mechanical unrecoverable "
    "no_answer write_only busy denied no_library not_found wrong_speed wrong_protocol wrong_address "
    "feed_pressed drawer_open print_not_proven slow mark_missing data_lost language_unknown "
    "ribbon_out ribbon_low paused label_jam gap_not_found label_waiting needs_calibration head_dirty "
    "head_worn queue_stopped jobs_waiting queue_driver no_queue no_print_service",
    "scanner": "not_found denied busy no_answer ime_on caps_lock layout missing_suffix wrong_suffix "
    "dropped_characters double_read extra_prefix missing_digit misread slow "
    "screen_unread wrong_mode no_library phone_slow no_phone_qr no_phone_bars",
    "drawer": "did_not_open open_too_long polarity_unknown",
    "display": "not_found denied busy no_answer garbled dead_dots write_only not_proven",
    "scale": "not_found denied busy no_answer wrong_speed wrong_protocol unstable overload under_zero "
    "stuck not_zero",
    "rfid": "no_answer no_tag",
    "terminal": "unreachable",
}
EVERY_CODE = {f"{kind}.{what}" for kind, whats in CODES.items() for what in whats.split()}
# Signs that by themselves are no trouble and no proof.
NEUTRAL = {
    "line.network", "line.serial", "line.usb", "usb.identified", "usb.port_ready",
    "speed.found", "speed.none", "status.drawer_low", "status.drawer_high", "status.cover_closed",
    "drawer.open_high",
    "status.command_error", "drawer.open_low", "drawer.open_none", "print.not_echoed", "print.counted",
    "status.printing", "queue.ready",
    "scanner.not_seen", "drawer.not_sensed", "unsupported", "print.not_told",
    "scale.followed", "scale.not_tried", "display.not_told",
}  # fmt: skip


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((KNOWLEDGE / name).read_text("utf-8"))


TABLE = DiagnosisTable.from_data(read("diagnosis.devices.toml"))


SIGN = re.compile(
    r"(status|ipp|cups|queue|windows|tcp|serial|speed|usb|input|scan|scanner|print|drawer|scale|display)\.[a-z_]*[a-z]"
)
PROBES = {
    "ipp.printer", "ipp.queue", "ipp.job", "windows.queue", "serial.speed",
    "usb.device_id", "usb.port_status",
    "scanner.line", "scanner.revinf", "scanner.scans", "scanner.keys", "scanner.scan", "scanner.descriptor",
    "usb.product", "scanner.keyboard", "input.device",
    "scale.asked", "scale.line", "scale.load", "display.port", "display.line", "display.looked_at",
}  # fmt: skip


def signs_in_code() -> set[str]:
    """Every literal in the drivers, the scan's comparison and the self-tests that looks like a sign."""
    seen_by_people = (
        "domain/scan.py",
        "domain/phone_codes.py",
        "services/weighing.py",
        "services/showing.py",
    )
    sources = [
        *(ROOT / "console" / "drivers").rglob("*.py"),
        *(ROOT / "console" / source for source in seen_by_people),
    ]
    literals = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in literals if SIGN.fullmatch(text)} - PROBES


@pytest.mark.parametrize("sign", sorted(signs_in_code() - NEUTRAL))
def test_every_sign_of_trouble_has_a_cause_and_no_other_counts_as_one(sign: str) -> None:
    """A sign that nothing reads could leave a broken device green."""
    kinds = [
        kind
        for kind in ("printer", "scanner", "scale", "display")
        if TABLE.candidates(kind, frozenset({sign}))
    ]
    healthy = {part for clauses in TABLE.proof.values() for clause in clauses for part in clause}
    assert bool(kinds) != (sign in healthy)


@pytest.mark.parametrize("kind", ["scanner", "scale", "display"])
def test_line_losses_are_read_for_the_others_too(kind: str) -> None:
    for sign in (sign for sign in signs_in_code() if sign.startswith("serial.")):
        assert TABLE.candidates(kind, frozenset({sign})), sign


def test_health_needs_all_four_answers() -> None:
    whole = {"status.online", "status.no_offline_cause", "status.no_error", "status.paper_present"}
    assert TABLE.proves_ok("printer", frozenset(whole))
    assert not any(TABLE.proves_ok("printer", frozenset(whole - {part})) for part in whole)


def test_a_confirmed_page_outweighs_a_question_that_got_no_answer() -> None:
    signs = frozenset({"status.online", "status.incomplete", "print.echoed"})
    assert TABLE.candidates("printer", signs) == ()
    assert TABLE.proves_ok("printer", signs)


def test_offline_gives_way_to_whatever_explains_it() -> None:
    for trouble in TROUBLES - {"status.offline", "status.error", "status.waiting_recovery"}:
        causes = [each.cause for each in TABLE.candidates("printer", frozenset({"status.offline", trouble}))]
        assert causes
        assert "printer.offline" not in causes


def test_a_person_who_saw_the_page_settles_silence() -> None:
    signs = frozenset({"status.silent", "print.unproven", "print.seen"})
    assert [each.cause for each in TABLE.candidates("printer", signs)] == ["printer.write_only"]


def test_every_cause_of_the_table_is_a_code_of_the_contract() -> None:
    assert {rule.cause for rule in TABLE.rules} <= EVERY_CODE


def test_every_test_that_tells_causes_apart_is_explained() -> None:
    for language in ("zh_CN", "en"):
        explained = read(f"causes.devices.{language}.toml")["test"]
        assert set(explained) == set(TABLE.tests.values())
        assert all(entry["text"] for entry in explained.values())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_code_has_its_words(language: str) -> None:
    words = read(f"causes.devices.{language}.toml")
    del words["test"]
    assert set(words) == EVERY_CODE
    for entry in words.values():
        assert set(entry) == {"title", "explain", "advice", "severity"}
        assert all((entry["title"], entry["explain"], *entry["advice"]))


def test_both_languages_give_the_same_number_of_steps() -> None:
    chinese, english = (read(f"causes.devices.{language}.toml") for language in ("zh_CN", "en"))
    assert {
        code for code in EVERY_CODE if len(chinese[code]["advice"]) != len(english[code]["advice"])
    } == set()


@pytest.mark.parametrize("part", ["devices", "network"])
def test_both_languages_restart_at_the_same_steps_and_never_at_the_first(part: str) -> None:
    """A step that restarts the till is a table with `restart`, so that unsynced sales are looked for."""

    def restarts(language: str) -> set[tuple[str, int]]:
        return {
            (code, place)
            for code, entry in read(f"causes.{part}.{language}.toml").items()
            for place, step in enumerate(entry.get("advice", ()))
            if AdviceStep.of(step).restart
        }

    assert restarts("zh_CN") == restarts("en")
    assert 0 not in {place for _, place in restarts("en")}


@pytest.mark.parametrize("part", ["devices", "network"])
def test_both_languages_tick_and_offer_the_same(part: str) -> None:
    def told(language: str) -> dict[str, list[object]]:
        return {
            code: [(each.until, each.press) for each in map(AdviceStep.of, entry.get("advice", ()))]
            for code, entry in read(f"causes.{part}.{language}.toml").items()
        }

    assert told("zh_CN") == told("en")


def test_steps_tick_by_signs_that_drivers_show() -> None:
    steps = [step for entry in read("causes.devices.en.toml").values() for step in entry.get("advice", ())]
    until = {sign for step in map(AdviceStep.of, steps) for signs in step.until for sign in signs}
    assert until
    assert until <= signs_in_code()


@pytest.mark.parametrize("part", ["devices", "network"])
def test_advice_to_restart_the_till_is_marked(part: str) -> None:
    """Only "do not" and "need not be" may stand without the mark."""
    steps = [step for entry in read(f"causes.{part}.en.toml").values() for step in entry.get("advice", ())]
    plain = [step for step in steps if isinstance(step, str)]
    assert [
        step
        for step in plain
        if re.search(r"restart|log out|reboot", step, re.IGNORECASE)
        and not re.search(r"do not restart|need not be restarted", step, re.IGNORECASE)
    ] == []
