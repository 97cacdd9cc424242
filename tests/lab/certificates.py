"""Certificates for the lab and the probes' tests: good ones, and one for each kind of trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

Signer = tuple[x509.Certificate | None, ec.EllipticCurvePrivateKey]
DAY = timedelta(days=1)


def make(
    name: str,
    signer: Signer | None = None,
    authority: bool = False,
    start: timedelta = -DAY,
    end: timedelta = 365 * DAY,
    hosts: tuple[str, ...] = (),
    issuer_address: str | None = None,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A certificate and its key, signed by itself where `signer` is None; times count from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = signer[0].subject if signer and signer[0] else subject
    now = datetime.now(UTC)
    number = x509.random_serial_number()
    built = x509.CertificateBuilder(issuer, subject, key.public_key(), number, now + start, now + end)
    built = built.add_extension(x509.BasicConstraints(authority, None), critical=True)
    if hosts:
        built = built.add_extension(
            x509.SubjectAlternativeName([_host(each) for each in hosts]), critical=False
        )
    if issuer_address:
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_address)
        )
        built = built.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
    return built.sign(signer[1] if signer else key, hashes.SHA256()), key


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def write_all(folder: Path, *hosts: str) -> Path:
    """One `KIND.pem` (chain, then key) per kind for a server called `hosts`; the path of the trusted CA."""
    authority = make("Lab CA", authority=True)
    between = make("Lab Intermediate", authority, authority=True)
    stranger = make("Stranger CA", authority=True)
    aia = "http://ca.example/between.crt"
    kinds = {
        "good": ([make("good", authority, hosts=hosts)], []),
        "soon": ([make("soon", authority, hosts=hosts, end=5 * DAY)], []),
        "expired": ([make("expired", authority, hosts=hosts, start=-90 * DAY, end=-DAY)], []),
        "future": ([make("future", authority, hosts=hosts, start=3600 * DAY, end=4000 * DAY)], []),
        "not_yet": ([make("not_yet", authority, hosts=hosts, start=30 * DAY)], []),
        "wrong_host": ([make("other", authority, hosts=("other.example",))], []),
        "self_signed": ([make("self", hosts=hosts)], []),
        "chained": ([make("chained", between, hosts=hosts)], [between]),
        "incomplete": ([make("incomplete", between, hosts=hosts, issuer_address=aia)], []),
        "alone": ([make("alone", between, hosts=hosts)], []),
        "stranger": ([make("stranger", stranger, hosts=hosts)], [stranger]),
    }
    for kind, (leaf, rest) in kinds.items():
        pem = b"".join(each.public_bytes(serialization.Encoding.PEM) for each, _ in (*leaf, *rest))
        key = leaf[0][1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / f"{kind}.pem").write_bytes(pem + key)
    trusted = folder / "ca.pem"
    trusted.write_bytes(authority[0].public_bytes(serialization.Encoding.PEM))
    return trusted
