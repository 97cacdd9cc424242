"""`tillkeeper recover`: get a printer going again, or have it forget what it holds."""

from __future__ import annotations

import argparse
import sys

from console.cli import Entrances
from console.cli.asking import asker
from console.cli.commands import SHAPES, print_json, run
from console.cli.output import put
from console.domain.errors import Unsupported
from console.domain.lights import Light, exit_code
from console.domain.recovery import PRICE, Recovery
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.documents import recover_document
from console.services.options import Options
from console.services.repair import outcome


def recover(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """Say what it may cost, do it after a yes, tell the light afterwards; its exit code."""

    async def work() -> int:
        async with entrances.compose(options) as console:
            subject, how = Subject.parse(parsed.subject), Recovery(parsed.how)
            text = console.language.text
            if not parsed.yes:
                if parsed.json or not sys.stdin.isatty():
                    told = say("{price} Give --yes if that is wanted.", price=PRICE[how])
                    raise Unsupported(told)
                question = say("{price} Go ahead?", price=PRICE[how])
                if not await asker(console.language)(question):
                    return exit_code(Light.UNKNOWN)
            finding = await console.repair.carry_out(subject, how)
            light, words = outcome(finding, console.language)
            if parsed.json:
                print_json(recover_document(finding, how, console.language))
            else:
                put(f"{SHAPES[light]} {console.name(subject)}: {text(words)}")
            return exit_code(finding.light)

    return run(work)
