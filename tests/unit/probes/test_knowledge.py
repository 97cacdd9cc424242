"""Every cause that the table names can be told in both languages, and every test that would separate them."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

import console.probes
from console.domain.diagnosis import DiagnosisTable
from console.platforms.files import resource

PROMISED = [
    "link.no_carrier",
    "link.disabled",
    "link.weak_signal",
    "link.flapping",
    "address.none",
    "address.self_assigned",
    "address.conflict",
    "address.wrong_network",
    "address.bad_mask",
    "route.none",
    "gateway.wrong",
    "gateway.down",
    "gateway.differs",
    "dns.missing",
    "dns.no_answer",
    "dns.refused",
    "dns.unknown_name",
    "dns.stale",
    "dns.hijacked",
    "dns.slow",
    "internet.down",
    "internet.blackhole",
    "internet.captive_portal",
    "internet.proxy_auth",
    "path.mtu",
    "quality.loss",
    "quality.congested",
    "quality.latency",
    "quality.ipv6",
    "clock.wrong",
    "local.firewall",
    "backend.filtered",
    "backend.refused",
    "backend.wrong_port",
    "backend.host_down",
    "backend.service_stopped",
    "backend.hung",
    "backend.overloaded",
    "backend.one_way",
    "backend.rate_limited",
    "backend.wrong_service",
    "backend.wrong_path",
    "backend.version_unsupported",
    "backend.server_error",
    "backend.maintenance",
    "backend.slow",
    "backend.reset",
    "backend.redirect_loop",
    "tls.expired",
    "tls.not_yet_valid",
    "tls.wrong_host",
    "tls.untrusted",
    "tls.intercepted",
    "tls.missing_intermediate",
    "tls.protocol",
    "tls.expires_soon",
    "auth.unauthorized",
    "auth.forbidden",
    "auth.credential_missing",
    "auth.credential_needed",
]


# Signs that are put together from an outcome and from a status.
OUTCOMES = ("nxdomain", "empty", "refused", "servfail", "no_answer", "garbage")
STATUSES = (401, 403, 404, 407, 426, 429, 503, 511)


def knowledge(name: str) -> dict[str, Any]:
    return tomllib.loads(resource("knowledge", name).read_text("utf-8"))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_cause_is_told(language: str) -> None:
    told, table = knowledge(f"causes.network.{language}.toml"), knowledge("diagnosis.network.toml")
    tests = told.pop("test")
    assert set(told) == set(PROMISED) >= set(table["cause"])
    assert all(row["title"] and row["explain"] and row["advice"] for row in told.values())
    assert {row["test"] for row in table["apart"]} == set(tests)


def test_languages_advise_the_same_steps() -> None:
    chinese, english = (knowledge(f"causes.network.{language}.toml") for language in ("zh_CN", "en"))
    assert {code: len(row.get("advice", ())) for code, row in chinese.items()} == {
        code: len(row.get("advice", ())) for code, row in english.items()
    }


def test_rules_only_name_signs_that_a_probe_shows() -> None:
    shown = {f"dns.{outcome}" for outcome in OUTCOMES} | {f"http.{status}" for status in STATUSES}
    for path in Path(console.probes.__path__[0]).glob("*.py"):
        shown |= {
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    table = knowledge("diagnosis.network.toml")
    named = {
        sign
        for row in table["cause"].values()
        for clause in (*row["when"], row.get("unless", ()))
        for sign in clause
    } | {sign for clauses in table["proof"].values() for clause in clauses for sign in clause}
    assert named <= shown


def test_silence_may_be_the_line_or_a_missing_computer_until_other_ports_were_tried(
    table: DiagnosisTable,
) -> None:
    def told(*signs: str) -> tuple[str, set[str], str | None]:
        seen = frozenset(signs)
        found = table.candidates("backend", seen)
        return found[0].cause, {each.cause for each in found}, table.distinguish(found, seen)

    gone = {"backend.host_down", "internet.blackhole"}
    first, causes, test = told("tcp.timeout")
    assert (first, causes & gone, test) == ("backend.filtered", gone, "sibling_port")
    first, causes, test = told("tcp.timeout", "tcp.sibling_ok")
    assert (first, causes & gone, test) == ("backend.filtered", set(), "another_line")
    first, causes, test = told("tcp.timeout", "tcp.sibling_dead")
    assert (first, causes & gone, test) == ("backend.host_down", gone, "another_line")
