"""A certificate for the site's TLS port: the operator's own, or one that this instance signed for this machine."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from itsm.runner.home import write_private

_GOOD_FOR = timedelta(days=365)
_RENEWED_BEFORE = timedelta(days=7)


def own_certificate(*, folder: Path) -> tuple[Path, Path]:
    """Certificate and key for localhost and the names under it, made anew when they are missing or about to expire.

    Tools that check certificates trust `certificate.pem`, which is its own authority.
    """
    certificate, key = folder / "certificate.pem", folder / "certificate-key.pem"
    if certificate.exists() and key.exists():
        held = x509.load_pem_x509_certificate(certificate.read_bytes())
        if held.not_valid_after_utc - _RENEWED_BEFORE > datetime.now(UTC):
            return certificate, key
    private = ec.generate_private_key(ec.SECP256R1())
    write_private(
        path=key,
        text=private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
    )
    write_private(path=certificate, text=_signed(private).public_bytes(serialization.Encoding.PEM).decode())
    return certificate, key


def _signed(private: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Unity Desk on this machine")])
    now = datetime.now(UTC)
    names = [
        x509.DNSName("localhost"),
        x509.DNSName("*.localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
