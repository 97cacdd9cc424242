"""The text that a shop hands to support: what is wrong, since when, and what was seen."""

from __future__ import annotations

from datetime import datetime

from console import __version__
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.words import say
from console.services.language import Language
from console.services.sentences import title_of
from console.services.times import duration, exact


def handover(
    store: str, name: str, finding: Finding, since: datetime | None, now: datetime, language: Language
) -> str:
    """Plain lines about one subject: light, beginning, causes with weights, all evidence with exact times."""
    text = language.text
    light, title = language.light(finding.light), title_of(finding, language)
    lines = [
        text(say('Tillkeeper {version}, store "{store}"', version=__version__, store=store)),
        text(say("Trouble: {name} ({subject})", name=name, subject=str(finding.subject))),
        text(say("State: {state}", state=light if title == light else f"{light} · {title}")),
    ]
    if since is not None:
        lasts = duration((now - since).total_seconds(), language)
        lines.append(text(say("Since: {time} ({duration})", time=exact(since), duration=lasts)))
    lines += _causes(finding, language)
    if finding.evidence:
        lines += [text(say("What was seen:")), *(_seen(each, language) for each in finding.evidence)]
    lines.append(text(say("Written: {time}", time=exact(now))))
    return "\n".join(lines)


def _causes(finding: Finding, language: Language) -> list[str]:
    if not finding.candidates:
        return []
    lines = [language.text(say("Likely causes:"))]
    lines += [
        f"- {language.cause(each.cause).title} ({each.cause}, {each.weight:.0%})"
        for each in finding.candidates
    ]
    if finding.distinguish:
        lines.append(language.test(finding.distinguish))
    return lines


def _seen(evidence: Evidence, language: Language) -> str:
    took = f"{evidence.seconds * 1000:.0f} ms"
    result = f"{evidence.probe} → {evidence.result}" if evidence.result else evidence.probe
    return f"- {exact(evidence.at)}  {language.text(evidence.meaning)}  [{result}, {took}]"
