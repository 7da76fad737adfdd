"""The e-mail digest: what is new since the last one, in the reader's language, at most once a period.

1. `due` finds people whose time has come and who have a verified address.
2. `send` opens the connection to the mail server first: while it is away nothing is claimed and nothing is lost.
3. One conditional update moves `digest_due_at` on; of workers that race, the one that moved it sends.
4. What the mail tells is looked up after that, by the same rule as the page. Nothing new: no mail.

A worker that dies between 3 and the mail server's answer costs this digest its mail: late is better than twice, and
the notifications are on the site.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, Max, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.languages import speaking_to
from accounts.models import User

from .models import Digest, Notification, NotificationSettings
from .selectors import Line, lines_of, unread_groups
from .services import PERIODS
from .wording import address, sentence

MOST_LINES = 12
_COUNTED = 100  # unread lines beyond it are not counted
_SALT = "feeds.notifications.digest"
BATCH = 500  # people a sweep rings for


def address_of(user: User) -> str:
    """Where mail may go: the primary verified address; empty when there is none. One query."""
    verified = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return verified.values_list("email", flat=True).first() or ""


def token_for(user_id: int) -> str:
    """Proof for the unsubscribe link. It never ends: people look into old mail, too."""
    return signing.dumps(user_id, salt=_SALT)


def read_token(token: str) -> int | None:
    """Whose digest the link is about. None for anything that we did not sign."""
    try:
        user_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return user_id if isinstance(user_id, int) else None


def due() -> list[int]:
    """Ids of people to write to now, at most BATCH: the longest waiting first."""
    verified = EmailAddress.objects.filter(user=OuterRef("user_id"), verified=True)
    return list(
        NotificationSettings.objects.filter(Exists(verified), digest_due_at__lte=timezone.now(), user__is_active=True)
        .order_by("digest_due_at")
        .values_list("user_id", flat=True)[:BATCH]
    )


def _claim(chosen: NotificationSettings) -> bool:
    """Move the time of the next digest on, unless somebody else did. Missed periods are not made up for."""
    now = timezone.now()
    due_at, period = chosen.digest_due_at, PERIODS[Digest(chosen.digest)]
    if due_at is None or due_at > now:
        return False
    missed = (now - due_at) // period
    return bool(
        NotificationSettings.objects.filter(user=chosen.user_id, digest=chosen.digest, digest_due_at=due_at).update(
            digest_due_at=due_at + (missed + 1) * period
        )
    )


def send(*, user_id: int) -> bool:
    """Send the digest of one person if it is due. Returns whether a mail went out.

    Raises OSError (smtplib's errors are among them) while the mail server cannot be reached."""
    chosen = NotificationSettings.objects.select_related("user").filter(user=user_id).first()
    if chosen is None or chosen.digest == Digest.OFF or not chosen.user.is_active:
        return False
    to = address_of(chosen.user)
    if not to:
        return False
    with get_connection() as connection:
        if not _claim(chosen):
            return False
        mail = compose(chosen.user, to)
        if mail is None:
            return False
        mail.connection = connection
        mail.send()
    NotificationSettings.objects.filter(user=user_id).update(digest_sent_at=timezone.now())
    return True


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the mail. `url` is absolute."""

    text: str
    quote: str
    url: str
    line: Line


def compose(user: User, to: str) -> EmailMultiAlternatives | None:
    """The mail with what is unread and came since the last digest, as `user` may see it now. None: there is nothing."""
    chosen = NotificationSettings.objects.get(user=user)
    since = chosen.digest_up_to
    found = unread_groups(user, chosen, above=since, limit=_COUNTED)
    newest = Notification.objects.filter(recipient=user).aggregate(newest=Max("pk"))["newest"] or since
    NotificationSettings.objects.filter(user=user).update(digest_up_to=newest)
    base = settings.SITE_URL.rstrip("/")
    with speaking_to(user):
        lines = [
            Told(sentence(line), line.quote, base + address(line), line) for line in lines_of(user, found[:MOST_LINES])
        ]
        if not lines:
            return None
        count = len(found)
        # Translators: the subject of the e-mail digest
        subject = ngettext(
            "{count} thing is new for you on Reprise", "{count} things are new for you on Reprise", count
        ).format(count=f"{count}+" if count == _COUNTED else count)
        unsubscribe = base + reverse("notifications:unsubscribe", args=[token_for(user.pk)])
        context = {
            "person": user,
            "lines": lines,
            "more": count - len(lines),
            "subject": subject,
            "list_url": base + reverse("notifications:list"),
            "settings_url": base + reverse("notifications:settings"),
            "unsubscribe_url": unsubscribe,
            "digest": chosen.digest,
        }
        text = render_to_string("notifications/digest.txt", context)
        html = render_to_string("notifications/digest.html", context)
    mail = EmailMultiAlternatives(
        subject,
        text,
        to=[to],
        headers={
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail
