"""Whatever the file holds: a profile, or one line that says what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from console.domain.errors import BadInput
from console.domain.profile import StoreProfile
from console.storage.profile import parse_profile, read_profile
from console.storage.toml_lines import key_lines

pytestmark = pytest.mark.slow

GOOD = """[store]
name = "人民路店"
language = "zh_CN"
timezone = "Asia/Shanghai"
[network]
internet_check = "http://connect.example.com/generate_204"
gateway = "192.168.1.1"
dns = "192.168.1.1:5353"
sync_pending = { path = "/var/lib/pos", pattern = "*.pending" }
[[printer]]
name = "front"
address = "tcp://192.168.1.50:9100"
paper = 80
[[scanner]]
name = "counter"
address = "hid://05e0:1200"
[[drawer]]
name = "till"
printer = "front"
pin = 2
[[backend]]
name = "orders"
url = "https://pos.example.com:8443/health"
known_addresses = ["203.0.113.7"]
credential = "keyring:orders"
sibling_ports = [443]
"""

quick = settings(
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def told(path: Path | None, text: str) -> str | None:
    """What is told about a profile, None for a good one."""
    try:
        profile = parse_profile(text, "store.toml") if path is None else read_profile(path)
    except BadInput as error:
        return str(error)
    assert isinstance(profile, StoreProfile)
    return None


def check(text: str, path: Path | None = None) -> None:
    line = told(path, text)
    if line is not None:
        assert line.startswith(str(path or "store.toml"))
        assert len(line.splitlines()) == 1
        assert len(line) < 1500


@settings(quick, max_examples=4000)
@given(st.binary(max_size=400))
def test_random_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.toml"
    path.write_bytes(content)
    check("", path)


@settings(quick, max_examples=4000)
@given(st.text(alphabet="[]{}=,.\"'\\#\n\r\t\0 ab1é人\u2028\U0001f600_-:+", max_size=200))
def test_random_toml_like_text(text: str) -> None:
    check(text)


@settings(quick, max_examples=4000)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text(max_size=20))
def test_a_good_profile_with_a_piece_replaced(at: int, length: int, text: str) -> None:
    check(GOOD[:at] + text + GOOD[at + length :])


keys = st.sampled_from(
    [*tomllib.loads(GOOD), "name", "address", "url", "label", "enabled", "path", "pin", "nam", "x y", ""]
)
values = st.recursive(
    st.one_of(
        st.sampled_from(["front", "tcp://x", "keyboard:", "env:A", "https://h/", "auto", "", "a\nb", "tcp://["]),
        st.text(max_size=20), st.integers(), st.booleans(), st.floats(),
        st.datetimes(), st.dates(), st.times(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=8,
)  # fmt: skip


def as_toml(value: object) -> str:
    """`value` on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(key)} = {as_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return (
            '"' + "".join(f"\\U{ord(c):08x}" if c in '"\\' or not c.isprintable() else c for c in value) + '"'
        )
    return str(value)


@settings(quick, max_examples=1000)
@example({"printer": [{"name": "a", "address": "tcp://h"}], "drawer": [{"name": "a", "printer": "b"}]})
@given(st.dictionaries(keys, values, max_size=6))
def test_documents_of_any_shape(document: dict[str, object]) -> None:
    text = "\n".join(f"{as_toml(key)} = {as_toml(value)}" for key, value in document.items())
    check(text if "store" in document else f'store.name = "x"\n{text}')


def paths(value: object, at: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every key's path in a parsed document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {at} | {path for key, each in inner for path in paths(each, (*at, key))}


@settings(quick, max_examples=1000)
@given(st.integers(0, len(GOOD)), st.integers(0, 5), st.text(alphabet="[]{}=,.\"'\\#\n ab1", max_size=10))
def test_every_key_of_a_readable_document_has_a_line(at: int, length: int, text: str) -> None:
    document = GOOD[:at] + text + GOOD[at + length :]
    try:
        parsed = tomllib.loads(document)
    except tomllib.TOMLDecodeError:
        return
    assert paths(parsed) - {()} <= set(key_lines(document))
