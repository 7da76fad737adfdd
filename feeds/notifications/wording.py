"""What a line says, in the reader's language: as HTML, or as plain text for the API and mail."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.selectors import Person
from accounts.text import isolated

from .models import Kind
from .selectors import Line


def sentence(line: Line) -> str:
    """`Ana and 4 others reposted your clip`, as text."""
    return _template(line).format(who=_who(line, [isolated(person.name) for person in line.people]))


def sentence_html(line: Line) -> SafeString:
    """The same with the names in bold, and on their own whichever way they are written."""
    return format_html(_template(line), who=format_html(_who_template(line), *map(_bold, line.people)))


def address(line: Line) -> str:
    """Where the line leads."""
    if line.kind == Kind.CLIP_FAILED:
        return reverse("clips:mine")
    if line.clip is not None and line.thread is not None:
        begin, comment = line.thread
        return f"{reverse('clips:comments', args=[line.clip.id])}?thread={begin}#comment-{comment}"
    if line.kind == Kind.SENT:
        return reverse("clips:thread", args=[line.people[0].username])
    if line.clip is not None:
        return reverse("clips:detail", args=[line.clip.id])
    if line.kind == Kind.FOLLOW_REQUESTED:
        return reverse("accounts:requests")
    return reverse("accounts:profile", args=[line.people[0].username])


def _bold(person: Person) -> SafeString:
    return format_html("<b><bdi>{}</bdi></b>", person.name)


def _who_template(line: Line) -> str:
    """With places for the first, or the first two, names."""
    if line.count == 1:
        return "{}"
    if line.count == 2:
        # Translators: two names
        return _("{} and {}")
    others = line.count - 1
    # Translators: a name and a number of further people
    return ngettext("{{}} and {others} other", "{{}} and {others} others", others).format(others=others)


def _who(line: Line, names: list[str]) -> str:
    return _who_template(line).format(*names)


def _template(line: Line) -> str:
    """The sentence with a place for `who`; the verb follows how many they are."""
    n = line.count
    match line.kind:
        case Kind.FOLLOWED:
            return ngettext("{who} follows you", "{who} follow you", n)
        case Kind.FOLLOW_REQUESTED:
            if line.asks:
                return ngettext("{who} asks to follow you", "{who} ask to follow you", n)
            return ngettext("{who} follows you", "{who} follow you", n)
        case Kind.FOLLOW_ACCEPTED:
            return ngettext("{who} accepted your request", "{who} accepted your requests", n)
        case Kind.LIKED:
            return ngettext("{who} likes your clip", "{who} like your clip", n)
        case Kind.COMMENTED:
            return ngettext("{who} commented on your clip", "{who} commented on your clip", n)
        case Kind.REPLIED:
            return ngettext("{who} replied to your comment", "{who} replied to your comment", n)
        case Kind.COMMENT_LIKED:
            return ngettext("{who} likes your comment", "{who} like your comment", n)
        case Kind.MENTIONED:
            if line.thread is None:
                return _("{who} mentions you in a clip")
            return _("{who} mentioned you in a comment")
        case Kind.SENT:
            return _("{who} sent you a clip")
        case Kind.REPOSTED:
            return ngettext("{who} reposted your clip", "{who} reposted your clip", n)
        case Kind.REPOSTED_VIA:
            return ngettext("{who} reposted a clip from your repost", "{who} reposted a clip from your repost", n)
        case Kind.CLIP_READY:
            return _("Your clip is ready and in your followers’ feeds")
        case Kind.CLIP_FAILED:
            return _("Your clip could not be prepared")
    raise AssertionError(line.kind)
