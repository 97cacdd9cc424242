"""A recorded self-test once more, without its device: the same answers, today's driver and judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.domain.ports import Clock, Examiner
from console.domain.recording import Departure, Recording
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.services.language import Language, diagnosis_table
from console.services.recordings import Exchange
from console.services.roster import Roster
from console.services.selftest import Person, SelftestService
from console.services.tape import ReplayTape, verdict


@dataclass(frozen=True, slots=True)
class Replayed:
    """`result` is None for a recording of talk without a self-test; `then` the verdict of then, if any."""

    exchange: Exchange
    result: SelftestResult | None
    departures: Sequence[Departure]
    then: Mapping[str, Any] | None
    language: Language  # that of the recorded store, unless another one was asked for

    @property
    def same(self) -> bool | None:
        """Whether the verdict is that of then; None where one of them is missing."""
        if self.result is None or self.then is None:
            return None
        return dict(verdict(self.result)) == dict(self.then)


async def replay(
    recording: Recording, driver: Examiner, clock: Clock, language: Language
) -> SelftestResult | None:
    """What the recorded self-test comes to with `driver`, whose line is the recording."""
    header = recording.header
    if header.level is None:
        return None
    subject = Subject.parse(header.subject)
    store = header.store["store"]
    name = store["name"] if isinstance(store, Mapping) else ""
    service = SelftestService(
        name, Roster({subject: driver}), diagnosis_table(), clock, lambda: language, str, lambda _: None, {}
    )
    tape = ReplayTape(recording, clock)
    result = await service.start(subject, Level(header.level), Person(code=header.code), tape).result()
    breaks = tape.breaks
    return service.mark(subject, breaks) if breaks and result.head else result
