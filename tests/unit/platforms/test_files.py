"""Shipped files are found in a checkout, in an installed package and in a frozen program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from console.platforms import files, here
from console.platforms.base import Platform


def test_checkout_has_its_knowledge() -> None:
    assert files.resource("knowledge", "diagnosis.network.toml").is_file()


def test_frozen_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert files.resource("icons", "app.svg") == tmp_path / "resources" / "icons" / "app.svg"


def test_installed_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "_resources").mkdir()
    monkeypatch.setattr(files, "_CONSOLE", tmp_path)
    assert files.resource("plans") == tmp_path / "_resources" / "plans"


def test_this_system_has_a_loopback_card() -> None:
    platform: Platform = here()
    assert any(held.ip.is_loopback for card in platform.interfaces() for held in card.addresses)
