"""Ranked causes from evidence, by a table that is data.

A rule is a candidate when one of its `when` clauses (all signs of it) was seen and none of its `unless`
signs. Candidates that explain the same sign share it by their priors, so that causes which cannot be
told apart stand together, while independent troubles each keep their full weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from console.domain.lights import Light

CERTAIN = 0.98  # no single observation deserves more: a sensor can be wrong


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cause that would explain what was seen; `weight` is from 0 to 1."""

    cause: str
    weight: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One cause: the signs that call for it, those that rule it out, and how common it is."""

    cause: str
    light: Light
    when: tuple[frozenset[str], ...]
    unless: frozenset[str]
    prior: float
    blocks: frozenset[str]  # kinds of subject that this cause explains in its children

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of subject whose evidence may call for this rule."""
        return _kinds(self.cause)

    def explains(self, signs: frozenset[str]) -> frozenset[str]:
        """The signs this cause accounts for; empty when it is no candidate."""
        if not self.unless.isdisjoint(signs):
            return frozenset()
        return frozenset().union(*(clause for clause in self.when if clause <= signs))


# Network causes are told under `network` or under the backend whose path was climbed.
_PATH = frozenset({"network", "backend"})
_SUBJECT_KINDS = dict.fromkeys(
    (
        "link",
        "address",
        "route",
        "gateway",
        "dns",
        "internet",
        "path",
        "quality",
        "clock",
        "local",
        "tls",
        "auth",
    ),
    _PATH,
)


@cache
def _kinds(cause: str) -> frozenset[str]:
    family = cause.split(".")[0]
    return _SUBJECT_KINDS.get(family, frozenset({family}))


@dataclass(frozen=True, slots=True)
class DiagnosisTable:
    """The whole table; `proof` holds, per kind, the sets of signs any one of which shows health."""

    rules: tuple[Rule, ...]
    proof: Mapping[str, tuple[frozenset[str], ...]]
    tests: Mapping[frozenset[str], str]
    _of_kind: dict[str, tuple[Rule, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> DiagnosisTable:
        """The table that a parsed `diagnosis.toml` describes; KeyError or ValueError on a bad one."""
        rules = tuple(
            Rule(
                cause=code,
                light=Light(row["light"]),
                when=tuple(frozenset(clause) for clause in row["when"]),
                unless=frozenset(row.get("unless", ())),
                prior=float(row.get("prior", 0.5)),
                blocks=frozenset(row.get("blocks", ())),
            )
            for code, row in data["cause"].items()
        )
        proof = {kind: tuple(map(frozenset, clauses)) for kind, clauses in data["proof"].items()}
        tests = {frozenset(row["causes"]): str(row["test"]) for row in data.get("apart", ())}
        return cls(rules, proof, tests)

    def candidates(self, kind: str, signs: frozenset[str]) -> tuple[Candidate, ...]:
        """Every cause that `signs` call for, leading ones first; within these the graver, the likelier."""
        explained = self._explained(kind, signs)
        shares = _shares(explained)
        leaders = _leaders(explained)
        ranked = sorted(
            explained,
            key=lambda rule: (rule.cause not in leaders, -rule.light.urgency, -shares[rule.cause]),
        )
        return tuple(Candidate(rule.cause, round(CERTAIN * shares[rule.cause], 3)) for rule in ranked)

    def leading(self, candidates: Sequence[Candidate], signs: frozenset[str]) -> tuple[Candidate, ...]:
        """Those candidates that are the likeliest explanation of at least one sign."""
        known = {each.cause for each in candidates}
        leaders = _leaders({rule: rule.explains(signs) for rule in self.rules if rule.cause in known})
        return tuple(each for each in candidates if each.cause in leaders)

    def proves_ok(self, kind: str, signs: frozenset[str]) -> bool:
        """True when `signs` hold a complete proof of health for this kind of subject."""
        return any(clause <= signs for clause in self.proof.get(kind, ()))

    def light(self, cause: str) -> Light:
        """The light that `cause` sets; KeyError for an unknown code."""
        return self._rule(cause).light

    def blocks(self, cause: str, kind: str) -> bool:
        """True when `cause` in a parent explains trouble of a child of `kind`."""
        return kind in self._rule(cause).blocks

    def distinguish(self, candidates: Sequence[Candidate], signs: frozenset[str]) -> str | None:
        """The name of the test that would separate the first cause from those sharing its signs."""
        if len(candidates) < 2:
            return None
        first = self._rule(candidates[0].cause).explains(signs)
        rivals = {each.cause for each in candidates[1:] if self._rule(each.cause).explains(signs) & first}
        together = rivals | {candidates[0].cause}
        return next(
            (
                test
                for causes, test in self.tests.items()
                if candidates[0].cause in causes and len(causes & together) > 1
            ),
            None,
        )

    def _explained(self, kind: str, signs: frozenset[str]) -> dict[Rule, frozenset[str]]:
        if kind not in self._of_kind:  # looked through for every piece of evidence
            self._of_kind[kind] = tuple(rule for rule in self.rules if kind in rule.kinds)
        met = ((rule, rule.explains(signs)) for rule in self._of_kind[kind])
        return {rule: explained for rule, explained in met if explained}

    def _rule(self, cause: str) -> Rule:
        for rule in self.rules:
            if rule.cause == cause:
                return rule
        raise KeyError(cause)


def _shares(explained: Mapping[Rule, frozenset[str]]) -> dict[str, float]:
    """For each cause, its largest share of any sign that it explains."""
    total: dict[str, float] = {}
    for rule, signs in explained.items():
        for sign in signs:
            total[sign] = total.get(sign, 0.0) + rule.prior
    return {rule.cause: max(rule.prior / total[sign] for sign in signs) for rule, signs in explained.items()}


def _leaders(explained: Mapping[Rule, frozenset[str]]) -> frozenset[str]:
    """The causes that no other outweighs for at least one sign."""
    best: dict[str, float] = {}
    for rule, signs in explained.items():
        for sign in signs:
            best[sign] = max(best.get(sign, 0.0), rule.prior)
    return frozenset(
        rule.cause for rule, signs in explained.items() if any(rule.prior >= best[sign] for sign in signs)
    )
