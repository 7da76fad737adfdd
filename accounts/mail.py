"""Mail: written to the database together with what it tells of, sent by a worker.

Nobody waits for a mail server, and one that is down breaks nothing: the row stays and is tried again, for a day. A
mail may arrive twice (a worker died between the server's yes and ours); it is never lost while the row is there.

A mail is written once, as text. A line `[Words](https://…)` is a link; the HTML part is made from the same text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from . import throttle
from .bell import ring
from .models import MailKind, OutgoingMail, User

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than sending takes; a mail whose worker died is tried again after it
RETRY_MINUTES = (1, 5, 15, 60)  # after the first failure, the second, ...; then every hour
GIVEN_UP_AFTER = timedelta(hours=24)
SENT_AT_ONCE = 50
# To one address, whoever asks for it: nobody is bombed with mail through us.
PER_ADDRESS = throttle.Rate(10, 3600)
_LINK = re.compile(r"^\[([^\]\n]+)\]\((https?://[^)\s]+)\)$", re.MULTILINE)


def compose(template: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of `{template}_subject.txt` and `{template}_message.txt`."""
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    written = render_to_string(f"{template}_message.txt", context).strip()
    return subject, _LINK.sub(r"\1:\n\2", written), _html(subject, written)


def _html(subject: str, written: str) -> str:
    """The text as paragraphs, a link that stands alone as a button."""
    blocks: list[dict[str, str]] = []
    for paragraph in re.split(r"\n\s*\n", written):
        if match := _LINK.fullmatch(paragraph.strip()):
            blocks.append({"words": match[1], "url": match[2]})
        else:
            blocks.append({"text": _LINK.sub(r"\1: \2", paragraph.strip())})
    return render_to_string("mail/layout.html", {"subject": subject, "blocks": blocks})


def queue_mail(*, to: str, subject: str, text: str, html: str = "") -> OutgoingMail | None:
    """Have a mail sent after the commit. None: this address got too many lately, and gets no more for now."""
    if not _has_room(to):
        return None
    return _queue(OutgoingMail(to=to, subject=subject[:300], text=text, html=html))


def queue_template(*, to: str, template: str, context: dict[str, Any]) -> OutgoingMail | None:
    """`queue_mail` of a template, see `compose`."""
    subject, text, html = compose(template, context)
    return queue_mail(to=to, subject=subject, text=text, html=html)


def queue_password_reset(*, to: str, origin: str) -> OutgoingMail | None:
    """Have links for a new password sent to an address, if any account named it; `origin` is scheme and host.

    Whether one did is looked up by the worker: the request does the same work for every address, so neither its
    answer nor its time tells who has an account."""
    if not _has_room(to):
        return None
    return _queue(OutgoingMail(to=to, kind=MailKind.PASSWORD_RESET, origin=origin))


def _has_room(to: str) -> bool:
    return throttle.take(throttle.key_of("mail", to.lower()), PER_ADDRESS) is None


def _queue(mail: OutgoingMail) -> OutgoingMail:
    mail.save()
    transaction.on_commit(partial(ring, "accounts.tasks.deliver_mail", mail.pk))
    return mail


# --- In the worker -------------------------------------------------------------------------------------


def deliver(*, mail_id: int) -> bool:
    """Send one mail if it is due and nobody else is at it. Returns whether it was sent."""
    now = timezone.now()
    due = OutgoingMail.objects.filter(pk=mail_id, next_try_at__lte=now)
    if not due.update(next_try_at=now + LEASE):
        return False
    mail = OutgoingMail.objects.get(pk=mail_id)
    try:
        messages = _reset_messages(mail) if mail.kind == MailKind.PASSWORD_RESET else [_message(mail)]
        get_connection().send_messages(messages)
    except Exception as error:  # whatever a mail server or its network comes up with
        _postpone(mail, error)
        return False
    mail.delete()
    return True


def deliver_waiting() -> int:
    """Send what is due, at most SENT_AT_ONCE. Returns how many were sent."""
    due = OutgoingMail.objects.filter(next_try_at__lte=timezone.now()).order_by("next_try_at")
    return sum(deliver(mail_id=pk) for pk in list(due.values_list("pk", flat=True)[:SENT_AT_ONCE]))


def _postpone(mail: OutgoingMail, error: Exception) -> None:
    if timezone.now() - mail.created_at > GIVEN_UP_AFTER:
        logger.error("mail %s given up after %s attempts: %s", mail.pk, mail.attempts + 1, type(error).__name__)
        mail.delete()
        return
    minutes = RETRY_MINUTES[min(mail.attempts, len(RETRY_MINUTES) - 1)]
    logger.warning("mail %s not sent (%s), tried again in %s min", mail.pk, type(error).__name__, minutes)
    mail.attempts += 1
    mail.next_try_at = timezone.now() + timedelta(minutes=minutes)
    mail.save(update_fields=["attempts", "next_try_at"])


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    return _email(mail.to, mail.subject, mail.text, mail.html)


def _email(to: str, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    # Generated mail says so, that no holiday answers come back (RFC 3834).
    message = EmailMultiAlternatives(subject, text, to=[to], headers={"Auto-Submitted": "auto-generated"})
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _reset_messages(mail: OutgoingMail) -> list[EmailMultiAlternatives]:
    """One mail for each account that named the address, with a link of its own; else one that says that none did."""
    accounts: Iterable[User] = filter_users_by_email(mail.to, is_active=True, prefer_verified=True, for_login=True)
    composed = [
        compose("account/email/password_reset_key", {"user": user, "password_reset_url": _reset_url(mail, user)})
        for user in accounts
    ] or [
        compose(
            "account/email/unknown_account", {"email": mail.to, "signup_url": mail.origin + reverse("account_signup")}
        )
    ]
    return [_email(mail.to, *parts) for parts in composed]


def _reset_url(mail: OutgoingMail, user: User) -> str:
    token = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
    return mail.origin + path
