"""Where a request comes from: the client's address, the network that throttles count, the part that is shown."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 -- a client on a unix socket has no address
# Subscribers get a /64 or more (RFC 6177): whoever can take 2^64 addresses must count as one.
IPV6_NETWORK = 64
SHOWN_IPV4, SHOWN_IPV6 = 24, 48  # bits: enough to recognise a network, too few to name a household


def client_ip(request: HttpRequest) -> str:
    """The client's address. `X-Forwarded-For` counts only as far as proxies of ours wrote it."""
    address = request.META.get("REMOTE_ADDR") or ""
    trusted = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if trusted and forwarded:
        address = forwarded[-min(trusted, len(forwarded))]
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ip)


def network(address: str) -> str:
    """The address as throttles count it: IPv4 whole, IPv6 its /64."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        return str(ip)
    return str(ipaddress.ip_network(f"{ip}/{IPV6_NETWORK}", strict=False))


def shown(address: str) -> str:
    """The network a person is shown, such as `203.0.113.*`. Empty for an unknown address."""
    if not address or address == UNKNOWN:
        return ""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        return f"{'.'.join(str(ip).split('.')[:3])}.*"
    return str(ipaddress.ip_network(f"{ip}/{SHOWN_IPV6}", strict=False))
