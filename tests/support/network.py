"""Tests speak to this machine only."""

import ipaddress
import socket
from collections.abc import Iterator

import pytest

_Address = tuple[object, ...] | str | bytes


class OutsideConnectionError(RuntimeError):
    """A test tried to reach another machine."""

    code = "outside_connection"


def _refuse_outside(connection: socket.socket, address: object) -> None:
    if not isinstance(address, tuple):
        # A socket file of this machine.
        return
    host = str(address[0])
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host == "localhost"
    if not inside:
        connection.close()
        message = f"A test tried to connect to {host}."
        raise OutsideConnectionError(message)


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuse connections that leave the machine, for the whole run."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: _Address) -> None:
        _refuse_outside(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: _Address) -> int:
        _refuse_outside(self, address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield
