"""The desk for people and the edges between them. Their safety is in `admin_security`, leaving in `admin_life`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from . import admin_life as admin_life
from . import admin_security as admin_security
from . import departures, handles, mfa, services
from .desk import BoundedPaginator, EdgeDesk, confirmed, each
from .exceptions import AccountsError
from .models import Block, Follow, Mute, User

PROFILE_FIELDS = ("display_name", "bio", "is_private", "reposts_tab", "sends_from", "raise_watched")
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


class RequestsWaiting(admin.SimpleListFilter):
    title = _lazy("acceptance")
    parameter_name = "accepted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Following")), ("no", _("Request waiting"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Follow]) -> QuerySet[Follow]:
        if self.value() is None:
            return queryset
        return queryset.filter(accepted_at__isnull=self.value() == "no")


class MuteState(admin.SimpleListFilter):
    title = _lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("on", _("In force")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mute]) -> QuerySet[Mute]:
        over = Q(until__lte=timezone.now())
        return {"on": queryset.exclude(over), "over": queryset.filter(over)}.get(self.value() or "", queryset)


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
        (_lazy("Profile"), {"fields": (*PROFILE_FIELDS, "avatar")}),
        (_lazy("Person"), {"fields": ("email", "birth_date")}),
        (_lazy("State"), {"fields": ("is_active", "is_dormant", "last_seen_at", "date_joined", "last_login")}),
        (_lazy("What they may do here"), {"fields": POWERS}),
    )
    actions = ("deactivate", "reactivate", "reset_mfa")
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

    @admin.action(description=_lazy("Deactivate: sign out and hide everywhere"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> TemplateResponse | None:
        page = confirmed(
            self,
            request,
            queryset,
            action="deactivate",
            title=_("Deactivate accounts"),
            consequence=_(
                "They are signed out and lose their API tokens; their profiles, clips and reposts are hidden "
                "from everyone. Reactivating shows all of it again."
            ),
        )
        if page is None:
            each(self, request, queryset, lambda user: self._deactivate(request, user), done=_("deactivated"))
        return page

    def _deactivate(self, request: HttpRequest, user: User) -> str | None:
        if user.pk == request.user.pk:
            return _("this is your own account")
        if not self.has_change_permission(request, user):
            return _("only a superuser can deactivate staff")
        # A person who hid their account can still be suspended: then it no longer comes back by signing in.
        if not user.is_active and not departures.may_sign_in(user):
            return _("is not active")
        services.deactivate_user(user=user)
        return None

    @admin.action(description=_lazy("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        each(self, request, queryset, lambda user: self._reactivate(request, user), done=_("reactivated"))

    def _reactivate(self, request: HttpRequest, user: User) -> str | None:
        if not self.has_change_permission(request, user):
            return _("only a superuser can reactivate staff")
        if user.is_active:
            return _("is active")
        there = departures.departure_of(user)
        if there is not None and there.erase_at is not None and not request.user.is_superuser:
            return _("only a superuser can call a deletion off")
        try:
            services.reactivate_user(user=user)
        except AccountsError as error:
            return str(error.detail)
        return None

    def has_reset_mfa_permission(self, request: HttpRequest) -> bool:
        """Superusers only: it takes away what protects an account, staff's among them."""
        return bool(request.user.is_superuser)

    @admin.action(description=_lazy("Switch two-step sign-in off: for somebody who lost it"), permissions=["reset_mfa"])
    def reset_mfa(self, request: HttpRequest, queryset: QuerySet[User]) -> TemplateResponse | None:
        page = confirmed(
            self,
            request,
            queryset,
            action="reset_mfa",
            title=_("Switch two-step sign-in off"),
            consequence=_(
                "Their authenticator apps, passkeys and recovery codes stop working, and a password alone signs in. "
                "They get a mail, and it is noted that you did it. Make sure first that it is them who ask."
            ),
        )
        if page is None:
            each(self, request, queryset, self._reset_mfa, done=_("two-step sign-in switched off"))
        return page

    def _reset_mfa(self, user: User) -> str | None:
        return None if mfa.reset(user=user) else _("has no two-step sign-in")


@admin.register(Follow)
class FollowDesk(EdgeDesk):
    list_display = ("follower", "followee", "accepted_at", "show_reposts", "is_dormant", "created_at")
    list_filter = (RequestsWaiting, "show_reposts", "is_dormant")
    list_select_related = ("follower", "followee")
    search_fields = ("=follower__username", "=followee__username")
    search_help_text = _lazy("A handle, exactly: whom they follow and who follows them.")
    ordering = ("-pk",)

    def end(self, edge: Follow) -> None:
        services.unfollow_user(follower=edge.follower, followee=edge.followee)


@admin.register(Block)
class BlockDesk(EdgeDesk):
    list_display = ("blocker", "blocked", "created_at")
    list_select_related = ("blocker", "blocked")
    search_fields = ("=blocker__username", "=blocked__username")
    search_help_text = _lazy("A handle, exactly.")
    ordering = ("-pk",)

    def end(self, edge: Block) -> None:
        services.unblock_user(blocker=edge.blocker, blocked=edge.blocked)


@admin.register(Mute)
class MuteDesk(EdgeDesk):
    list_display = ("muter", "muted", "scope", "until", "created_at")
    list_filter = ("scope", MuteState)
    list_select_related = ("muter", "muted")
    search_fields = ("=muter__username", "=muted__username")
    search_help_text = _lazy("A handle, exactly.")
    ordering = ("-pk",)

    def end(self, edge: Mute) -> None:
        services.unmute_user(muter=edge.muter, muted=edge.muted)
