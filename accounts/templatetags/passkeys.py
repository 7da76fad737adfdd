"""What the browser needs for a passkey, as a data attribute: the policy allows no script in a page."""

from __future__ import annotations

import json
from typing import Any

from django import template
from fido2.utils import websafe_encode

register = template.Library()


@register.filter
def as_json(options: Any) -> str:
    """WebAuthn options as JSON text, to be escaped by the template like any other attribute."""
    return json.dumps(options, default=_plain, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return websafe_encode(value)
    return dict(value)
