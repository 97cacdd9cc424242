"""What is known of printer models: the profiles in `resources/models`, and which one a printer is.

Field names are the files' keys. Every group of facts says where it is from and how sure it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from console.domain.errors import BadInput
from console.domain.words import say

Mark = Literal["documented", "probed", "unverified"]
MARK_WORDS = {
    "documented": say("documented"),
    "probed": say("found out by asking the printer"),
    "unverified": say("not verified"),
}
LINES, PULSES, CUTS, HOURS = (
    "ReceiptLineFeedCount",
    "HeadEnergizedCount",  # not a UnifiedPOS name: that has none
    "PaperCutCount",
    "HoursPoweredCount",
)
CounterName = Literal["ReceiptLineFeedCount", "HeadEnergizedCount", "PaperCutCount", "HoursPoweredCount"]
PartName = Literal["head", "cutter", "hours"]
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Counter:
    """A maintenance counter: its number in GS g 2, and where it starts again from 0 (0: not told)."""

    number: int
    name: CounterName
    wraps_at: int = 0
    resettable: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """How long the maker rates a part: kilometres of paper, cuts or hours."""

    part: PartName
    limit: float  # km, cuts or hours
    source: str
    mark: Mark

    def __post_init__(self) -> None:
        """BadInput for a life without end, or none."""
        if not 0 < self.limit < 1e9:
            raise BadInput(say("{value} must be more than 0", value=self.limit, key="limit"))


@dataclass(frozen=True, slots=True)
class Known:
    """Where a group of facts is from."""

    what: Literal["identity", "status", "counters", "print", "chinese"]
    mark: Mark
    source: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model or a family of one maker. Patterns may hold * and ignore case.

    `says` is matched with the model's name as the printer tells it (GS I 67), `maker` with its maker (66).
    `asks` are the GS I numbers that it answers, `counters` the GS g 2 numbers; `line_mm` is the paper that
    one count of the line counter stands for. `status` are signs that it really gives.
    """

    name: str
    language: Literal["escpos", "star", "tspl", "zpl"]
    says: tuple[str, ...] = ()
    maker: tuple[str, ...] = ("*",)
    usb: tuple[str, ...] = ()  # vendor:product, four hex digits each
    asks: tuple[int, ...] = (67, 66, 65, 68, 69)
    counters: tuple[int, ...] = ()
    line_mm: float = 0.0
    status: tuple[str, ...] = ()
    process_id: bool = False
    drawer_sense: Literal["high", "low", "none"] = "high"
    chinese: Literal["gb18030", "utf8", "starts_chinese", "none", "unknown"] = "unknown"
    dots: int = 0  # a line
    dots_per_mm: float = 0.0
    cutter: bool = False
    known: tuple[Known, ...] = ()
    life: tuple[Life, ...] = ()
    counter: tuple[Counter, ...] = field(default=(), repr=False)  # filled in from the file's own table

    def __post_init__(self) -> None:
        """BadInput for a GS I number that no text answers."""
        for number in self.asks:
            if not 65 <= number <= 69:
                raise BadInput(
                    say(
                        "{value} must be a number from {low} to {high}",
                        value=number,
                        low=65,
                        high=69,
                        key="asks",
                    )
                )

    def rated_life(self, part: str) -> Life | None:
        """The rated life of `head` or `cutter`; None where no source tells it."""
        return next((each for each in self.life if each.part == part), None)

    def wraps_at(self, name: str) -> int:
        """The largest count of a counter, after which it starts from 0; 0 where that is not told."""
        return next((each.wraps_at for each in self.counter if each.name == name), 0)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of `resources/models`; its counters are shared by its models."""

    model: tuple[Model, ...]
    counter: tuple[Counter, ...] = ()


_ESCPOS = (
    Counter(148, "ReceiptLineFeedCount"),
    Counter(149, "HeadEnergizedCount"),
    Counter(178, "PaperCutCount"),
    Counter(198, "HoursPoweredCount"),
)
GENERIC = {
    "escpos": Model("ESC/POS", "escpos", counters=(148, 149, 178, 198), counter=_ESCPOS),
    "star": Model("Star", "star"),
    "tspl": Model("TSPL", "tspl"),
    "zpl": Model("ZPL", "zpl"),
}


@dataclass(frozen=True, slots=True)
class Models:
    """Every model that is known, beside the generic one of each language."""

    every: tuple[Model, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What `model = "…"` may say beside "auto", in alphabetical order."""
        return tuple(sorted(each.name for each in (*self.every, *GENERIC.values())))

    def named(self, name: str) -> Model | None:
        """The model of exactly that name."""
        return next((each for each in (*self.every, *GENERIC.values()) if each.name == name), None)

    def find(self, wanted: str, identity: Mapping[str, str], language: str = "escpos") -> Model:
        """The model that the profile names; else the one whose identity fits best; else the generic one."""
        if wanted != AUTO and (named := self.named(wanted)) is not None:
            return named
        says = identity.get("ModelName", "").casefold()
        maker = identity.get("ManufacturerName", "").casefold()
        usb = identity.get("UsbId", "").casefold()
        fitting = [
            (len(pattern.replace("*", "")), each)
            for each in self.every
            for pattern in each.says
            if says and _fits(says, pattern) and any(_fits(maker, one) for one in each.maker)
        ]
        if fitting:
            return max(fitting, key=lambda pair: pair[0])[1]
        by_usb = [each for each in self.every if usb and usb in each.usb]
        return by_usb[0] if len(by_usb) == 1 else GENERIC.get(language, GENERIC["escpos"])


def _fits(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.casefold())


def with_counters(files: Iterable[ModelFile]) -> Models:
    """The models of all files, each with the counters that its numbers name; BadInput for an unknown one."""
    every: list[Model] = []
    for file in files:
        shared = {each.number: each for each in file.counter}
        for model in file.model:
            missing = [number for number in model.counters if number not in shared]
            if missing:
                raise BadInput(
                    say('{name}: there is no [[counter]] with number = {value}', name=model.name,
                        value=missing[0])
                )  # fmt: skip
            every.append(replace(model, counter=tuple(shared[number] for number in model.counters)))
    return Models(tuple(every))
