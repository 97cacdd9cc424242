"""The log file, and what is taken out of every line before it is written."""

from __future__ import annotations

import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.domain.errors import TillkeeperError
from console.storage.files import home
from console.storage.secrets import handed_out

_LARGEST = 1 << 20  # bytes a file
_KEPT = 5  # older files
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_AUTHORIZATION = re.compile(r"(?i)(authorization[\"']?\s*[:=,]\s*)(.+)")
_PASSWORD_IN_URL = re.compile(r"(?<=://)[^\s/@]+(?=@)")
# WeChat Pay: 18 digits from 10 to 15; Alipay: 16 to 24 from 25 to 30; UnionPay: from 62.
# In front of it may stand an AIM identifier, which ends with a digit.
_PAYMENT_CODE = re.compile(r"(?:(?<!\d)|(?<=\][A-Za-z]\d))(?:1[0-5]|2[5-9]|30|62)\d{14,22}(?!\d)")
# Card numbers are written in one piece or in groups of three and more; groups of two are bytes in hex.
_DIGITS = re.compile(r"(?<!\d)\d{3,}(?:[ -]\d{3,})*(?!\d)")


def start_logging(level: int = logging.INFO, folder: Path | None = None) -> logging.Handler:
    """Send all log records of at least `level` to `logs/tillkeeper.log`, five older files of 1 MiB kept.

    Where the file cannot be written they go to standard error, which one line there says. Returns the
    handler, for whoever wants to end it.
    """
    handler = _handler(folder)
    handler.setFormatter(_ScrubbingFormatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def scrub(text: str) -> str:
    """`text` with secrets, card numbers and payment codes replaced by their kind and length."""
    for value in sorted(handed_out(), key=len, reverse=True):
        text = text.replace(value, _removed("secret", value))
    text = _AUTHORIZATION.sub(lambda found: found[1] + _removed("authorization", found[2]), text)
    text = _PASSWORD_IN_URL.sub(lambda found: _removed("login", found[0]), text)
    text = _PAYMENT_CODE.sub(lambda found: _removed("payment code", found[0]), text)
    return _DIGITS.sub(lambda found: _without_cards(found[0]), text)


class _ScrubbingFormatter(logging.Formatter):
    """Scrubs the finished text, so that arguments and tracebacks are covered as well."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


class _LogFile(RotatingFileHandler):
    """A log file that says once when its disk is full, in place of a traceback for every record."""

    _told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._told and sys.stderr is not None:
            self._told = True
            sys.stderr.write(f"tillkeeper: the log {self.baseFilename} cannot be written: {error}\n")


def _handler(folder: Path | None) -> logging.Handler:
    try:
        place = folder or home() / "logs"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _LogFile(place / "tillkeeper.log", maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8")
    except (OSError, TillkeeperError) as error:
        if sys.stderr is None:  # a windowed program on Windows has none
            return logging.NullHandler()
        sys.stderr.write(f"tillkeeper: no log file ({error}); the log goes to standard error\n")
        return logging.StreamHandler()


def _removed(kind: str, value: str) -> str:
    return f"[{kind}, {len(value)} characters]"


def _without_cards(digits: str) -> str:
    """The run of digits, spaces and hyphens without any card number made of whole groups of it."""
    groups = re.split(r"([ -])", digits)
    kept: list[str] = []
    at = 0
    while at < len(groups):
        # Groups and separators take turns; no card number has more than six groups.
        ends = range(min(len(groups), at + 11), at, -2) if at % 2 == 0 else ()
        end = next((end for end in ends if _is_card("".join(groups[at:end:2]))), None)
        if end is None:
            kept.append(groups[at])
            at += 1
        else:
            kept.append(_removed("card number", "".join(groups[at:end:2])))
            at = end
    return "".join(kept)


def _is_card(number: str) -> bool:
    """13 to 19 digits with the check digit of ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return 13 <= len(number) <= 19 and (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0
