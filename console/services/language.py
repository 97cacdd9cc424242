"""The words of one language: the gettext catalogue, and the knowledge of causes."""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.domain.advice import AdviceStep
from console.domain.lights import Light
from console.domain.words import Words, say
from console.platforms.files import resource

if TYPE_CHECKING:
    from console.domain.diagnosis import DiagnosisTable

LANGUAGES = {"zh_CN": "中文", "en": "English"}
SOURCE = "en"  # the language that the program's own sentences are written in

LIGHT_WORDS = {
    Light.OK: say("OK"),
    Light.ATTENTION: say("Attention"),
    Light.FAULT: say("Fault"),
    Light.UNKNOWN: say("Unknown"),
    Light.OFF: say("Switched off"),
}


@dataclass(frozen=True, slots=True)
class CauseText:
    """What a person reads about a cause."""

    title: str
    explain: str
    todo: tuple[AdviceStep, ...]
    light: Light = Light.UNKNOWN  # that this cause sets by itself

    @property
    def advice(self) -> tuple[str, ...]:
        """What hands can do, as texts; what the console can do is offered where the device allows it."""
        return tuple(each.text for each in self.todo if each.press is None)

    @property
    def restart(self) -> int | None:
        """The place of the first step that restarts the till, its program or the computer."""
        hands = [each for each in self.todo if each.press is None]
        return next((place for place, each in enumerate(hands) if each.restart), None)

    def steps(self, before_restart: str | None) -> tuple[str, ...]:
        """The advice; `before_restart` is read before the till is restarted."""
        if self.restart is None or before_restart is None:
            return self.advice
        return (*self.advice[: self.restart], before_restart, *self.advice[self.restart :])


class Language:
    """One of LANGUAGES; KeyError for another code."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.name = LANGUAGES[code]
        self._catalogue = gettext.translation(
            "tillkeeper", resource("translations"), [code], fallback=code == SOURCE
        )

    def text(self, words: Words) -> str:
        """The sentence in this language, its values put in (Words among them translated as well)."""
        if words.many is None:
            pattern = self._catalogue.gettext(words.text)
        else:
            pattern = self._catalogue.ngettext(words.text, words.many, words.count)
        if not words.values:
            return pattern
        return pattern.format(
            **{name: self.text(value) if isinstance(value, Words) else value for name, value in words.values}
        )

    def join(self, several: Iterable[Words]) -> str:
        """Several short statements as one line."""
        return self.text(say("; ")).join(map(self.text, several))

    def light(self, light: Light) -> str:
        """The word for a light."""
        return self.text(LIGHT_WORDS[light])

    def cause(self, code: str) -> CauseText:
        """Title, explanation and advice of a cause; KeyError for a code without text."""
        row = _knowledge(self.code)[code]
        todo = tuple(map(AdviceStep.of, row["advice"]))
        return CauseText(row["title"], row["explain"], todo, Light(row["severity"]))

    def test(self, name: str) -> str:
        """The sentence that says which test would separate causes."""
        return str(_knowledge(self.code)["test"][name]["text"])


def diagnosis_table() -> DiagnosisTable:
    """The table that turns evidence into causes, from every `knowledge/diagnosis.*.toml`."""
    from console.domain.diagnosis import DiagnosisTable

    merged: dict[str, Any] = {"proof": {}, "cause": {}, "apart": []}
    for part in _parts("diagnosis.*.toml"):
        merged["proof"] |= part.get("proof", {})
        merged["cause"] |= part.get("cause", {})
        merged["apart"] += part.get("apart", [])
    return DiagnosisTable.from_data(merged)


@cache
def _knowledge(code: str) -> Mapping[str, Any]:
    merged: dict[str, Any] = {"test": {}}
    for part in _parts(f"causes.*.{code}.toml"):
        merged["test"] |= part.pop("test", {})
        merged |= part
    return merged


def _parts(pattern: str) -> Iterator[dict[str, Any]]:
    import tomllib

    paths: list[Path] = sorted(resource("knowledge").glob(pattern))
    for path in paths:
        yield tomllib.loads(path.read_text(encoding="utf-8"))
