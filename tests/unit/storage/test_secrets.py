"""Secrets come from the environment or the keyring; a missing one is told with its mend."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from console.domain.errors import BadInput, Denied, NotConfigured, Timeout
from console.storage.secrets import handed_out, secret


class Shelf(KeyringBackend):
    """A keyring in memory, which may be locked, or ask a person who never comes."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept = {("tillkeeper", "orders"): "s3cret-from-keyring"}
        self.locked = False
        self.person = threading.Event()
        self.person.set()

    def get_password(self, service: str, username: str) -> str | None:
        self.person.wait(30)
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    before = keyring.get_keyring()
    shelf = Shelf()
    keyring.set_keyring(shelf)
    yield shelf
    keyring.set_keyring(before)


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_TOKEN", "s3cret-from-env")
    assert secret("env:ORDERS_TOKEN") == "s3cret-from-env"
    assert "s3cret-from-env" in handed_out()
    monkeypatch.delenv("ORDERS_TOKEN")
    with pytest.raises(NotConfigured, match="environment variable ORDERS_TOKEN is empty; set it"):
        secret("env:ORDERS_TOKEN")


@pytest.mark.parametrize("ending", ["\n", "\r\n", " \t\n"])
def test_what_a_file_leaves_around_a_secret_is_no_part_of_it(
    ending: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_TOKEN", f" s3cret-from-env{ending}")
    shelf.kept["tillkeeper", "orders"] += ending
    assert secret("env:ORDERS_TOKEN") == "s3cret-from-env"
    assert secret("keyring:orders") == "s3cret-from-keyring"
    monkeypatch.setenv("ORDERS_TOKEN", ending)
    with pytest.raises(NotConfigured, match="is empty"):
        secret("env:ORDERS_TOKEN")


@pytest.mark.parametrize("value", ["hunter2\nX-Evil: 1", "hunter2\x7f", "hunter2\u00e9", "hunter2\u5bc6"])
def test_what_no_header_can_carry_is_refused_and_not_repeated(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_TOKEN", value)
    with pytest.raises(NotConfigured, match="env:ORDERS_TOKEN holds a line break") as told:
        secret("env:ORDERS_TOKEN")
    assert "hunter2" not in str(told.value)


def test_from_the_keyring(shelf: Shelf) -> None:
    assert secret("keyring:orders") == "s3cret-from-keyring"
    with pytest.raises(
        NotConfigured, match="holds no stock; put it there with: keyring set tillkeeper stock"
    ):
        secret("keyring:stock")


def test_a_locked_keyring(shelf: Shelf) -> None:
    shelf.locked = True
    with pytest.raises(Denied, match="unlock it"):
        secret("keyring:orders")


def test_a_keyring_that_waits_for_nobody(shelf: Shelf) -> None:
    shelf.person.clear()
    with pytest.raises(Timeout, match=r"did not answer within 0\.05 s"):
        secret("keyring:orders", timeout=0.05)
    shelf.person.set()


def test_no_keyring_at_all(shelf: Shelf) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    with pytest.raises(NotConfigured, match='use credential = "env:NAME" in place of keyring:orders'):
        secret("keyring:orders")


@pytest.mark.parametrize("reference", ["hunter2", "env:", "keyring:", "file:hunter2"])
def test_anything_else_is_refused_and_not_repeated(reference: str) -> None:
    with pytest.raises(BadInput) as told:
        secret(reference)
    assert "hunter2" not in str(told.value)


def test_a_short_secret_does_not_blank_out_every_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIN_OF_SOMETHING", "e")
    assert secret("env:PIN_OF_SOMETHING") == "e"
    assert "e" not in handed_out()
