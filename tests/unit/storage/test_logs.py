"""The log keeps what helps and nothing that is anybody's secret."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console.storage.logs import scrub, start_logging
from console.storage.secrets import secret

Start = Callable[[Path], logging.Handler]


@pytest.fixture
def start() -> Iterator[Start]:
    root = logging.getLogger()
    level, begun = root.level, []

    def begin(folder: Path) -> logging.Handler:
        begun.append(start_logging(logging.INFO, folder))
        return begun[-1]

    yield begin
    for handler in begun:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_what_is_logged_is_in_the_file(tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_ORDERS", "s3cret-token")
    secret("env:TOKEN_OF_ORDERS")
    start(tmp_path / "logs")
    log = logging.getLogger("console.test")
    log.debug("too small")
    log.info("打印机 %s", "front")
    try:
        raise ValueError("refused s3cret-token")
    except ValueError:
        log.exception("order for %s", "4111 1111 1111 1111")
    told = (tmp_path / "logs" / "tillkeeper.log").read_text(encoding="utf-8")
    assert "INFO console.test: 打印机 front" in told
    assert "ValueError: refused [secret, 12 characters]" in told
    assert "order for [card number, 16 characters]" in told
    assert "s3cret" not in told
    assert "too small" not in told


def test_the_log_stays_small(tmp_path: Path, start: Start) -> None:
    start(tmp_path)
    log = logging.getLogger("console.test")
    for _ in range(160):
        log.info("x" * 50_000)
    files = sorted(each.name for each in tmp_path.iterdir())
    assert files == ["tillkeeper.log", *(f"tillkeeper.log.{number}" for number in range(1, 6))]
    assert all(each.stat().st_size <= 1 << 20 for each in tmp_path.iterdir())


def test_no_folder_means_standard_error(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    start(tmp_path / "file" / "logs")
    logging.getLogger("console.test").info("paid with 4111111111111111")
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("tillkeeper: no log file (")
    assert second.endswith("paid with [card number, 16 characters]")


def test_a_read_only_disk_means_standard_error(
    disk: Any, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    disk.remount("ro")
    start(disk.place / "logs")
    assert "Read-only file system" in capsys.readouterr().err


def test_a_full_disk_is_told_once(disk: Any, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    handler = start(disk.place / "logs")
    ballast = disk.fill()
    log = logging.getLogger("console.test")
    for _ in range(50):
        log.info("x" * 1000)
    assert capsys.readouterr().err.count("\n") == 1
    ballast.unlink()
    log.info("room again")
    handler.flush()
    assert "room again" in (disk.place / "logs" / "tillkeeper.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("card 4111111111111111.", "card [card number, 16 characters]."),
        ("card 4111-1111-1111-1111", "card [card number, 16 characters]"),
        ("order 12 4111111111111111 ok", "order 12 [card number, 16 characters] ok"),
        (
            "two 4111111111111111 5500005555555559",
            "two [card number, 16 characters] [card number, 16 characters]",
        ),
        ("%B6011000990139424^NAME/", "%B[card number, 16 characters]^NAME/"),
        ("amex 378282246310005", "amex [card number, 15 characters]"),
        ("amex 3782 822463 10005", "amex [card number, 15 characters]"),
        ("4111 1111 1111 1111 2222 3333", "[card number, 16 characters] 2222 3333"),
        ("wechat 134567890123456789", "wechat [payment code, 18 characters]"),
        ("alipay 281234567890123456", "alipay [payment code, 18 characters]"),
        ("alipay 301234567890123456789012", "alipay [payment code, 24 characters]"),
        ("unionpay 6212345678901234567", "unionpay [payment code, 19 characters]"),
        ("]Q16212345678901234567", "]Q1[payment code, 19 characters]"),
        ("Authorization: Bearer abc.def", "Authorization: [authorization, 14 characters]"),
        ("{'authorization': 'Basic eDp5'}", "{'authorization': [authorization, 13 characters]"),
        (
            "(b'Authorization', b'Digest a=\"b\", c=\"d\"')",
            "(b'Authorization', [authorization, 23 characters]",
        ),
        ("GET https://me:pass@shop/x", "GET https://[login, 7 characters]@shop/x"),
        # what helps stays
        ("4111111111111112", "4111111111111112"),
        ("1b 40 41 11 11 11 11 11 11 11", "1b 40 41 11 11 11 11 11 11 11"),
        ("EAN 6901234567891", "EAN 6901234567891"),
        ("2026-11-22 09:30:00,123 took 0.004 s", "2026-11-22 09:30:00,123 took 0.004 s"),
        ("192.168.1.50:9100 serial 98765432101", "192.168.1.50:9100 serial 98765432101"),
        ("authorization failed", "authorization failed"),
        ("", ""),
    ],
)
def test_scrubbing(text: str, left: str) -> None:
    assert scrub(text) == left


def test_a_long_line_of_numbers_does_not_hold_up_the_program() -> None:
    assert scrub("4111111111111111 " * 5000).count("[card number") == 5000
    assert scrub("123 " * 5000)
