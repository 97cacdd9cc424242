"""One search over every way a device may be attached."""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.discovery import Found
from console.domain.ports import Searcher
from console.domain.words import say, say_many
from console.services.jobs import Job


def discover(searchers: Sequence[Searcher]) -> Job[tuple[Found, ...]]:
    """Run every search one after another; `step.done` counts the devices found so far."""

    async def work(job: Job[tuple[Found, ...]]) -> tuple[Found, ...]:
        found: list[Found] = []
        for searcher in searchers:
            async for device in searcher.search(job.report):
                found.append(device)
                job.report(say_many("Found {count} device", "Found {count} devices", len(found)), advance=1)
        return tuple(found)

    return Job(say("Search for devices"), work)
