"""`tillkeeper support-bundle`: what support needs, without secrets, in one file."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace

from console.cli import Entrances
from console.cli.commands import finish, run
from console.cli.output import put
from console.domain.words import say
from console.services.options import Options
from console.services.support_bundle import sizes


def support_bundle(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """Check once, then pack; 0. A broken set-up does not stand in its way."""

    async def work() -> int:
        async with entrances.compose(replace(options, lenient=True)) as console:
            await finish(console.check.start(), console, quiet=False)
            parts = await console.bundle.gather(console)
            await asyncio.to_thread(console.bundle.pack, parsed.file, parts)
            for what, size in sizes(parts, console.language):
                put(f"{size:>12}  {what}")
            words = say("Saved to {path}", path=str(parsed.file))
            print(console.language.text(words), file=sys.stderr)
            return 0

    return run(work)
