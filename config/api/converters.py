"""What may stand in an API address. Anything else is no address of ours: 404, before any view runs."""

from __future__ import annotations

from django.urls import register_converter

from clips.captions import languages
from clips.tags.text import fold

MAX_ID = 2**63 - 1  # a BIGINT; databases fail on more


class IdConverter:
    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Raises: ValueError beyond a BIGINT."""
        number = int(value)
        if number > MAX_ID:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)


class HandleConverter:
    regex = "[A-Za-z0-9._]{1,30}"  # no NUL, which PostgreSQL refuses, and no length that nobody has

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        return value


class HashtagConverter:
    regex = "[^/]{1,200}"

    def to_python(self, value: str) -> str:
        """The folded name. Raises: ValueError for what is no hashtag, NUL and all."""
        name = fold(value)
        if not name:
            raise ValueError(value)
        return name

    def to_url(self, value: str) -> str:
        return value


class MediaFileConverter:
    regex = r"(?:[0-9]{1,4}\.mp4|poster\.(?:webp|jpg))"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class LanguageConverter:
    regex = "[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}"

    def to_python(self, value: str) -> str:
        """Raises: ValueError for what is no language tag."""
        tag = languages.canonical(value)
        if tag is None:
            raise ValueError(value)
        return tag

    def to_url(self, value: str) -> str:
        return value


class FeedControlConverter:
    regex = "[cfm][0-9]{1,18}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def register() -> None:
    register_converter(FeedControlConverter, "feed_control")
    register_converter(IdConverter, "id")
    register_converter(HandleConverter, "handle")
    register_converter(HashtagConverter, "hashtag")
    register_converter(MediaFileConverter, "media_file")
    register_converter(LanguageConverter, "language")
