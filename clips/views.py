"""The author's side of clips: upload, studio, edit, delete, retry, and the state of the work, live."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.redirects import back

from . import publication, services
from .exceptions import ClipRefused, NotRetryable, StorageFull, TooManyHeld, TooManyUploads
from .forms import ClipTextsForm, HeldForm, UploadForm, limits_text
from .media.limits import MediaLimits, MediaRefused
from .media.words import sentence
from .models import Clip, ClipState, Plan
from .querysets import STAGES
from .selectors import clip_views, media_url

PAGE = 20  # clips a page of the studio
STATUS = {
    StorageFull.code: HTTPStatus.INSUFFICIENT_STORAGE,
    TooManyUploads.code: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyHeld.code: HTTPStatus.CONFLICT,
}
# Which field an error of the service belongs to; the others are the file's.
FIELDS = {"caption_too_long": "caption", "alt_text_too_long": "alt_text", "bad_schedule": "publish_at"}
private = cache_control(private=True, no_store=True)


LABELS = {
    "published": gettext_lazy("Published"),
    "scheduled": gettext_lazy("Scheduled"),
    "draft": gettext_lazy("Drafts"),
    "processing": gettext_lazy("In preparation"),
    "failed": gettext_lazy("Failed"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A filter of the studio: its `name` in the address, its label, and how many clips it has."""

    name: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class OwnClip:
    """A clip in the studio. `poster_url` is empty until it is ready."""

    clip: Clip
    poster_url: str

    @classmethod
    def of(cls, clip: Clip) -> OwnClip:
        return cls(clip, media_url(clip.pk, "poster.webp") if clip.is_prepared else "")


def _own_or_404(request: HttpRequest, pk: int) -> Clip:
    clip = Clip.objects.owned_by(request.user).filter(pk=pk).first()
    if clip is None:
        raise Http404
    return clip


@private
@require_http_methods(["GET", "POST"])
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """The upload form. Our script posts it with `Accept: application/json`: 201 with the address of the clip's
    state, or a 4xx or 507 with the errors by field. A plain form gets the studio, or the form with its texts."""
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    status = HTTPStatus.OK
    if request.method == "POST":
        clip, status = _create(request, form) if form.is_valid() else (None, HTTPStatus.UNPROCESSABLE_ENTITY)
        if clip is not None:
            if wants_json:
                return JsonResponse({"id": clip.pk, "state_url": reverse("clips:state", args=[clip.pk])}, status=201)
            messages.success(request, _("Your clip has arrived and is being prepared."))
            return redirect("clips:mine")
    if wants_json:
        errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        return JsonResponse({"errors": errors}, status=status)
    context = {"form": form, "limits": MediaLimits(), "limits_text": limits_text()}
    return render(request, "clips/upload.html", context, status=status)


def _create(request: HttpRequest, form: UploadForm) -> tuple[Clip | None, int]:
    try:
        return services.create_clip(author=request.user, **form.cleaned_data), HTTPStatus.CREATED  # type: ignore[arg-type]
    except MediaRefused as error:
        form.add_error("video", sentence(error))
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    except ClipRefused as error:
        whole = error.code in STATUS
        form.add_error(None if whole else FIELDS.get(error.code, "video"), error.detail)
        return None, STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)


@private
@require_GET
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The studio: one's own clips, newest first, all or those at one `stage`. `before` is a clip id."""
    stage = request.GET.get("stage", "")
    if stage and stage not in STAGES:
        raise Http404
    own = Clip.objects.owned_by(request.user)
    counts = own.aggregate(all=Count("pk"), **{name: Count("pk", filter=rule) for name, rule in STAGES.items()})
    rows = own.in_stage(stage).order_by("-pk")
    before = request.GET.get("before", "")
    if before:
        if not (before.isascii() and before.isdigit() and len(before) <= 18):
            raise Http404
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    page = [OwnClip.of(clip) for clip in found[:PAGE]]
    context = {
        "page": page,
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "is_first": not before,
        "stage": stage,
        "stages": [Stage("", _("All"), counts["all"]), *(Stage(n, LABELS[n], counts[n]) for n in STAGES)],
        "working": any(own.clip.state == "processing" for own in page),
    }
    return render(request, "clips/studio.html", context)


@private
@require_GET
@login_required
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The studio row of one's own clip; it asks for itself again while the clip is in processing."""
    return render(request, "clips/_state.html", {"own": OwnClip.of(_own_or_404(request, pk))})


@private
@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Texts, audience and policy; of a clip that is not published also when it is to be."""
    clip = _own_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    published = clip.state == ClipState.READY
    form = ClipTextsForm.of(clip, data) if published else HeldForm.of_held(clip, data)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid() and _update(clip, form):
            messages.success(request, _("Your clip is saved."))
            return back(request, "clips:mine")
    context = {"form": form, "own": OwnClip.of(clip), "published": published, "next": request.GET.get("next", "")}
    if clip.is_prepared:
        context["player"] = clip_views(request.user, [clip.pk])[clip.pk]
    return render(request, "clips/edit.html", context, status=status)


def _update(clip: Clip, form: ClipTextsForm) -> bool:
    changes = dict(form.cleaned_data)
    plan, at = changes.pop("publish", None), changes.pop("publish_at", None)
    try:
        with transaction.atomic():
            services.update_clip(clip=clip, **changes)
            if plan is not None and (plan, at) != (clip.plan, clip.publish_at):
                publication.plan_clip(clip=clip, plan=plan, at=at)
    except ClipRefused as error:
        form.add_error(FIELDS.get(error.code), error.detail)
        return False
    return True


@private
@require_POST
@login_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """POST clips/<id>/publish/ with `publish` = now or draft: the studio's buttons. Times are chosen at `edit`."""
    clip = _own_or_404(request, pk)
    plan = request.POST.get("publish", Plan.NOW)
    if plan not in (Plan.NOW, Plan.DRAFT):
        return HttpResponse(status=400)
    try:
        clip = publication.plan_clip(clip=clip, plan=plan)
    except ClipRefused as error:
        return _changed(request, clip, error.detail, failed=True)
    if plan == Plan.DRAFT:
        return _changed(request, clip, _("The clip is a draft now. Nobody else sees it."))
    published = clip.state == ClipState.READY
    text = _("The clip is published.") if published else _("The clip will be published as soon as it is prepared.")
    return _changed(request, clip, text)


@private
@require_http_methods(["GET", "POST"])
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks whether to, POST deletes."""
    clip = _own_or_404(request, pk)
    if request.method == "GET":
        return render(request, "clips/delete.html", {"own": OwnClip.of(clip)})
    services.delete_clip(clip=clip)
    messages.success(request, _("The clip is deleted."))
    return redirect("clips:mine")


@private
@require_POST
@login_required
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed clip again."""
    clip = _own_or_404(request, pk)
    try:
        services.retry_clip(clip=clip)
    except NotRetryable as error:
        return _changed(request, clip, error.detail, failed=True)
    return _changed(request, clip, _("The clip is being prepared again."))


def _changed(request: HttpRequest, clip: Clip, text: str, *, failed: bool = False) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        clip.refresh_from_db()
        context: dict[str, Any] = {"own": OwnClip.of(clip)}
        return render(request, "clips/_state.html", context)
    (messages.error if failed else messages.success)(request, text)
    return redirect("clips:mine")
