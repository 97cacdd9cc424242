"""The eye chart of a scanner: one code in falling sizes and contrasts, and the smallest that it reads.

Each row's code says of itself what it is: where it stands, how wide its modules are, how dark its ink. So a
scan tells which row was read, and a printed chart keeps its truth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.domain.specimens import Kind
from console.domain.words import Words, say

CARD_MM = 85.60  # width of a bank card (ISO/IEC 7810, ID-1)
# %: ISO/IEC 15416 gives A from 70, B from 55, C from 40, D from 20. Below 25 not even zxing-cpp reads each.
CONTRASTS = (70, 55, 40, 30, 25)
GOODS_MM = 0.330  # a module of EAN-13 at its usual size (GS1 General Specifications 5.2.1); 80 % at least
MIL_MM = 0.0254  # the unit in which makers tell what their scanners read
_DENSEST, _WIDEST = 2.0, 40.0  # device pixels a mm of screens that there are: 50 to 1000 dpi


class Medium(StrEnum):
    """Where a chart stands."""

    SCREEN = "screen"
    PAPER = "paper"


_LETTERS = {
    (Medium.SCREEN, Kind.CODE_128): "B", (Medium.SCREEN, Kind.QR): "Q",
    (Medium.PAPER, Kind.CODE_128): "P", (Medium.PAPER, Kind.QR): "R",
}  # fmt: skip
_BY_LETTER = {letter: what for what, letter in _LETTERS.items()}
_ROW = re.compile("TK([BQPR])([0-9]{4})([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Row:
    """One code: `module` in µm, `contrast` in % of black on white."""

    medium: Medium
    kind: Kind
    module: int
    contrast: int = 100

    @property
    def content(self) -> str:
        """What a scanner sends of it; as many modules wide in each row."""
        return f"TK{_LETTERS[self.medium, self.kind]}{self.module:04}{self.contrast % 100:02}"

    @property
    def words(self) -> Words:
        """Its size in mm and mil, and its contrast where that is not full."""
        if self.contrast == 100:
            return size_words(self.module)
        return say("contrast {percent} %", percent=self.contrast)


def size_words(module: int) -> Words:
    """A module of so many µm in mm and mil."""
    return say("{mm} mm · {mil} mil", mm=f"{module / 1000:.3g}", mil=f"{mil(module):.0f}")


def mil(micrometres: float) -> float:
    """The same in thousandths of an inch."""
    return micrometres / 1000 / MIL_MM


def row_of(text: str) -> Row | None:
    """Which row `text` came from, whatever a scanner puts in front; None for any other code."""
    found = _ROW.search(text)
    if found is None:
        return None
    medium, kind = _BY_LETTER[found[1]]
    return Row(medium, kind, int(found[2]), int(found[3]) or 100)


def chart(medium: Medium, kind: Kind, dots_per_mm: float, modules: Sequence[int]) -> tuple[Row, ...]:
    """A row for each of `modules`, which are pixels or dots and fall."""
    return tuple(Row(medium, kind, round(1000 * each / dots_per_mm)) for each in modules)


def pale(row: Row) -> tuple[Row, ...]:
    """The same row in falling contrast."""
    return tuple(Row(row.medium, row.kind, row.module, percent) for percent in CONTRASTS)


def pixels_per_mm(card_pixels: float) -> float | None:
    """Of a screen on which a bank card is so many device pixels wide; None where no screen is like that."""
    density = card_pixels / CARD_MM
    return density if _DENSEST <= density <= _WIDEST else None


def score_name(medium: Medium, kind: Kind) -> str:
    """Under which name the smallest module (µm) is kept over time."""
    return f"SmallestModuleMicrometres {medium} {kind}"


def figures(rows: Iterable[Row]) -> dict[str, int]:
    """The scores of all charts among `rows`, which were read, as they are kept over time."""
    told: dict[str, int] = {}
    charts: dict[tuple[Medium, Kind], list[Row]] = {}
    for each in rows:
        charts.setdefault((each.medium, each.kind), []).append(each)
    for (medium, kind), read in charts.items():
        score = Score.of(read)
        if score.module is not None:
            told[score_name(medium, kind)] = score.module
        if score.contrast is not None:
            told[f"LeastContrastPercent {medium} {kind}"] = score.contrast
    return told


@dataclass(frozen=True, slots=True)
class Score:
    """The smallest module (µm) and the least contrast (%) that were read; None where no such row was."""

    module: int | None
    contrast: int | None

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Score:
        """What `rows`, which were read, come to. A pale row proves its size as well."""
        return cls(
            min((each.module for each in rows), default=None),
            min((each.contrast for each in rows if each.contrast < 100), default=None),
        )

    @property
    def words(self) -> Words:
        """What it means at a till."""
        if self.module is None:
            return say("No row was read yet")
        if self.module > 1000 * GOODS_MM:
            return say("It reads large codes only; those on goods have modules of {mm} mm", mm=GOODS_MM)
        if self.module > 800 * GOODS_MM:
            return say("It reads codes on goods of the usual size; smaller ones may fail")
        return say("It reads codes finer than those on goods")
