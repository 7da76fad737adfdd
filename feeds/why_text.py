"""The sentences of the "why am I seeing this" sheet: what `feeds.why` found, in words. For pages and the API alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.text import isolated

from .ranking import HALF_LIFE, SEEN_WEIGHT, SOURCE_WEIGHTS, Terms
from .why import Edge, Explanation, Obstacle


@dataclass(frozen=True, slots=True)
class TermLine:
    """One factor of a score. `reference` takes it back where it was a choice (`controls.undo`)."""

    code: str
    factor: float
    text: str
    reference: str = ""


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")


def factor(value: float) -> str:
    """A weight as it is shown: `× 0.68`."""
    return f"× {number_format(value, 2)}"


def edge_lines(edge: Edge) -> list[str]:
    """What one reason rests on, edge by edge."""
    name = isolated(edge.person.name)
    lines = []
    if edge.follows_since is not None:
        lines.append(_("You follow %(name)s since %(day)s.") % {"name": name, "day": _day(edge.follows_since)})
    values = {"name": name, "at": _moment(edge.at)}
    if edge.kind == "publish":
        lines.append(_("On %(at)s, %(name)s published this.") % values)
    elif edge.audience == "mutuals":
        lines.append(_("On %(at)s, %(name)s reposted this to mutuals only.") % values)
    else:
        lines.append(_("On %(at)s, %(name)s reposted this to followers.") % values)
    if edge.via is not None:
        via = isolated(edge.via.name)
        lines.append(_("%(name)s met it through %(via)s’s repost.") % {"name": name, "via": via})
    if edge.brought:
        lines.append(_("This brought it to where it stands in your feed."))
    return lines


def term_lines(terms: Terms) -> list[TermLine]:
    """Every factor of the score, in the order in which they are multiplied."""
    people = len(terms.people)
    sources = {
        "mutuals": ngettext(
            "Reposted by %(count)d person who follows you back",
            "Reposted by %(count)d people who follow you back",
            people,
        ),
        "followees": ngettext(
            "Reposted by %(count)d person you follow", "Reposted by %(count)d people you follow", people
        ),
        "trending": _("Among what was watched and passed on most in the last two weeks"),
        "popular": _("New, and watched by some already"),
        "new": _("New here"),
    }
    weight = SOURCE_WEIGHTS[terms.source]
    lines = [TermLine("source", weight, sources[terms.source] % {"count": people})]
    if terms.source in ("mutuals", "followees"):
        lines.append(TermLine("company", terms.company, _("How many of the people you follow reposted it")))
    else:
        lines.append(TermLine("company", terms.company, _("How many watched it and passed it on")))
    hours = int(HALF_LIFE.total_seconds() // 3600)
    fresh = ngettext(
        "How fresh it is, since %(at)s; halves in %(hours)d hour",
        "How fresh it is, since %(at)s; halves every %(hours)d hours",
        hours,
    ) % {"at": _moment(terms.at), "hours": hours}
    lines.append(TermLine("freshness", terms.freshness, fresh))
    if terms.watched:
        lines.append(TermLine("watched", SEEN_WEIGHT, _("You have watched it")))
    for one in terms.fewer:
        day = _day(one.fewer.at)
        if one.by == "author":
            text = _("You asked on %(day)s for fewer like another clip by the same person") % {"day": day}
            if one.fewer.clip_id == one.clip_id:
                text = _("You asked on %(day)s for fewer like this clip") % {"day": day}
        elif one.by == "reposter":
            text = _("You asked on %(day)s for fewer like a clip that the same person reposted") % {"day": day}
        else:
            text = _("You asked on %(day)s for fewer like a clip with %(tag)s") % {"day": day, "tag": isolated(one.by)}
        lines.append(TermLine("fewer", one.weight, text, f"c{one.fewer.id}"))
    return lines


def obstacle_line(obstacle: Obstacle) -> str:
    """What the viewer chose that keeps the clip, or one person's repost of it, out."""
    name = isolated(obstacle.person.name) if obstacle.person else ""
    values = {"name": name, "words": isolated(obstacle.text), "until": ""}
    texts = {
        "own": _("It is your own clip: those are not in your feeds."),
        "muted": _("You mute the person who made it."),
        "clip": _("You hid this clip."),
        "clips_by": _("You hide clips by the person who made it."),
        "words": _("Its caption has words that you hide: “%(words)s”."),
        "reposted": _("You reposted it, and what you reposted is not shown to you again."),
        "watched": _("You watched it, and watched clips are not shown to you again."),
        "actor_muted": _("You mute %(name)s."),
        "reposts_off": _("%(name)s reposted it. You follow them without their reposts."),
        "reposts_muted": _("%(name)s reposted it. You hide their reposts."),
        "reposts_of": _("%(name)s reposted it. You hide reposts of clips by the person who made it."),
        "comment_words": _("%(name)s reposted it with words that you hide: “%(words)s”."),
        "followed_author": _("%(name)s reposted it. You see only reposts of people you do not follow."),
    }
    text = texts[obstacle.code] % values
    if obstacle.until is not None:
        text += " " + _("On %(at)s this ends.") % {"at": _moment(obstacle.until)}
    return text


def summary(found: Explanation) -> str:
    """The first sentence of the sheet."""
    if found.feed == "for-you":
        if not found.in_feed:
            if found.obstacles:
                return _("It would not come in For You any more.")
            return _("It would not come in For You now: nobody you follow reposts it, nor is it new or much watched.")
        return ngettext(
            "It comes at place %(position)d of %(count)d clip that For You has for you now.",
            "It comes at place %(position)d of %(count)d clips that For You has for you now.",
            found.candidates,
        ) % {"position": found.position, "count": found.candidates}
    if found.in_feed and found.placed_at is not None:
        return _("Since %(at)s it is in your Following feed.") % {"at": _moment(found.placed_at)}
    if found.obstacles or found.left_out:
        return _("It is not in your Following feed any more, by what you chose.")
    return _("It is not in your Following feed now: nobody you follow publishes or reposts it for you.")
