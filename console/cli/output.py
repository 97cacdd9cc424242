"""Standard output: what is written there arrives, or one line on standard error says that it did not."""

from __future__ import annotations

import os
import sys

from console.domain.errors import TillkeeperError
from console.domain.words import say


def put(text: str = "") -> None:
    """Write a line at once; TillkeeperError where it cannot arrive, BrokenPipeError where nobody reads on."""
    if sys.__stdout__ is None:  # what stands in for it swallows everything
        raise TillkeeperError(say("Nothing could be told: standard output is closed"))
    settle(f"{text}\n")


def settle(text: str = "") -> None:
    """See what was written before, and `text`, off to the reader; errors as in `put`."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
        raise
    except OSError as error:
        _let_go()
        reason = error.strerror or str(error)
        words = say(
            "Not everything could be told: standard output cannot be written ({reason})", reason=reason
        )
        raise TillkeeperError(words) from error


def _let_go() -> None:
    """The interpreter flushes once more at its end, and must not complain then."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
