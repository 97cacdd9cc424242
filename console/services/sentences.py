"""The sentences that stand above a store's lights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.domain.findings import Finding
from console.domain.lights import Light, loudest
from console.domain.profile import StoreProfile
from console.domain.subjects import KIND_WORDS, NETWORK, Subject
from console.domain.words import Words, say, say_many
from console.services.language import Language


def names_of(profile: StoreProfile, language: Language) -> Callable[[Subject], str]:
    """How people call each subject: its label, or its kind and name."""
    labels = {subject: entry.label for subject, entry in profile.entries() if entry.label}

    def name(subject: Subject) -> str:
        if subject in labels:
            return labels[subject]
        kind = KIND_WORDS[subject.kind]
        if subject == NETWORK:
            return language.text(say("Store network"))
        return language.text(say("{kind} {name}", kind=kind, name=subject.name))

    return name


def title_of(finding: Finding, language: Language) -> str:
    """What is wrong with one subject, in a few words; its light's word when nothing is."""
    if finding.blocked_by is not None:
        network = say("Waiting for the store network")
        return language.text(network if finding.blocked_by == NETWORK else say("Waiting for the printer"))
    if finding.cause is not None:
        return language.cause(finding.cause).title
    return language.light(finding.light)


def summary(
    findings: Sequence[Finding], name: Callable[[Subject], str], language: Language, full: bool = True
) -> str:
    """One plain sentence for the whole store, the worst first; `full` is False where only some were asked."""
    light = loudest(each.light for each in findings)
    if light is Light.OK:
        everything, some = say("Everything works: you can sell"), say("What was checked works")
        return language.text(everything if full else some)
    loud = [each for each in findings if each.light is light]
    if not loud:
        return language.text(say("Nothing is switched on in this store's profile"))
    first = say("{name}: {title}", name=name(loud[0].subject), title=title_of(loud[0], language))
    others = sum(each.light in (Light.FAULT, Light.ATTENTION, Light.UNKNOWN) for each in findings) - 1
    if others:
        first = say_many(
            "{first}, and {count} more thing to look at",
            "{first}, and {count} more things to look at",
            others,
            first=first,
        )
    return language.text(first)


def counts(findings: Sequence[Finding]) -> tuple[Words, ...]:
    """How many subjects show each light that needs somebody: faults, attention, unknown."""
    many = {light: sum(each.light is light for each in findings) for light in Light}
    words = (
        say_many("{count} fault", "{count} faults", many[Light.FAULT]),
        say_many("{count} needs attention", "{count} need attention", many[Light.ATTENTION]),
        say_many("{count} unknown", "{count} unknown", many[Light.UNKNOWN]),
    )
    return tuple(each for each in words if each.count)
