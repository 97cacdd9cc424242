"""What can be set in a scanner, how its maker calls it, and the code that sets it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

OTHER = "other"  # whose settings are named as most makers name them


@dataclass(frozen=True, slots=True)
class Configuration:
    """One value of a setting in one maker's scanners.

    `codes` are what the maker's configuration codes hold, to be scanned in this order, as Code 128; `init`
    where the code begins with FNC3, by which a scanner knows that it is addressed. `command` is what the
    manual prints beside the code. `checked` says by what second source the codes were confirmed; `absent`
    that the manual has no such setting.
    """

    name: str
    own: str = ""  # the same in Chinese
    codes: tuple[str, ...] = ()
    init: bool = False
    command: str = ""
    source: str = ""
    checked: str = ""
    absent: bool = False

    @property
    def drawn(self) -> tuple[str, ...]:
        """The codes that may be shown to a scanner: a wrong one can spoil it, so only confirmed ones."""
        return self.codes if self.checked else ()


@dataclass(frozen=True, slots=True)
class Maker:
    """A maker's scanners, or one family of them; `vendors` are its USB vendor numbers."""

    key: str
    name: str
    manual: str
    vendors: frozenset[int]
    settings: Mapping[str, tuple[Configuration, ...]]


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """The knowledge of `scanners.toml`: which settings mend a cause, and how each maker sets them."""

    mends: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, Mapping[str, str]]  # setting, language
    makers: Mapping[str, Maker]

    @classmethod
    def of(cls, rows: Mapping[str, Any]) -> ScannerSettings:
        """From the file's tables; KeyError or TypeError where it is not as it must be."""
        makers = {
            key: Maker(
                key, row["name"], row["manual"], frozenset(row.get("usb", ())),
                {
                    setting: tuple(_configuration(each) for each in found)
                    for setting, found in row["set"].items()
                },
            )
            for key, row in rows["maker"].items()
        }  # fmt: skip
        mends = {cause: tuple(settings) for cause, settings in rows["mends"].items()}
        return cls(mends, rows["setting"], makers)

    def mend(self, cause: str, maker: str, suffix: str) -> Iterable[tuple[str, tuple[Configuration, ...]]]:
        """The settings against `cause` with the maker's values; empty where no setting mends it.

        `suffix` is what the till wants behind each code; a setting may have a value for each.
        """
        known = self.makers[maker].settings
        for setting in self.mends.get(cause, ()):
            yield setting, known.get(f"{setting}.{suffix}") or known[setting]

    def maker_of_vendor(self, vendor: int) -> str | None:
        """Whose USB vendor number that is."""
        return next((key for key, maker in self.makers.items() if vendor in maker.vendors), None)

    def maker_named(self, name: str) -> str | None:
        """The one maker that `name` holds a word of; None where it is none, or one of several families."""
        words = set(_words(name))
        found = [
            key for key, maker in self.makers.items() if key != OTHER and words & set(_words(maker.name))
        ]
        return found[0] if len(found) == 1 else None


def _words(name: str) -> list[str]:
    return re.findall("[a-z]{4,}", name.casefold())


def _configuration(row: Mapping[str, Any]) -> Configuration:
    return Configuration(**{**row, "codes": tuple(row.get("codes", ()))})
