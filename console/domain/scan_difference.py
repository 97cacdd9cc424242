"""Where a scanned code differs from the known one, character by character."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_MOST_TIMES = 4  # a scanner that repeats a code does not do it more often


class Place(StrEnum):
    """What became of one character."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Character:
    """One place of both codes; `expected` is empty for an extra one, `arrived` for a missing one."""

    expected: str
    arrived: str

    @property
    def place(self) -> Place:
        """What became of it."""
        if self.expected == self.arrived:
            return Place.SAME
        if not self.expected:
            return Place.EXTRA
        return Place.CHANGED if self.arrived else Place.MISSING


def differences(expected: str, arrived: str) -> tuple[Character, ...]:
    """Both codes side by side, with as few differing places as there can be.

    What came several times over is compared once, the rest of it is too many. Takes time by the product of
    their lengths: meant for known codes and what became of them.
    """
    for times in range(_MOST_TIMES, 1, -1):
        once = arrived[: len(arrived) // times]
        if once * times == arrived and 2 * len(once) > len(expected):
            more = tuple(Character("", each) for each in arrived[len(once) :])
            return _aligned(expected, once) + more
    return _aligned(expected, arrived)


def _aligned(expected: str, arrived: str) -> tuple[Character, ...]:
    cost = _costs(expected, arrived)
    row, column, found = len(expected), len(arrived), list[Character]()
    while row or column:
        if row and column:
            changed = expected[row - 1] != arrived[column - 1]
            if cost[row][column] == cost[row - 1][column - 1] + changed:
                row, column = row - 1, column - 1
                found.append(Character(expected[row], arrived[column]))
                continue
        if row and cost[row][column] == cost[row - 1][column] + 1:
            row -= 1
            found.append(Character(expected[row], ""))
        else:
            column -= 1
            found.append(Character("", arrived[column]))
    return tuple(reversed(found))


def _costs(expected: str, arrived: str) -> list[list[int]]:
    """How many places differ at least, for each beginning of one and of the other."""
    cost = [list(range(len(arrived) + 1))]
    for number, wanted in enumerate(expected, 1):
        above, row = cost[-1], [number]
        for column, came in enumerate(arrived, 1):
            row.append(min(above[column - 1] + (wanted != came), above[column] + 1, row[-1] + 1))
        cost.append(row)
    return cost
