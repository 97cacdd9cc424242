"""Certificates for the simulated backend: root, intermediate, and server certificates right and wrong."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

KINDS = (
    "good",
    "wrong_host",
    "expired",
    "expires_soon",
    "not_yet_valid",
    "self_signed",
    "untrusted",
    "missing_intermediate",
)
_DAY = timedelta(days=1)
_ISSUER_URL = "http://ca.simulated.example/intermediate.crt"
# For each kind: days from now until it begins and until it ends.
_VALIDITY = {"expired": (-90, -2), "expires_soon": (-87, 3), "not_yet_valid": (30, 120)}


class _Signer:
    """A name with its key and certificate; the root signs itself."""

    def __init__(self, name: str, by: _Signer | None, now: datetime) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        parent = by or self
        builder = _builder(self.name, parent.name, self.key.public_key(), now - _DAY, now + 3650 * _DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        builder = _identified(builder, self.key.public_key(), parent.key.public_key())
        self.certificate = builder.sign(parent.key, hashes.SHA256())


def _builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _identified(
    builder: x509.CertificateBuilder, own: ec.EllipticCurvePublicKey, issuer: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(own), critical=False
    ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _host_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _server(kind: str, hosts: Sequence[str], signer: _Signer, now: datetime) -> bytes:
    """Key and certificate of a server, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    begins, ends = _VALIDITY.get(kind, (-1, 397))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    alone = kind == "self_signed"
    builder = _builder(
        name, name if alone else signer.name, key.public_key(), now + begins * _DAY, now + ends * _DAY
    )
    builder = builder.add_extension(
        x509.SubjectAlternativeName([_host_name(host) for host in hosts]), critical=False
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = _identified(builder, key.public_key(), (key if alone else signer.key).public_key())
    if kind == "missing_intermediate":  # an intercepting box's certificate does not say where its issuer is
        place = x509.UniformResourceIdentifier(_ISSUER_URL)
        issuer = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
        builder = builder.add_extension(x509.AuthorityInformationAccess([issuer]), critical=False)
    certificate = builder.sign(key if alone else signer.key, hashes.SHA256())
    return _private(key) + _pem(certificate)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write(directory: Path, hosts: Sequence[str]) -> Path:
    """Make all certificates for `hosts` in `directory`: KIND.pem for each of KINDS; returns the CA's file."""
    now = datetime.now(UTC)
    root = _Signer("Simulated Root CA", None, now)
    between = _Signer("Simulated Intermediate CA", root, now)
    stranger = _Signer("Simulated Intercepting CA", None, now)
    for kind in KINDS:
        names = ["other-shop.example"] if kind == "wrong_host" else hosts
        pem = _server(kind, names, stranger if kind == "untrusted" else between, now)
        if kind not in {"self_signed", "untrusted", "missing_intermediate"}:
            pem += _pem(between.certificate)
        path = directory / f"{kind}.pem"
        path.touch(0o600)
        path.write_bytes(pem)
    authority = directory / "ca.pem"
    authority.write_bytes(_pem(root.certificate))
    return authority
