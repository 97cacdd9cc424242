"""Run inside a namespace: examine the store in the JSON on standard input, print its findings as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import tomllib
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from console.domain.diagnosis import DiagnosisTable
from console.domain.findings import Finding, judge, silence_children
from console.domain.ports import Examiner
from console.domain.profile import Backend, NetworkSetup, Store, StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.platforms import here
from console.platforms.files import resource
from console.probes.path import BackendExaminer, NetworkExaminer


class SystemClock:
    """The clocks of this computer."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return monotonic()


def profile_of(told: dict[str, Any]) -> StoreProfile:
    setup = NetworkSetup(**told["network"])
    return StoreProfile(Store("lab"), setup, backend=tuple(map(backend_of, told["backend"])))


def backend_of(told: dict[str, Any]) -> Backend:
    lists = {key: tuple(value) for key, value in told.items() if isinstance(value, list)}
    return Backend(**{**told, **lists})


async def examine(profile: StoreProfile) -> tuple[Finding, ...]:
    table = DiagnosisTable.from_data(
        tomllib.loads(resource("knowledge", "diagnosis.network.toml").read_text("utf-8"))
    )
    clock, platform = SystemClock(), here()
    subjects = [NETWORK, *(Subject("backend", each.name) for each in profile.backend)]
    examiners: list[Examiner] = [
        NetworkExaminer(profile, platform, clock),
        *(BackendExaminer(each, profile, platform, clock, lambda _: None) for each in profile.backend),
    ]
    evidence = await asyncio.gather(*(each.examine() for each in examiners))
    found = (judge(subject, pieces, table) for subject, pieces in zip(subjects, evidence, strict=True))
    return silence_children(found, lambda each: NETWORK if each.kind == "backend" else None, table)


def as_data(finding: Finding) -> dict[str, Any]:
    return {
        "light": finding.light,
        "causes": [each.cause for each in finding.candidates],
        "distinguish": finding.distinguish,
        "blocked_by": str(finding.blocked_by) if finding.blocked_by else None,
        "evidence": [
            [each.probe, each.result, str(each.meaning), sorted(each.signs), round(each.seconds, 3)]
            for each in finding.evidence
        ],
    }


if __name__ == "__main__":
    findings = asyncio.run(examine(profile_of(json.load(sys.stdin))))
    json.dump({str(each.subject): as_data(each) for each in findings}, sys.stdout)
