"""The TLS rung: an encrypted line to the right server, by the system's trust or the profile's CA file."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words, say, say_many
from console.probes.notes import Asked, ask

SECONDS = 4.0
_BANNER_SECONDS = 1.0
_SOON_DAYS = 14

Dial = Callable[[], socket.socket]  # another connection to the same place; OSError when there is none

# OpenSSL's X509_V_ERR_* numbers, <openssl/x509_vfy.h>
_NOT_YET, _EXPIRED, _SELF_SIGNED = 9, 10, 18
_WRONG_NAME = (62, 64)
_NO_ISSUER = (2, 19, 20, 21)
_NOT_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
    "WRONG_SSL_VERSION",
)


class _Line(ssl.SSLSocket):
    """Closed when it breaks: Python loses the descriptor of a line that was reset meanwhile."""

    def recv(self, size: int = 1024, flags: int = 0) -> bytes:
        """As ever; closed where that fails."""
        try:
            return super().recv(size, flags)
        except OSError:
            self.close()
            raise


def trust(ca_file: str | None) -> ssl.SSLContext:
    """The rules by which a server is believed; OSError or ssl.SSLError for a bad CA file."""
    context = ssl.create_default_context(cafile=ca_file)
    context.sslsocket_class = _Line
    return context


def encrypt(line: socket.socket, host: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """The encrypted form of `line`, which is used up in any case; OSError when it cannot be had."""
    try:
        return context.wrap_socket(line, server_hostname=host)
    finally:
        line.close()


def wrap(
    line: socket.socket,
    host: str,
    context: ssl.SSLContext,
    dial: Dial,
    own_ca: bool,
    clock: Clock,
    seconds: float = SECONDS,
) -> tuple[Evidence, ssl.SSLSocket | None]:
    """The encrypted line, or why there is none; `line` belongs to this function from here on.

    Signs tls.trusted (with tls.expires_soon), expired, not_yet_valid, wrong_host, self_signed,
    missing_intermediate, leaf_alone, foreign_issuer, unknown_issuer, protocol, silent, reset, failed,
    or service.not_tls.
    """
    asked = ask(clock, f"tls.{host}")
    line.settimeout(seconds)
    try:
        secured = encrypt(line, host, context)
    except ssl.SSLCertVerificationError as error:
        return _distrust(error, host, dial, own_ca, asked), None
    except TimeoutError:
        meaning = say("{host} takes the connection but never begins to encrypt", host=host)
        return asked.saw("timeout", meaning, "tls.silent"), None
    except ssl.SSLError as error:
        return _no_tls(error, host, dial, asked), None
    except OSError as error:
        meaning = say("{host} broke the connection while encryption began", host=host)
        return asked.saw(type(error).__name__, meaning, "tls.reset"), None
    return _trusted(secured, host, asked), secured


def answers(host: str) -> Callable[[Dial, float], bool]:
    """Whether anybody begins to encrypt on a line, whoever it is: for `small.SmallTry`."""

    def tried(dial: Dial, seconds: float) -> bool:
        try:
            unverified(dial, host, seconds).close()
        except TimeoutError:
            return False
        except OSError:
            return True  # it said something, if only no
        return True

    return tried


def _trusted(secured: ssl.SSLSocket, host: str, asked: Asked) -> Evidence:
    certificate = secured.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - asked.clock.now()).days
    facts = {"days_left": str(days), "tls_version": secured.version() or "?"}
    if days < _SOON_DAYS:
        meaning = say_many(
            "The certificate of {host} runs out in {count} day",
            "The certificate of {host} runs out in {count} days",
            days,
            host=host,
        )
        return asked.saw(facts["tls_version"], meaning, "tls.trusted", "tls.expires_soon", **facts)
    meaning = say("The encrypted line to {host} is trusted", host=host)
    return asked.saw(facts["tls_version"], meaning, "tls.trusted", **facts)


def _distrust(
    error: ssl.SSLCertVerificationError, host: str, dial: Dial, own_ca: bool, asked: Asked
) -> Evidence:
    code, text = error.verify_code, error.verify_message
    if code in _NO_ISSUER:
        sign, meaning = _issuer(host, dial, own_ca)
        return asked.saw(text, meaning, sign)
    if code in _WRONG_NAME:
        return asked.saw(
            text, say("The certificate belongs to another name than {host}", host=host), "tls.wrong_host"
        )
    sign, meaning = {
        _EXPIRED: (
            "tls.expired",
            say("By this computer's clock the certificate of {host} has run out", host=host),
        ),
        _NOT_YET: (
            "tls.not_yet_valid",
            say("By this computer's clock the certificate of {host} is not valid yet", host=host),
        ),
        _SELF_SIGNED: ("tls.self_signed", say("{host} vouches only for itself", host=host)),
    }.get(code, ("tls.unknown_issuer", say("The certificate of {host} is not trusted", host=host)))
    return asked.saw(text, meaning, sign)


def _issuer(host: str, dial: Dial, own_ca: bool) -> tuple[str, Words]:
    """Why nobody vouches for the certificate, by the chain that the server shows."""
    from cryptography import x509  # slow to import, and only wanted here

    unknown = "tls.unknown_issuer", say("Nobody whom this store trusts vouches for {host}", host=host)
    try:
        chain = [x509.load_der_x509_certificate(each) for each in _shown_chain(dial, host)]
        named = {each.subject for each in chain}
        where_to_get = (
            any(each.oid == x509.AuthorityInformationAccess.oid for each in chain[0].extensions)
            if chain
            else False
        )
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return unknown  # a certificate with broken fields proves nothing
    if not chain:
        return unknown
    if chain[0].issuer in named:
        top = chain[-1].issuer.rfc4514_string()
        return "tls.foreign_issuer" if own_ca else "tls.unknown_issuer", say(
            'The certificate of {host} was issued by "{issuer}", whom this store does not trust',
            host=host,
            issuer=top,
        )
    if where_to_get:
        return "tls.missing_intermediate", say("{host} does not show the certificate in between", host=host)
    return "tls.leaf_alone", say(
        '{host} shows its own certificate alone, and its issuer "{issuer}" is not known',
        host=host,
        issuer=chain[0].issuer.rfc4514_string(),
    )


def unverified(dial: Dial, host: str, seconds: float = SECONDS) -> ssl.SSLSocket:
    """An encrypted line to nobody knows whom: no secret may go over it. OSError when there is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.sslsocket_class = _Line
    line = dial()
    line.settimeout(seconds)
    return encrypt(line, host, context)


def _shown_chain(dial: Dial, host: str) -> list[bytes]:
    """The certificates that the server sends, its own first, as DER; empty when it will not say."""
    try:
        with unverified(dial, host) as line:
            public = getattr(line, "get_unverified_chain", None)
            if public is not None:  # Python 3.13
                return list(public())
            shown = line._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
            return [ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in shown]
    except OSError:
        return []


def _no_tls(error: ssl.SSLError, host: str, dial: Dial, asked: Asked) -> Evidence:
    reason = error.reason or type(error).__name__
    if reason in _NOT_TLS:
        banner = _banner(dial)
        meaning = say("{host} answers on this port, but not with encryption", host=host)
        if banner:
            meaning = say(
                'Another service answers on this port of {host}: "{banner}"', host=host, banner=banner
            )
        return asked.saw(reason, meaning, "service.not_tls", banner=banner)
    if isinstance(error, ssl.SSLEOFError) or "EOF" in reason:
        return asked.saw(
            reason, say("{host} broke the connection while encryption began", host=host), "tls.reset"
        )
    if any(word in reason for word in ("PROTOCOL", "VERSION", "CIPHER", "HANDSHAKE_FAILURE")):
        meaning = say("{host} and this computer have no kind of encryption in common", host=host)
        return asked.saw(reason, meaning, "tls.protocol")
    return asked.saw(
        reason, say("Encryption with {host} failed: {reason}", host=host, reason=reason), "tls.failed"
    )


def _banner(dial: Dial) -> str:
    """What the service says unasked, its first line."""
    try:
        with dial() as line:
            line.settimeout(_BANNER_SECONDS)
            heard = line.recv(200)
    except OSError:
        return ""
    first = heard.decode("ascii", "replace").splitlines()[:1]
    return "".join(letter for letter in "".join(first) if letter.isprintable())
