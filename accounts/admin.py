"""The desk for people, the edges between them and their API tokens."""

from __future__ import annotations

from typing import Any

import allauth.account.admin as allauth_admin
import knox.admin  # noqa: F401 -- registers a page of its own, which TokenDesk replaces
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from knox.models import AuthToken

from . import handles, services
from .desk import BigDesk, BoundedPaginator, Desk, EdgeDesk, confirmed, each
from .models import Block, Follow, Mute, User

PROFILE_FIELDS = ("display_name", "bio", "is_private", "reposts_tab", "raise_watched")
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")
TOKEN_HINT = 8  # characters: enough for people to recognise their token, useless without the other 56


class RequestsWaiting(admin.SimpleListFilter):
    title = "acceptance"
    parameter_name = "accepted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Following"), ("no", "Request waiting")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Follow]) -> QuerySet[Follow]:
        if self.value() is None:
            return queryset
        return queryset.filter(accepted_at__isnull=self.value() == "no")


class MuteState(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("on", "In force"), ("over", "Over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mute]) -> QuerySet[Mute]:
        over = Q(until__lte=timezone.now())
        return {"on": queryset.exclude(over), "over": queryset.filter(over)}.get(self.value() or "", queryset)


class Expired(admin.SimpleListFilter):
    title = "expiry"
    parameter_name = "expired"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Usable"), ("yes", "Expired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuthToken]) -> QuerySet[AuthToken]:
        over = Q(expiry__lte=timezone.now())
        return {"no": queryset.exclude(over), "yes": queryset.filter(over)}.get(self.value() or "", queryset)


class PersonForm(UserChangeForm):
    """A handle that the team gives has to be one that the person could have taken."""

    def clean_username(self) -> str:
        handle: str = self.cleaned_data["username"]
        if "username" not in self.changed_data:
            return handle
        handle = handles.clean_handle(handle)
        if handles.is_taken(handle, by=self.instance):
            raise handles.taken()
        return handle


@admin.register(User)
class UserDesk(UserAdmin):
    """People. Accounts are deactivated, not deleted: deleting would tear holes into others' cascades."""

    list_display = (
        "username", "display_name", "is_active", "is_private", "is_dormant", "is_staff", "last_seen_at", "date_joined",
    )  # fmt: skip
    list_filter = ("is_active", "is_private", "is_dormant", "is_staff", "is_superuser", "reposts_tab")
    search_fields = ("username", "display_name", "email")
    date_hierarchy = "date_joined"
    ordering = ("-date_joined", "-pk")
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    readonly_fields = ("is_active", "is_dormant", "avatar", "last_seen_at", "date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Profile", {"fields": (*PROFILE_FIELDS, "avatar")}),
        ("Person", {"fields": ("email", "birth_date")}),
        ("State", {"fields": ("is_active", "is_dormant", "last_seen_at", "date_joined", "last_login")}),
        ("What they may do here", {"fields": POWERS}),
    )
    actions = ("deactivate", "reactivate")
    form = PersonForm

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers change those who may work here: else a moderator could take over an account above."""
        above = obj is not None and (obj.is_staff or obj.is_superuser)
        if above and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, *POWERS]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        changed = set(form.changed_data)
        profile = {name: form.cleaned_data[name] for name in PROFILE_FIELDS if name in changed}
        if profile:
            # Not on `obj`: the service must see what the account was, to open waiting requests.
            services.update_profile(user=User.objects.get(pk=obj.pk), **profile)
        if "username" in changed:
            handles.change_handle(user=User.objects.get(pk=obj.pk), handle=obj.username, limited=False)
        columns = {field.name for field in User._meta.concrete_fields} - {"username"}
        if others := [name for name in changed & columns if name not in PROFILE_FIELDS]:
            obj.save(update_fields=others)

    @admin.action(description="Deactivate: sign out and hide everywhere", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> TemplateResponse | None:
        page = confirmed(
            self,
            request,
            queryset,
            action="deactivate",
            title="Deactivate accounts",
            consequence="They are signed out and lose their API tokens; their profiles, clips and reposts are hidden "
            "from everyone. Reactivating shows all of it again.",
        )
        if page is None:
            each(self, request, queryset, lambda user: self._deactivate(request, user), done="deactivated")
        return page

    def _deactivate(self, request: HttpRequest, user: User) -> str | None:
        if user.pk == request.user.pk:
            return "this is your own account"
        if not self.has_change_permission(request, user):
            return "only a superuser can deactivate staff"
        if not user.is_active:
            return "is not active"
        services.deactivate_user(user=user)
        return None

    @admin.action(description="Reactivate", permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        each(self, request, queryset, lambda user: self._reactivate(request, user), done="reactivated")

    def _reactivate(self, request: HttpRequest, user: User) -> str | None:
        if not self.has_change_permission(request, user):
            return "only a superuser can reactivate staff"
        if user.is_active:
            return "is active"
        services.reactivate_user(user=user)
        return None


@admin.register(Follow)
class FollowDesk(EdgeDesk):
    list_display = ("follower", "followee", "accepted_at", "show_reposts", "is_dormant", "created_at")
    list_filter = (RequestsWaiting, "show_reposts", "is_dormant")
    list_select_related = ("follower", "followee")
    search_fields = ("=follower__username", "=followee__username")
    search_help_text = "A handle, exactly: whom they follow and who follows them."
    ordering = ("-pk",)

    def end(self, edge: Follow) -> None:
        services.unfollow_user(follower=edge.follower, followee=edge.followee)


@admin.register(Block)
class BlockDesk(EdgeDesk):
    list_display = ("blocker", "blocked", "created_at")
    list_select_related = ("blocker", "blocked")
    search_fields = ("=blocker__username", "=blocked__username")
    search_help_text = "A handle, exactly."
    ordering = ("-pk",)

    def end(self, edge: Block) -> None:
        services.unblock_user(blocker=edge.blocker, blocked=edge.blocked)


@admin.register(Mute)
class MuteDesk(EdgeDesk):
    list_display = ("muter", "muted", "scope", "until", "created_at")
    list_filter = ("scope", MuteState)
    list_select_related = ("muter", "muted")
    search_fields = ("=muter__username", "=muted__username")
    search_help_text = "A handle, exactly."
    ordering = ("-pk",)

    def end(self, edge: Mute) -> None:
        services.unmute_user(muter=edge.muter, muted=edge.muted)


admin.site.unregister([AuthToken, EmailAddress])


@admin.register(EmailAddress)
class EmailAddressDesk(allauth_admin.EmailAddressAdmin):
    """allauth's page, whose action asked for no permission: whoever could look could also verify."""

    list_select_related = ("user",)
    show_full_result_count = False
    paginator = BoundedPaginator

    @admin.action(description="Mark as verified", permissions=["change"])
    def make_verified(self, request: HttpRequest, queryset: QuerySet[EmailAddress]) -> None:
        super().make_verified(request, queryset)


@admin.register(AuthToken)
class TokenDesk(Desk):
    """API tokens: who holds one and until when. What is stored (a hash) is not shown, and cannot be turned back."""

    list_display = ("hint", "user", "created", "expiry", "usable")
    list_display_links = None
    list_filter = (Expired,)
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = "A handle, exactly."
    ordering = ("-created",)
    paginator = BigDesk.paginator
    fields = ("hint", "user", "created", "expiry", "usable")
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("knox.delete_authtoken")

    @admin.display(description="token", ordering="token_key")
    def hint(self, token: AuthToken) -> str:
        return format_html("<code>{}…</code>", token.token_key[:TOKEN_HINT])

    @admin.display(boolean=True)
    def usable(self, token: AuthToken) -> bool:
        return token.expiry is None or token.expiry > timezone.now()

    @admin.action(description="Revoke: the app that uses it is signed out", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AuthToken]) -> None:
        owners = sorted({f"@{name}" for name in queryset.values_list("user__username", flat=True)})
        count, _ = queryset.delete()
        self.message_user(request, f"{count} revoked, of {', '.join(owners)}.")
