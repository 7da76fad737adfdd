"""The desk for what protects accounts. No secret is shown here, none can be read here."""

from __future__ import annotations

from typing import Any

import allauth.account.admin as allauth_admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 -- these register pages of their own, which ours replace
import knox.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from knox.models import AuthToken

from . import addresses, devices, sessions, tokens
from .desk import BigDesk, BoundedPaginator, Desk
from .models import OutgoingMail, SecurityEvent, ThrottleMark

HANDLE_SEARCH = gettext_lazy("A handle, exactly.")

admin.site.unregister([AuthToken, EmailAddress, Authenticator, UserSession])


class Expired(admin.SimpleListFilter):
    title = gettext_lazy("expiry")
    parameter_name = "expired"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", _("Usable")), ("yes", _("Expired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuthToken]) -> QuerySet[AuthToken]:
        over = Q(expiry__lte=timezone.now())
        return {"no": queryset.exclude(over), "yes": queryset.filter(over)}.get(self.value() or "", queryset)


@admin.register(EmailAddress)
class EmailAddressDesk(allauth_admin.EmailAddressAdmin):
    """allauth's page, whose action asked for no permission: whoever could look could also verify."""

    list_select_related = ("user",)
    show_full_result_count = False
    paginator = BoundedPaginator

    @admin.action(description=gettext_lazy("Mark as verified"), permissions=["change"])
    def make_verified(self, request: HttpRequest, queryset: QuerySet[EmailAddress]) -> None:
        super().make_verified(request, queryset)


@admin.register(AuthToken)
class TokenDesk(Desk):
    """API tokens: who holds one and until when. What is stored (a hash) is not shown, and cannot be turned back."""

    list_display = ("hint", "user", "name", "created", "last_used", "expiry", "usable")
    list_display_links = None
    list_filter = (Expired,)
    list_select_related = ("user", "label")
    search_fields = ("=user__username",)
    search_help_text = HANDLE_SEARCH
    ordering = ("-created",)
    paginator = BigDesk.paginator
    fields = ("hint", "user", "name", "created", "last_used", "expiry", "usable")
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("knox.delete_authtoken")

    @admin.display(description=gettext_lazy("token"), ordering="token_key")
    def hint(self, token: AuthToken) -> str:
        return format_html("<code>{}…</code>", token.token_key[: tokens.SHOWN])

    @admin.display(description=gettext_lazy("name"))
    def name(self, token: AuthToken) -> str:
        label = getattr(token, "label", None)
        return label.name if label else ""

    @admin.display(description=gettext_lazy("last used"))
    def last_used(self, token: AuthToken) -> Any:
        return getattr(getattr(token, "label", None), "last_used_at", None)

    @admin.display(boolean=True)
    def usable(self, token: AuthToken) -> bool:
        return token.expiry is None or token.expiry > timezone.now()

    @admin.action(description=gettext_lazy("Revoke: the app that uses it is signed out"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AuthToken]) -> None:
        owners = sorted({f"@{name}" for name in queryset.values_list("user__username", flat=True)})
        count = queryset.count()
        queryset.delete()
        said = _("%(count)d revoked, of %(people)s.") % {"count": count, "people": ", ".join(owners)}
        self.message_user(request, said)


@admin.register(Authenticator)
class AuthenticatorDesk(BigDesk):
    """Who signs in with a second step. Secrets and keys stay in the database; people's page takes them away."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = HANDLE_SEARCH
    ordering = ("-pk",)
    fields = ("user", "type", "created_at", "last_used_at")


@admin.register(UserSession)
class SessionDesk(BigDesk):
    """Where people are signed in. The key of a session would be the session, so it is not shown."""

    list_display = ("user", "device", "network", "created_at", "last_seen_at")
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = HANDLE_SEARCH
    ordering = ("-pk",)
    fields = ("user", "device", "network", "created_at", "last_seen_at")
    actions = ("end",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("usersessions.delete_usersession")

    @admin.display(description=gettext_lazy("device"))
    def device(self, row: UserSession) -> str:
        return devices.describe(row.user_agent)

    @admin.display(description=gettext_lazy("network"))
    def network(self, row: UserSession) -> str:
        return addresses.shown(row.ip)

    @admin.action(description=gettext_lazy("Sign out these browsers"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        for row in queryset.select_related("user"):
            sessions.end_session(user=row.user, session_id=row.pk, request=None)
            self.log_change(request, row.user, "signed out a browser")
        self.message_user(request, _("They are signed out there."))


@admin.register(SecurityEvent)
class SecurityEventDesk(BigDesk):
    """What happened to accounts, as their owners see it."""

    list_display = ("at", "user", "kind", "detail", "device", "network")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = HANDLE_SEARCH
    date_hierarchy = "at"
    ordering = ("-pk",)


@admin.register(OutgoingMail)
class OutgoingMailDesk(BigDesk):
    """Mail that the mail server has not taken yet. Its text can hold links that sign in, so it is not shown."""

    list_display = ("pk", "to", "kind", "subject", "created_at", "attempts", "next_try_at")
    list_filter = ("kind", "attempts")
    search_fields = ("=to",)
    search_help_text = gettext_lazy("An address, exactly.")
    ordering = ("-pk",)
    fields = ("to", "kind", "subject", "created_at", "attempts", "next_try_at")


@admin.register(ThrottleMark)
class ThrottleMarkDesk(BigDesk):
    """Throttles that are in use, where no Redis or Valkey counts them. Deleting one lets its owner try again."""

    list_display = ("key",)
    search_fields = ("key__startswith",)
    search_help_text = gettext_lazy("The kind of throttle, such as sign_in or guess.")
    ordering = ("key",)
    fields = ("key",)
    actions = ("forget",)

    def has_forget_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.delete_throttlemark")

    @admin.action(description=gettext_lazy("Forget: let them try again"), permissions=["forget"])
    def forget(self, request: HttpRequest, queryset: QuerySet[ThrottleMark]) -> None:
        queryset.delete()
