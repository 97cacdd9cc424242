"""A recording played back, wired together: no store, no device, no network, no waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from console.domain.profile import StoreProfile
from console.domain.recording import Departure, Recording
from console.domain.selftest import SelftestResult
from console.domain.subjects import Subject
from console.domain.words import say
from console.drivers.readings import explain
from console.drivers.registry import open_driver
from console.drivers.transports.replayed import Playback
from console.platforms.quick_loop import QuickLoop
from console.services.language import Language
from console.services.options import Options
from console.services.recordings import Exchange, verdict_of
from console.services.replay import Replayed
from console.services.replay import replay as replay_selftest
from console.storage.models import shipped_models
from console.storage.profile_keys import build_profile
from console.storage.recording import read_recording

_PATIENCE = 7 * 86400.0  # seconds of the replay, which takes none of ours


class ReplayClock:
    """Implements `ports.Clock`: the loop's time, and the wall clock of then."""

    def __init__(self, started: datetime) -> None:
        self._started = started

    def now(self) -> datetime:
        """The wall clock, as it was at this point of the recording."""
        return self._started + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        """Seconds since the recording's start."""
        return asyncio.get_running_loop().time()


def replay(options: Options, path: Path) -> Replayed:
    """Read `path` and let its self-test run again; BadInput for a file that is no recording."""
    return played(read_recording(path), options)


def played(recording: Recording, options: Options) -> Replayed:
    """The recording's self-test, run again on a loop of its own; not for a thread that has one already."""
    header = recording.header
    profile, troubles = build_profile(header.store)
    if profile is None:  # the reader has seen to that
        raise ValueError(troubles)
    language = Language(options.language or profile.store.language)
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        result, departures = runner.run(_play(recording, profile, language))
    meanings = explain(Subject.parse(header.subject).kind, header.protocol, recording.events)
    return Replayed(Exchange(recording, meanings), result, departures, verdict_of(recording), language)


async def _play(
    recording: Recording, profile: StoreProfile, language: Language
) -> tuple[SelftestResult | None, Sequence[Departure]]:
    header = recording.header
    subject = Subject.parse(header.subject)
    entry = dict(profile.entries())[subject]
    playback = Playback(recording.events)
    clock = ReplayClock(header.started)
    driver = open_driver(subject, entry, profile, clock, playback.connect, {}, shipped_models)
    try:
        async with asyncio.timeout(_PATIENCE):
            result = await replay_selftest(recording, driver, clock, language)
    except TimeoutError:
        playback.depart(say("This program waits for something that the recording does not hold"))
        return None, playback.departures
    if result is not None:
        playback.finish()
    return result, playback.departures
