"""What this app knows about a person, for export and erasure: the account, its people, its ways in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from . import avatars, erasure, exports, sections
from .models import Block, Export, Follow, Mute, OutgoingMail, SecurityEvent, TokenLabel, User
from .sections import StoredFile, person_ref, seen

_SIGNED_IN_KEYS = ("_auth_user_id", "account_authentication_methods_user")  # Django's, and allauth's for half a sign-in
ERASED = "erased account"  # in the desk's log, in the place of a name


def erase_exports(user: User) -> Iterator[None]:
    """Files first: their names are in the rows."""
    for export in Export.objects.filter(user=user):
        exports.drop(export)
        yield


def erase_picture(user: User) -> Iterator[None]:
    """The name in the row goes once the file is gone."""
    name = User.objects.filter(pk=user.pk).values_list("avatar", flat=True).first()
    if name:
        avatars.delete_avatar(name)
        User.objects.filter(pk=user.pk).update(avatar="")
        yield


def erase_people(user: User) -> Iterator[None]:
    """Follows, requests, blocks and mutes, in both directions."""
    for rows in (
        Follow.objects.filter(follower=user),
        Follow.objects.filter(followee=user),
        Block.objects.filter(Q(blocker=user) | Q(blocked=user)),
        Mute.objects.filter(Q(muter=user) | Q(muted=user)),
    ):
        yield from erasure.delete_all(rows)


def erase_sign_ins(user: User) -> Iterator[None]:
    """Tokens, and sessions in whatever state. A session's row does not say whose it is: all are looked through."""
    for rows in (AuthToken, UserSession, Authenticator, SecurityEvent):
        yield from erasure.delete_all(rows._default_manager.filter(user=user))
    mine = str(user.pk)
    theirs = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if mine in {str(session.get_decoded().get(key)) for key in _SIGNED_IN_KEYS}
    ]
    for start in range(0, len(theirs), erasure.BATCH):
        Session.objects.filter(session_key__in=theirs[start : start + erasure.BATCH]).delete()
        yield


def erase_traces_at_the_desk(user: User) -> Iterator[None]:
    """The desk's log keeps what was done, not whose name it was; what the person did there themselves goes."""
    handles = {f"@{user.username}", *(f"@{row.handle}" for row in user.former_handles.all())}
    addresses = set(EmailAddress.objects.filter(user=user).values_list("email", flat=True)) | {user.email} - {""}
    about = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)) | Q(object_repr__in=handles)
    for address in addresses:
        about |= Q(object_repr__icontains=address)
    LogEntry.objects.filter(about).exclude(object_repr=ERASED).update(object_repr=ERASED, change_message="")
    yield from erasure.delete_all(LogEntry.objects.filter(user=user))


def erase_addresses(user: User) -> Iterator[None]:
    """E-mail addresses, with the confirmations that hang on them, and mail that waits to be sent to them."""
    mine = EmailAddress.objects.filter(user=user).values("email")
    yield from erasure.delete_all(OutgoingMail.objects.filter(Q(to__in=mine) | Q(to__iexact=user.email)))
    yield from erasure.delete_all(EmailAddress.objects.filter(user=user))


# --- What an export tells ------------------------------------------------------------------------------

_SECRET = {"password", "session_epoch"}  # of the account's own columns, all that an export does not tell
_OURS = {"is_staff", "is_superuser", "is_dormant", "is_active"}  # set by us, not by the person


def told_fields() -> list[str]:
    """The columns of the account that an export tells: all but secrets and marks of ours."""
    return [field.attname for field in User._meta.concrete_fields if field.name not in _SECRET | _OURS]


def tell_account(user: User) -> Iterator[dict[str, Any]]:
    """One object: profile and settings as they stand in the account's row."""
    told = User.objects.values(*told_fields()).get(pk=user.pk)
    picture = told.pop("avatar")
    yield {**told, "picture": _PICTURE if picture else None}


_PICTURE = "account/picture.webp"


def picture_files(user: User) -> Iterator[StoredFile]:
    if user.avatar:
        yield StoredFile(_PICTURE, Path(settings.MEDIA_ROOT) / user.avatar)


def tell_handles(user: User) -> Iterator[dict[str, Any]]:
    for row in user.former_handles.order_by("pk").iterator():
        yield {"username": row.handle, "given_up_at": row.given_up_at, "reserved_until": row.reserved_until}


def _edges(rows: QuerySet[Any], user: User, side: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Edges with the person on their other side, as far as `user` may see them."""
    found = rows.select_related(side).annotate(is_seen=seen(user, f"{side}_id")).order_by("pk")
    for edge in found.iterator(chunk_size=1_000):
        yield edge, person_ref(getattr(edge, side), edge.is_seen)


def tell_following(user: User) -> Iterator[dict[str, Any]]:
    for edge, person in _edges(Follow.objects.filter(follower=user), user, "followee"):
        yield {
            "person": person,
            "asked_at": edge.created_at,
            "accepted_at": edge.accepted_at,
            "show_reposts": edge.show_reposts,
        }


def tell_followers(user: User) -> Iterator[dict[str, Any]]:
    for edge, person in _edges(Follow.objects.filter(followee=user), user, "follower"):
        yield {"person": person, "asked_at": edge.created_at, "accepted_at": edge.accepted_at}


def tell_blocks(user: User) -> Iterator[dict[str, Any]]:
    """With the handle, although both are hidden from each other: the list of blocks in the settings has it too."""
    for block in Block.objects.filter(blocker=user).select_related("blocked").order_by("pk").iterator():
        yield {"person": person_ref(block.blocked, block.blocked.is_active), "at": block.created_at}


def tell_mutes(user: User) -> Iterator[dict[str, Any]]:
    for mute, person in _edges(Mute.objects.filter(muter=user), user, "muted"):
        yield {"person": person, "scope": mute.scope, "until": mute.until, "at": mute.created_at}


def tell_addresses(user: User) -> Iterator[dict[str, Any]]:
    for row in EmailAddress.objects.filter(user=user).order_by("pk"):
        yield {"email": row.email, "confirmed": row.verified, "primary": row.primary}


def tell_tokens(user: User) -> Iterator[dict[str, Any]]:
    for token in AuthToken.objects.filter(user=user).select_related("label").order_by("created"):
        label: TokenLabel | None = getattr(token, "label", None)
        yield {
            "name": label.name if label else "",
            "created_at": token.created,
            "expires_at": token.expiry,
            "last_used_at": label.last_used_at if label else None,
        }


def tell_sessions(user: User) -> Iterator[dict[str, Any]]:
    for session in UserSession.objects.filter(user=user).order_by("pk"):
        yield {
            "created_at": session.created_at,
            "last_seen_at": session.last_seen_at,
            "device": session.user_agent,
            "address": session.ip,
        }


def tell_authenticators(user: User) -> Iterator[dict[str, Any]]:
    """That there are second factors, and since when: no key, no code."""
    for factor in Authenticator.objects.filter(user=user).order_by("pk"):
        yield {"type": factor.type, "created_at": factor.created_at, "last_used_at": factor.last_used_at}


def tell_security_events(user: User) -> Iterator[dict[str, Any]]:
    for event in SecurityEvent.objects.filter(user=user).order_by("pk").iterator():
        yield {
            "kind": event.kind,
            "at": event.at,
            "device": event.device,
            "network": event.network,
            "detail": event.detail,
        }


def tell_exports(user: User) -> Iterator[dict[str, Any]]:
    for export in Export.objects.filter(user=user).order_by("pk"):
        yield {"id": export.pk, "requested_at": export.requested_at, "state": export.state}


def register() -> None:
    """Called once, when the app is ready."""
    _register_sections()
    _register_erasers()


def _register_sections() -> None:
    sections.register("account", _("Account"), tell_account, columns=[], files=picture_files)
    sections.register("handles", _("Former handles"), tell_handles, columns=["accounts.FormerHandle.user"])
    sections.register("following", _("People you follow"), tell_following, columns=["accounts.Follow.follower"])
    sections.register("followers", _("People who follow you"), tell_followers, columns=["accounts.Follow.followee"])
    sections.register("blocks", _("People you block"), tell_blocks, columns=["accounts.Block.blocker"])
    sections.register("mutes", _("People you mute"), tell_mutes, columns=["accounts.Mute.muter"])
    sections.register("addresses", _("E-mail addresses"), tell_addresses, columns=["account.EmailAddress.user"])
    sections.register("tokens", _("API tokens"), tell_tokens, columns=["knox.AuthToken.user"])
    sections.register("sessions", _("Browsers"), tell_sessions, columns=["usersessions.UserSession.user"])
    sections.register("second-factors", _("Two-step sign-in"), tell_authenticators, columns=["mfa.Authenticator.user"])
    sections.register(
        "security-events", _("Security log"), tell_security_events, columns=["accounts.SecurityEvent.user"]
    )
    sections.register("exports", _("Exports"), tell_exports, columns=["accounts.Export.user"])
    sections.leave_out(
        {
            "accounts.Block.blocked": "who blocks somebody is not told",
            "accounts.Mute.muted": "who mutes somebody is not told",
            "accounts.Departure.user": "passes with the account, or with its return",
            "accounts.User_groups.user": "powers that the team gave",
            "accounts.User_user_permissions.user": "powers that the team gave",
            "admin.LogEntry.user": "what somebody did for the team at the desk, about others",
        }
    )


def _register_erasers() -> None:
    erasure.register("exports", erase_exports, columns=["accounts.Export.user"])
    erasure.register("picture", erase_picture, columns=[])
    erasure.register(
        "people",
        erase_people,
        columns=[
            *("accounts.Follow.follower", "accounts.Follow.followee", "accounts.Block.blocker"),
            *("accounts.Block.blocked", "accounts.Mute.muter", "accounts.Mute.muted"),
        ],
    )
    erasure.register("desk", erase_traces_at_the_desk, columns=["admin.LogEntry.user"])
    erasure.register("addresses", erase_addresses, columns=["account.EmailAddress.user"])
    erasure.register(
        "sign-ins",
        erase_sign_ins,
        columns=[
            *("knox.AuthToken.user", "usersessions.UserSession.user", "mfa.Authenticator.user"),
            "accounts.SecurityEvent.user",
        ],
    )
    # With the person's own row, in one transaction: the handles must be read until the end.
    erasure.register(
        "account",
        lambda user: iter(()),
        columns=[
            *("accounts.FormerHandle.user", "accounts.Departure.user"),
            *("accounts.User_groups.user", "accounts.User_user_permissions.user"),
        ],
    )
