"""Who can be asked about each subject of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.domain.errors import BadInput
from console.domain.ports import Examiner
from console.domain.subjects import Subject
from console.domain.words import say


@dataclass(frozen=True, slots=True)
class Roster:
    """One examiner a subject; None where the profile switched the subject off."""

    examiners: Mapping[Subject, Examiner | None]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Every subject, in the profile's order."""
        return tuple(self.examiners)

    def examiner(self, subject: Subject) -> Examiner | None:
        """The subject's examiner, None when it is switched off; KeyError for a stranger."""
        return self.examiners[subject]

    def chosen(self, only: Sequence[str]) -> tuple[Subject, ...]:
        """The subjects that `only` names by KIND or KIND:NAME (all when empty); BadInput for a stranger."""
        if not only:
            return self.subjects
        wanted = [self._known(text) for text in only]
        return tuple(each for each in self.subjects if any(subject.covers(each) for subject in wanted))

    def driver(self, subject: Subject) -> Examiner:
        """The device to test; BadInput when the store has none of that name or switched it off."""
        self._known(str(subject))
        driver = self.examiners.get(subject)
        if driver is None:
            words = say('"{value}" is switched off, or needs its name: KIND:NAME', value=str(subject))
            raise BadInput(words)
        return driver

    def _known(self, text: str) -> Subject:
        subject = Subject.parse(text)
        if not any(subject.covers(each) for each in self.examiners):
            known = ", ".join(map(str, self.examiners))
            raise BadInput(
                say('"{value}" is nothing this store has; it has {known}', value=text, known=known)
            )
        return subject
