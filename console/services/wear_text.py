"""Wear, paper and what is known of a model, as sentences."""

from __future__ import annotations

from datetime import datetime, timedelta

from console.domain.models import MARK_WORDS, Known, Life, Model
from console.domain.paper import LATEST, Lasts
from console.domain.wear import Forecast, Oddity, Part
from console.domain.words import Words, say
from console.services.language import Language
from console.services.times import clock_time, date
from console.services.wear import Wear

SOON = timedelta(hours=2)  # that Today tells of paper

NAMES = {"head": say("Print head"), "cutter": say("Cutter"), "hours": say("Hours switched on")}
_OF_LIFE = {
    "head": say("{done} of {limit} km ({percent} %)"),
    "cutter": say("{done} of {limit} cuts ({percent} %)"),
    "hours": say("{done} of {limit} hours ({percent} %)"),
}
_DONE = {"head": say("{done} km"), "cutter": say("{done} cuts"), "hours": say("{done} hours")}
_KNOWN = {
    "identity": say("Who it says it is"),
    "status": say("The states it tells"),
    "counters": say("Its counters"),
    "print": say("Its print width"),
    "chinese": say("Its Chinese characters"),
}


def amount(number: float, language: Language) -> str:
    """“412,000”, “1.5 million”; in Chinese “41.2万”, by its own unit of ten thousand."""
    if language.code == "zh_CN":
        return f"{number / 1e4:,.1f}".removesuffix(".0") + "万" if number >= 1e4 else _plain(number)
    if number >= 1e6:
        millions = f"{number / 1e6:.2f}".rstrip("0").rstrip(".")
        return language.text(say("{millions} million", millions=millions))
    return _plain(number)


def _plain(number: float) -> str:
    return f"{number:,.1f}" if number < 100 and number != int(number) else f"{number:,.0f}"


def part_line(part: Part, language: Language) -> str:
    """“412,000 of 1.5 million cuts (27 %)”; without a rated life what was done alone."""
    done = amount(part.done, language)
    if part.life is None or part.share is None:
        return language.text(_with(_DONE[part.part], done=done))
    limit = amount(part.life.limit, language)
    return language.text(
        _with(_OF_LIFE[part.part], done=done, limit=limit, percent=str(round(part.share * 100)))
    )


def _with(words: Words, **values: str) -> Words:
    return Words(words.text, tuple(values.items()))


def source_line(life: Life | None) -> Words:
    """Where the rated life is from, and how sure that is."""
    if life is None:
        return say("No source that we could read tells its rated life")
    return say("Rated life: {source} ({mark})", source=life.source, mark=MARK_WORDS[life.mark])


def forecast_line(part: Part, language: Language, now: datetime) -> Words | None:
    """When the life is used up, with its band; the rule where it is still silent; None without a life."""
    told = part.forecast
    if part.life is None or part.share is None:
        return None
    if part.share >= 1:
        return say("Its rated life is used up: have a spare part ready")
    if told is None:
        return say("A date stands here after a week of readings, if it will be used up within 10 years")
    return _dated(told, now)


def _dated(told: Forecast, now: datetime) -> Words:
    shown = {"at": _month(told.at), "early": _month(told.early)}
    if told.late is None:
        return say("Used up about {at}, by the last four weeks; {early} at the earliest", **shown)
    return say(
        "Used up about {at}, by the last four weeks; between {early} and {late}",
        **shown,
        late=_month(told.late),
    )


def _month(day: object) -> str:
    return str(day)[:7]  # a day would promise more than is known


def paper_line(told: Lasts, now: datetime, language: Language) -> Words:
    """“Paper lasts until about 16:40 (16:05 to 17:20)”."""
    if told.more:
        return say("The paper lasts for more than 12 hours of such business")
    if told.until <= now:
        return say("The paper may run out at any moment")
    time, early = _hour(told.until, now, language), _hour(told.early, now, language)
    if told.late - now > LATEST:
        return say("Paper lasts until about {time} ({early} at the earliest)", time=time, early=early)
    late = _hour(told.late, now, language)
    return say(
        "Paper lasts until about {time} (between {early} and {late})", time=time, early=early, late=late
    )


def _hour(at: datetime, now: datetime, language: Language) -> str:
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    return f"{date(local, language)} {local:%H:%M}"


def fed_line(wear: Wear, now: datetime, language: Language) -> Words:
    """Since when the roll is in, or what must happen before the paper can be told."""
    if wear.rolls.changed is None or wear.rolls.fed is None:
        return say(
            'How long the paper lasts is told once a new roll was put in: press "New roll is in"'
            " the next time, or let the roll run out"
        )
    changed = clock_time(wear.rolls.changed, now, language)
    fed = amount(wear.rolls.fed, language)
    if wear.lasts is None and wear.roll_lines and wear.rolls.fed > wear.roll_lines:
        return say(
            "New roll: {time}; {fed} lines fed since, more than a roll holds. If it was changed meanwhile,"
            ' press "New roll is in"',
            time=changed,
            fed=fed,
        )
    if wear.lasts is None:
        return say(
            "New roll: {time}; {fed} lines fed since. When it ends is told after some hours of readings,"
            " and one whole roll or its length in Settings",
            time=changed,
            fed=fed,
        )
    return say("New roll: {time}; {fed} lines fed since", time=changed, fed=fed)


def odd_line(odd: Oddity, now: datetime, language: Language) -> Words:
    """What a counter did that a healthy one does not."""
    time = clock_time(odd.at, now, language)
    before, after = amount(odd.before, language), amount(odd.after, language)
    return _with(_ODD[odd.what], time=time, before=before, after=after)


_ODD = {
    "swapped": say("{time}: another printer stands here; its own count begins"),
    "clock_back": say("{time}: this computer's clock was set back; the rate is measured anew"),
    "went_back": say("{time}: the count fell from {before} to {after}; what was done before still counts"),
    "leapt": say("{time}: the count leapt from {before} to {after}, faster than any printer; not counted"),
}


def model_line(wear: Wear) -> Words:
    """Which profile is used, and why."""
    if wear.chosen:
        return say("Model: {name}, as chosen in Settings", name=wear.model.name)
    if not wear.model.says and not wear.model.usb:
        return say("Model not recognised: what most printers of its language can do is assumed")
    return say("Model: {name}, by what it says of itself; clones may say the same", name=wear.model.name)


def known_lines(wear: Wear) -> tuple[tuple[Words, Words], ...]:
    """What is documented, asked or unverified of a model: a name, and value, mark and source each."""
    model = wear.model
    told = [(_KNOWN[each.what], _known(model, each)) for each in model.known]
    if wear.parts:
        counted = say("it tells {count} of them ({mark})", count=len(wear.parts), mark=MARK_WORDS["probed"])
        told.append((_KNOWN["counters"], counted))
    return tuple(told)


def _known(model: Model, each: Known) -> Words:
    mark = MARK_WORDS[each.mark]
    value = _value(model, each.what)
    if value is None:
        return say("{mark}: {source}", mark=mark, source=each.source)
    return say("{value} ({mark}: {source})", value=value, mark=mark, source=each.source)


def _value(model: Model, what: str) -> Words | None:
    match what:
        case "counters" if model.counters:
            return say("GS g 2: {numbers}", numbers=", ".join(map(str, model.counters)))
        case "print" if model.dots:
            return say("{dots} dots a line, {each} a mm", dots=model.dots, each=model.dots_per_mm)
        case "chinese":
            return _CHINESE[model.chinese]
        case _:
            return None


_CHINESE = {
    "gb18030": say("GB18030 after FS &"),
    "utf8": say("UTF-8"),
    "starts_chinese": say("starts in Chinese mode, GB18030"),
    "none": say("none"),
    "unknown": say("not told"),
}
