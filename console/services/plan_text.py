"""The emergency plan as plain text, for a terminal or a sheet on the wall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from console.domain.errors import BadInput
from console.domain.plan import Backup, Contact, Plan, Scenario, Step, SwitchOver
from console.domain.words import Words, say, say_many
from console.services.language import Language

NO_PHONE = say("no number yet: write it into plan.toml")


def plan_text(
    plan: Plan,
    language: Language,
    today: date,
    scenario: str | None = None,
    before_restart: str | None = None,
) -> str:
    """The whole plan, or one scenario of it; BadInput naming the known ones for an unknown id.

    `before_restart` is read before the till is restarted.
    """
    text = language.text
    if scenario is None:
        lines = [text(say("Emergency plan")), "", *_index(plan, language)]
        for each in plan.scenarios:
            lines += ["", *_scenario(each, plan, language, before_restart)]
        lines += ["", *_heading(text(say("What stands in")))]
        lines += [_backup(each, language, today) for each in plan.backups]
        return "\n".join(lines)
    chosen = plan.scenario(scenario)
    if chosen is None:
        known = ", ".join(each.id for each in plan.scenarios)
        words = say('"{value}" is no scenario of the plan; it has {known}', value=scenario, known=known)
        raise BadInput(words)
    return "\n".join(_scenario(chosen, plan, language, before_restart))


def switch_over_words(rule: SwitchOver) -> Words:
    """The rule for switching over as a sentence."""
    return say_many(
        "Slower than {seconds} s, or {count} failure: {to}",
        "Slower than {seconds} s, or {count} failures in a row: {to}",
        rule.failures, seconds=rule.seconds, to=rule.to,
    )  # fmt: skip


def proven_words(backup: Backup) -> Words:
    """When what stands in was last tried."""
    if backup.proven is None:
        return say("never tried")
    return say("last tried {day}", day=backup.proven.isoformat())


def _heading(title: str) -> Sequence[str]:
    width = sum(2 if ord(each) > 0x2E7F else 1 for each in title)
    return title, "=" * width


def _index(plan: Plan, language: Language) -> Iterator[str]:
    for scenario in plan.scenarios:
        yield f"  {scenario.id:<10} {scenario.title} · {' / '.join(scenario.symptoms)}"
    yield ""
    yield from _heading(language.text(say("Whom to call")))
    yield from (_contact(each, language) for each in plan.contacts)


def _contact(contact: Contact, language: Language) -> str:
    phone = contact.phone or language.text(NO_PHONE)
    parts = (contact.name, phone, contact.role, contact.hours, " / ".join(contact.have_ready))
    return "  " + " · ".join(each for each in parts if each)


def _backup(backup: Backup, language: Language, today: date) -> str:
    parts = (backup.what, backup.where, backup.how, backup.who, language.text(proven_words(backup)))
    return ("! " if backup.overdue(today) else "  ") + " · ".join(each for each in parts if each)


def _scenario(
    scenario: Scenario, plan: Plan, language: Language, before_restart: str | None
) -> Iterator[str]:
    text = language.text
    yield from _heading(scenario.title)
    yield from (f"  · {each}" for each in scenario.symptoms)
    if scenario.immediate:
        yield text(say("Do these first"))
        yield from (f"  [ ] {each}" for each in scenario.immediate)
    if scenario.switch_over:
        yield text(switch_over_words(scenario.switch_over))
    for number, step in enumerate(scenario.steps, 1):
        if step.restart and before_restart:
            yield f"   !  {before_restart}"
        yield from _step(number, step, scenario, language)
    yield text(say("You can sell again: {exit}", exit=scenario.exit))
    if scenario.deferred:
        yield text(say("Afterwards"))
        yield from (f"  [ ] {each}" for each in scenario.deferred)
    yield text(say("Whom to call"))
    yield from (_contact(each, language) for each in plan.order_of_calling(scenario))


def _step(number: int, step: Step, scenario: Scenario, language: Language) -> Iterator[str]:
    text = language.text
    yield " · ".join(each for each in (f"  [ ] {number}. {step.do}", step.who) if each)
    if step.detail:
        yield f"         {step.detail}"
    if step.words_to_say:
        yield "         " + text(say('Say: "{words}"', words=step.words_to_say))
    if step.expect:
        yield "         " + text(say("You should see: {expect}", expect=step.expect))
    if step.yes or step.no:
        yes, no = (_target(scenario, step, worked, language) for worked in (True, False))
        yield "         " + text(say("It worked → {yes}; it did not → {no}", yes=yes, no=no))


def _target(scenario: Scenario, step: Step, worked: bool, language: Language) -> str:
    following = scenario.after(step, worked)
    if following is None:
        return language.text(say("you can sell again"))
    return str(scenario.steps.index(following) + 1)
