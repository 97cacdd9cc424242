"""Reading the model profiles that the program brings along (`resources/models/*.toml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from console.domain.models import ModelFile, Models, with_counters
from console.platforms.files import resource
from console.storage.profile import parse_as, read_text


def read_models(folder: Path) -> Models:
    """Every model of the files in `folder`; BadInput with file, line, key, value and expectation."""
    files = sorted(folder.glob("*.toml"))
    return with_counters(parse_as(ModelFile, read_text(file), str(file)) for file in files)


@cache
def shipped_models() -> Models:
    """What the program knows of printers; read once."""
    return read_models(resource("models"))
