"""The one question that open pages repeat: is there something new for me?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.http import parse_etags
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import live as channel
from . import marks
from .notifications.selectors import unseen_label

# Milliseconds until the next question, of a page in use: a repost shows within two seconds. Without marks every
# question costs some queries, so it is asked less often.
EVERY_MS = 1_200
EVERY_MS_WITHOUT_MARKS = 4_000


@cache_control(private=True, no_store=True)
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """GET live/?since=<as_of of the feed on screen>: `{unseen, label, since, new, clips, every}`.

    304 when the caller's `If-None-Match` names an answer that still stands: that costs the session and the person,
    and no other query. 403 for people who are not signed in."""
    user = request.user
    if not user.is_authenticated:
        return HttpResponse(status=403)
    text = request.GET.get("since", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
        return HttpResponse(status=400)
    since = int(text) if text else None
    marked = marks.marks(user.pk)
    etag = f'W/"{marked}.{text}"' if marked else None
    response: HttpResponse
    if etag and etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        now = channel.answer(user, since=since)
        response = JsonResponse(
            {
                "unseen": now.unseen,
                "label": unseen_label(now.unseen),
                "since": since,
                "new": now.new,
                "clips": now.clips,
                "every": EVERY_MS if settings.LIVE_MARKS else EVERY_MS_WITHOUT_MARKS,
            }
        )
    if etag:
        response["ETag"] = etag
    return response
