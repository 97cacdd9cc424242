"""One answer of a scale."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Weighing:
    """`weight` is None where the scale gave none; `unit` is kg, g, lb and so on, or empty where untold.

    `stable` and `net` are None where the dialect has no mark for them; `trouble` is overload, under_zero or
    empty. `seconds` passed from the question, or from the weighing before in a stream, to this one.
    """

    dialect: str
    weight: Decimal | None = None
    unit: str = ""
    stable: bool | None = None
    net: bool | None = None
    trouble: str = ""
    seconds: float = 0.0

    @property
    def settled(self) -> bool:
        """True for a weight that may be charged, or a trouble that says why there is none."""
        return bool(self.trouble) or (self.weight is not None and self.stable is not False)

    @property
    def shown(self) -> str:
        """The weight as people read it; a dash where there is none."""
        return "–" if self.weight is None else f"{self.weight} {self.unit}".rstrip()
