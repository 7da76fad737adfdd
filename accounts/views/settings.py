"""One's own settings, and the pictures that others see."""

from __future__ import annotations

from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import avatars, listings, services
from accounts.forms import PrivacyForm, ProfileForm
from accounts.models import User

PRIVACY = ("is_private", "reposts_tab", "sends_from")


@require_http_methods(["GET", "POST"])
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Two forms: `section` says which one was sent, the other keeps showing what is stored."""
    user: User = request.user
    section = request.POST.get("section") if request.method == "POST" else None
    profile = ProfileForm(
        *((request.POST, request.FILES) if section == "profile" else ()),
        initial={"display_name": user.display_name, "bio": user.bio},
    )
    privacy = PrivacyForm(
        *((request.POST,) if section == "privacy" else ()),
        initial={name: getattr(user, name) for name in PRIVACY},
    )
    if section == "profile" and profile.is_valid():
        _save_profile(user, profile)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:settings")
    if section == "privacy" and privacy.is_valid():
        asked = listings.waiting_requests(user) if user.is_private else 0
        services.update_profile(user=user, **privacy.cleaned_data)
        opened = asked and not user.is_private
        messages.success(
            request,
            ngettext(
                "Saved. Your account is open now, and %(count)d waiting request became followers.",
                "Saved. Your account is open now, and %(count)d waiting requests became followers.",
                asked,
            )
            % {"count": asked}
            if opened
            else _("Your settings are saved."),
        )
        return redirect("accounts:settings")
    context = {
        "profile": profile,
        "privacy": privacy,
        "waiting": listings.waiting_requests(user),
        "max_avatar_bytes": avatars.MAX_BYTES,
    }
    return render(request, "accounts/settings.html", context)


def _save_profile(user: User, form: ProfileForm) -> None:
    """Writes the form; the picture that was replaced goes once the new one is committed."""
    changes = {name: form.cleaned_data[name] for name in ("display_name", "bio", "avatar") if name in form.cleaned_data}
    old = user.avatar
    try:
        with transaction.atomic():
            services.update_profile(user=user, **changes)
    except BaseException:
        avatars.delete_avatar(changes.get("avatar", ""))
        raise
    if changes.get("avatar", old) != old:
        avatars.delete_avatar(old)


@require_safe
def avatar(request: HttpRequest, key: str) -> HttpResponseBase:
    """GET media/avatars/<key>.webp. A key is random and its picture never changes, so anyone may keep it for ever."""
    path = avatars.avatar_path(key)
    if path is None or not path.is_file():
        raise Http404
    if site.X_ACCEL_PREFIX:
        response: HttpResponseBase = HttpResponse(content_type="image/webp")
        response["X-Accel-Redirect"] = f"{site.X_ACCEL_PREFIX.rstrip('/')}/avatars/{path.name}"
    else:
        response = FileResponse(path.open("rb"), content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
