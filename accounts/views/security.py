"""The security page and what it leads to: browsers, tokens, the log. Passwords and second steps: allauth's pages."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import mfa, sessions, tokens
from accounts.models import SecurityEvent
from accounts.security_forms import TokenForm

from .people import before

LATEST = 6  # lines of the log on the security page
PAGE = 40


@require_GET
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """GET settings/security/: how the account is protected, on one page."""
    user = request.user
    factors = list(Authenticator.objects.filter(user=user).order_by("pk"))
    of_type = {kind: [f for f in factors if f.type == kind] for kind in Authenticator.Type}
    codes = of_type[Authenticator.Type.RECOVERY_CODES]
    context: dict[str, Any] = {
        "addresses": list(EmailAddress.objects.filter(user=user).order_by("-verified", "pk")),
        "totp": next(iter(of_type[Authenticator.Type.TOTP]), None),
        "passkeys": [(factor, factor.wrap()) for factor in of_type[Authenticator.Type.WEBAUTHN]],
        "codes_left": _codes_left(codes[0]) if codes else None,
        "has_mfa": any(f.type in mfa.SECOND_FACTORS for f in factors),
        "needs_mfa": mfa.must_set_up(user),
        "sessions": sessions.list_sessions(user, request.session.session_key),
        "tokens": tokens.list_tokens(tokens.living(user)),
        "events": list(SecurityEvent.objects.filter(user=user).order_by("-pk")[:LATEST]),
    }
    return render(request, "accounts/security.html", context)


def _codes_left(codes: Authenticator) -> int:
    """Unused recovery codes, counted without reading the secret they come from."""
    made: int = len(codes.data["migrated_codes"]) if "migrated_codes" in codes.data else mfa.RECOVERY_CODES
    return made - int(codes.data.get("used_mask", 0)).bit_count()


@require_GET
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """GET settings/security/log/?before=: everything in one's own log, newest first."""
    rows = SecurityEvent.objects.filter(user=request.user).order_by("-pk")
    if start := before(request):
        rows = rows.filter(pk__lt=start)
    events = list(rows[: PAGE + 1])
    following = events[PAGE - 1].pk if len(events) > PAGE else None
    return render(request, "accounts/security_log.html", {"events": events[:PAGE], "following": following})


@require_POST
@login_required
def end_session(request: HttpRequest) -> HttpResponse:
    """POST settings/security/sessions/: `session` is one's id, or `others` for every other browser."""
    which = request.POST.get("session", "")
    if which == "others":
        count = sessions.end_others(user=request.user, keep_key=request.session.session_key, request=request)
        text = ngettext("%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", count)
        messages.success(request, text % {"count": count})
    elif which.isascii() and which.isdigit() and len(which) <= 18:
        sessions.end_session(user=request.user, session_id=int(which), request=request)
        messages.success(request, _("That browser is signed out."))
    return redirect("accounts:security")


@sensitive_variables("secret")
@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required
def new_token(request: HttpRequest) -> HttpResponse:
    """settings/security/tokens/new/: a form, then the token, which no other page ever shows."""
    form = TokenForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/token_new.html", {"form": form})
    token, secret = tokens.issue_token(user=request.user, request=request, **form.cleaned_data)
    context = {"token": token, "secret": secret, "name": form.cleaned_data["name"]}
    return render(request, "accounts/token_made.html", context)


@require_POST
@login_required
def revoke_token(request: HttpRequest) -> HttpResponse:
    """POST settings/security/tokens/revoke/: `token` is its id."""
    which = request.POST.get("token", "")
    if which.isascii() and which.isdigit() and len(which) <= 18:
        tokens.revoke_token(user=request.user, token_id=int(which), request=request)
        messages.success(request, _("The token is revoked. What used it is signed out."))
    return redirect("accounts:security")
