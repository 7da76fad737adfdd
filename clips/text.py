"""Text that people type is cleaned in one place: `accounts.text`."""

from __future__ import annotations

from accounts.text import clean_text as clean_text
