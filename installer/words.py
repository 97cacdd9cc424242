"""Brings the Chinese catalogue up to date with the sources and compiles it.

    .venv/bin/python installer/words.py            after changing a sentence; then translate what it lists
    .venv/bin/python installer/words.py --check    changes nothing; exit 1 and a list of what is wrong

A sentence is what stands literally in `say("…")` or `say_many("…", "…", n)`.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "resources/translations/zh_CN/LC_MESSAGES/tillkeeper.po"
KEYWORDS = {"say": None, "say_many": (1, 2)}


def sources() -> Catalog:
    """Every sentence in the sources, with the files it stands in."""
    catalogue = Catalog(charset="utf-8")
    options: dict[str, str] = {}
    for file, _, text, _, _ in extract_from_dir(
        ROOT / "console",
        [("**.py", "python")],
        {"**.py": options},
        keywords=KEYWORDS,
        strip_comment_tags=True,
    ):
        catalogue.add(text, locations=[(f"console/{file}", 1)], flags=["python-brace-format"])
    return catalogue


def read() -> Catalog:
    """The catalogue as it is on disk."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="tillkeeper")


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as a PO file, sorted, without dates and line numbers that change with every edit."""
    catalogue.project, catalogue.version = "Tillkeeper", "1"
    catalogue.header_comment = (
        "# The Chinese of every sentence in console/; installer/words.py keeps it complete."
    )
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = ""
    catalogue.fuzzy = False
    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        width=110,
        sort_output=True,
        omit_header=False,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def troubles() -> list[str]:
    """What is missing, stale or wrong, a line each."""
    wanted, there = sources(), read()
    keys = {message.id: message for message in wanted if message.id}
    had = {message.id: message for message in there if message.id}
    found = [f"missing: {key!r}" for key in keys if key not in had]
    found += [f"stale: {key!r}" for key in had if key not in keys]
    for key, message in had.items():
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(texts):
            found.append(f"not translated: {key!r}")
        elif message.fuzzy:
            found.append(f"fuzzy, to be read again: {key!r}")
        found += [f"{key!r}: {error}" for error in message.check(there)]
    if not found and CATALOGUE.with_suffix(".mo").read_bytes() != as_mo(there):
        found.append("the compiled catalogue is older than its source")
    return found


def update() -> None:
    """Add new sentences (empty), drop those that are gone, compile."""
    there = read()
    there.update(sources(), no_fuzzy_matching=True)
    there.obsolete.clear()
    CATALOGUE.write_bytes(as_po(there))
    CATALOGUE.with_suffix(".mo").write_bytes(as_mo(there))


if __name__ == "__main__":
    if "--check" not in sys.argv:
        update()
    lines = troubles()
    print("\n".join(lines) or "the catalogue is complete")
    raise SystemExit(bool(lines))
