"""A device that a search came upon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Found:
    """`entry` is a ready piece of `store.toml`; `sure` says how the kind was told."""

    kind: str
    address: str
    identity: str
    sure: Literal["documented", "probed", "guess"]
    entry: str
