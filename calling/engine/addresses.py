"""Which addresses may be called: those of the public internet, whatever way they are written."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address, as a resolver gave it, is neither private, local, reserved, nor hides one that is."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return "%" not in address and _is_public(found)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if address.teredo is not None or address.is_site_local or int(address) < 1 << 32:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
