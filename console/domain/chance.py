"""One-time codes drawn by lot, so that a recording can keep them and a replay can draw the same again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Lot = Callable[[str, int], str]


def drawn(alphabet: str, length: int) -> str:
    """`length` characters of `alphabet`, from the lot of the work that is running."""
    return _lot.get()(alphabet, length)


def by_lot(alphabet: str, length: int) -> str:
    """`length` characters of `alphabet` that nobody can foresee."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


@contextmanager
def drawing(lot: Lot) -> Iterator[None]:
    """Within, and in tasks begun within, codes come from `lot`."""
    before = _lot.set(lot)
    try:
        yield
    finally:
        _lot.reset(before)


_lot: ContextVar[Lot] = ContextVar("lot", default=by_lot)
