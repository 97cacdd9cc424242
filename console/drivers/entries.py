"""A found device as a ready entry of `store.toml`."""

from __future__ import annotations

import json
import re
from typing import Literal

from console.domain.discovery import Found


def found(
    kind: str, address: str, answer: tuple[str, str], sure: Literal["documented", "probed", "guess"]
) -> Found:
    """The device at `address`, named after its place; `answer`: its language, if known, and identity."""
    language, identity = answer
    place = address.split("//")[1].split("?")[0].split("/ipp/")[0].rsplit("/", 1)[-1]
    name = re.sub(r"[^0-9A-Za-z]+", "-", place).strip("-").lower() or kind
    lines = [f"[[{kind}]]", f"name = {_quoted(name)}", f"address = {_quoted(address)}"]
    if kind in ("printer", "scale", "rfid") and not address.startswith("pcsc:"):
        lines.append(f"protocol = {_quoted(language or 'auto')}")
    elif address.startswith("hid:"):  # reports end by themselves
        lines.append('suffix = "none"')
    return Found(kind, address, identity, sure, "\n".join(lines) + "\n")


def _quoted(text: str) -> str:
    """`text` as a TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
