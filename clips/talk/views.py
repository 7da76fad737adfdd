"""Likes and comments in the browser: the sheet over the clip, the page of the comments, who liked.

Each write answers a form without scripts with a redirect and a message, and htmx with the pieces that changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttle
from accounts.entrances import too_many
from accounts.redirects import back, signed_in

from ..exceptions import BadPlace, NotYours, TalkRefused, TooManyComments
from ..models import Clip, Comment
from ..selectors import ClipView, clip_views
from . import comments, likes, selectors

private = cache_control(private=True, no_store=True)
View = Callable[..., HttpResponse]
STATUS = {NotYours.code: HTTPStatus.FORBIDDEN, TooManyComments.code: HTTPStatus.TOO_MANY_REQUESTS}


def limited(scope: str) -> Callable[[View], View]:
    """Count what one person sends to this view for a scope of the throttles, together with the API; 429 beyond."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, pk: int) -> HttpResponse:
            wait = throttle.spend(scope, request.user.pk) if request.method == "POST" else None
            return view(request, pk) if wait is None else too_many(request, wait)

        return wrapper

    return decorate


def _by_htmx(request: HttpRequest) -> bool:
    """Whether a piece of a page is asked for."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def _visible(request: HttpRequest, pk: int) -> Clip:
    clip = Clip.objects.visible_to(request.user).filter(pk=pk).first()
    if clip is None:
        raise Http404
    return clip


def _view(request: HttpRequest, clip: Clip) -> ClipView:
    return clip_views(request.user, [clip.pk])[clip.pk]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


def _damaged(request: HttpRequest) -> HttpResponse:
    context = {"detail": _("The address is damaged."), "restart_url": request.path}
    return render(request, "400.html", context, status=HTTPStatus.BAD_REQUEST)


def _in_place(clip_id: int, **query: int) -> str:
    """The page of a clip's comments."""
    address = reverse("clips:comments", args=[clip_id])
    return f"{address}?{urlencode(query)}" if query else address


# --- Likes ------------------------------------------------------------------------------------------


@private
@require_POST
@signed_in
@limited("like")
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """POST clips/<id>/like/. Repeating it changes nothing."""
    try:
        likes.like_clip(user=request.user, clip_id=pk)
    except Clip.DoesNotExist as error:
        raise Http404 from error
    return _like_changed(request, pk)


@private
@require_POST
@signed_in
@limited("like")
def unlike(request: HttpRequest, pk: int) -> HttpResponse:
    """POST clips/<id>/unlike/: also of a clip that one cannot see any more."""
    likes.unlike_clip(user=request.user, clip_id=pk)
    return _like_changed(request, pk)


def _like_changed(request: HttpRequest, pk: int) -> HttpResponse:
    clip = Clip.objects.visible_to(request.user).filter(pk=pk).first()
    if clip is None:
        return back(request, "feeds:home")
    if _by_htmx(request):
        return render(request, "clips/_like.html", {"clip": _view(request, clip)})
    return back(request, clip.get_absolute_url())


@private
@require_safe
@signed_in
def clip_likes(request: HttpRequest, pk: int) -> HttpResponse:
    """GET clips/<id>/likes/?cursor=…: who liked one's own clip. Others' likes are nobody's business: 404."""
    clip = Clip.objects.visible_to(request.user).filter(pk=pk, author=request.user).first()
    if clip is None:
        raise Http404
    try:
        page = selectors.likers_page(clip, request.user, cursor=request.GET.get("cursor", ""))
    except BadPlace:
        return _damaged(request)
    context = {"clip": _view(request, clip), "page": page, "is_first": "cursor" not in request.GET}
    return render(request, "clips/likes.html", context)


# --- Reading ----------------------------------------------------------------------------------------


@private
@require_http_methods(["GET", "HEAD", "POST"])
def clip_comments(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET clips/<id>/comments/?sort=top|newest&cursor=…; POST text and, for a reply, parent.

    `thread` opens one comment with its replies, `reply` begins them there, `deleted` offers to undo a deletion.
    htmx gets the sheet, or with a cursor the next comments alone."""
    if request.method == "POST":
        return post(request, pk)
    clip = _visible(request, pk)
    cursor = request.GET.get("cursor", "")
    try:
        talk = selectors.talk(clip, request.user, sort=selectors.sort_of(request.GET.get("sort")), cursor=cursor)
    except BadPlace:
        return _damaged(request)
    context: dict[str, Any] = {"clip": _view(request, clip), "talk": talk, "is_first": not cursor}
    if _by_htmx(request):
        template = "clips/_comments.html" if cursor else "clips/_talk.html"
        return render(request, template, context | {"in_sheet": True})
    context |= _thread(request, clip) | _offer(request, clip)
    return render(request, "clips/comments.html", context)


def _thread(request: HttpRequest, clip: Clip) -> dict[str, Any]:
    """The one thread that the address asks for, nothing when it is hidden or gone."""
    wanted = _number(request.GET.get("thread"))
    if wanted is None:
        return {}
    found = selectors.comment_views(
        Comment.objects.shown_to(request.user).filter(pk=wanted, clip=clip, parent=None), request.user
    )
    if not found:
        return {"thread_gone": True}
    replies = selectors.replies_page(wanted, request.user, limit=50)
    reply = _number(request.GET.get("reply"))
    if reply and replies.next and reply > replies.comments[-1].id:
        replies = selectors.replies_page(wanted, request.user, cursor=selectors.before_reply(reply), limit=50)
    return {"thread": found[0], "thread_replies": replies, "answering": "answer" in request.GET}


def _offer(request: HttpRequest, clip: Clip) -> dict[str, Any]:
    deleted = _number(request.GET.get("deleted"))
    if deleted is None or not request.user.is_authenticated:
        return {}
    mine = Comment.objects.filter(pk=deleted, clip=clip, deleted_by=request.user)
    return {"restorable": deleted} if mine.exists() else {}


@private
@require_safe
def comment_replies(request: HttpRequest, pk: int) -> HttpResponse:
    """GET comments/<id>/replies/?cursor=…: for htmx the next replies, else the thread's page."""
    comment = _comment(request, pk)
    if comment.parent_id is not None:
        raise Http404
    if not _by_htmx(request):
        return back(request, _in_place(comment.clip_id, thread=pk))
    try:
        page = selectors.replies_page(pk, request.user, cursor=request.GET.get("cursor", ""))
    except BadPlace:
        return _damaged(request)
    context = {"parent_id": pk, "replies": page, "clip": _view(request, comment.clip), "in_sheet": True}
    return render(request, "clips/_replies.html", context)


def _comment(request: HttpRequest, pk: int) -> Comment:
    comment = Comment.objects.visible_to(request.user).select_related("clip").filter(pk=pk).first()
    if comment is None:
        raise Http404
    return comment


# --- Writing ----------------------------------------------------------------------------------------


@signed_in
@limited("comment")
def post(request: HttpRequest, pk: int) -> HttpResponse:
    clip = _visible(request, pk)
    parent = _number(request.POST.get("parent"))
    text = request.POST.get("text", "")
    try:
        comment, created = comments.post_comment(user=request.user, clip_id=pk, text=text, parent_id=parent)
    except Comment.DoesNotExist:
        return _refused(request, clip, _("The comment that you answer is gone."), HTTPStatus.CONFLICT)
    except Clip.DoesNotExist as error:  # hidden since it was looked up
        raise Http404 from error
    except TalkRefused as refusal:
        return _refused(request, clip, refusal.detail, STATUS.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY))
    if not _by_htmx(request):
        messages.success(request, _("Your reply is posted.") if parent else _("Your comment is posted."))
        return back(request, comment.get_absolute_url())
    return _posted(request, clip, comment, created)


def _posted(request: HttpRequest, clip: Clip, comment: Comment, created: bool) -> HttpResponse:
    """The new comment, where it belongs; an empty form and the new counts out of band."""
    clip.refresh_from_db(fields=["comment_count"])
    context: dict[str, Any] = {"clip": _view(request, clip), "in_sheet": True, "oob": True}
    context["talk"] = selectors.Talk("", selectors.CommentPage(), selectors.Door(), clip.comment_count)
    html = ""
    if created:
        view = selectors.comment_views(Comment.objects.filter(pk=comment.pk), request.user)[0]
        html = render_to_string("clips/_comment.html", context | {"comment": view, "is_new": True}, request)
        context["said"] = _("Your reply is posted.") if comment.parent_id else _("Your comment is posted.")
    html += render_to_string("clips/_comment_form.html", context, request)
    html += render_to_string("clips/_talk_counts.html", context, request)
    response = HttpResponse(html)
    where = f"#replies-{comment.parent_id}" if comment.parent_id else "#talk-list"
    response["HX-Retarget"] = where
    response["HX-Reswap"] = "beforeend" if comment.parent_id else "afterbegin"
    return response


def _refused(request: HttpRequest, clip: Clip, text: str, status: int) -> HttpResponse:
    """The form again with what was typed and why not."""
    context: dict[str, Any] = {
        "clip": _view(request, clip),
        "error": text,
        "typed": request.POST.get("text", ""),
        "parent": _number(request.POST.get("parent")),
        "in_sheet": _by_htmx(request),
    }
    if _by_htmx(request):
        context["talk"] = selectors.Talk("", selectors.CommentPage(), selectors.Door(), clip.comment_count)
        response = render(request, "clips/_comment_form.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        response["HX-Retarget"], response["HX-Reswap"] = "#talk-form", "outerHTML"
        return response
    context |= {"talk": selectors.talk(clip, request.user), "is_first": True}
    return render(request, "clips/comments.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("comment")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET comments/<id>/edit/: the form, for htmx in the place of the comment. POST text."""
    comment = _comment(request, pk)
    if comment.author_id != request.user.pk:
        raise Http404
    context: dict[str, Any] = {"typed": comment.text, "clip": _view(request, comment.clip)}
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            comments.edit_comment(user=request.user, comment_id=pk, text=request.POST.get("text", ""))
        except TalkRefused as refusal:
            context |= {"typed": request.POST.get("text", ""), "error": refusal.detail}
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            return _changed(request, comment, _("Your comment is changed."))
    context["comment"] = selectors.comment_views(Comment.objects.filter(pk=pk), request.user)[0]
    template = "clips/_comment_edit.html" if _by_htmx(request) else "clips/comment_edit.html"
    return render(request, template, context, status=status)


@private
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """GET comments/<id>/: the comment in its place; for htmx alone (an edit that was given up)."""
    comment = _comment(request, pk)
    if not _by_htmx(request):
        return back(request, comment.get_absolute_url())
    return _one(request, comment)


def _one(request: HttpRequest, comment: Comment) -> HttpResponse:
    view = selectors.comment_views(Comment.objects.shown_to(request.user).filter(pk=comment.pk), request.user)
    if not view:
        raise Http404
    context = {"comment": view[0], "clip": _view(request, comment.clip), "in_sheet": True, "is_new": True}
    return render(request, "clips/_comment.html", context)


def _changed(request: HttpRequest, comment: Comment, text: str) -> HttpResponse:
    """The comment as it is now, or a message and the page it stands on."""
    if _by_htmx(request):
        response = _one(request, comment)
        response["HX-Retarget"], response["HX-Reswap"] = f"#comment-{comment.pk}", "outerHTML"
        return response
    messages.success(request, text)
    return back(request, comment.get_absolute_url())


@private
@require_POST
@signed_in
@limited("comment")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comments/<id>/delete/: gone for everyone, and in its place an undo for whoever deleted it."""
    comment = _own_or_hosted(request, pk)
    comments.delete_comment(user=request.user, comment_id=pk)
    if _by_htmx(request):
        comment.clip.refresh_from_db(fields=["comment_count"])
        context = {"comment": comment, "clip": _view(request, comment.clip), "oob": True}
        html = render_to_string("clips/_comment_gone.html", context, request)
        return HttpResponse(html + render_to_string("clips/_talk_counts.html", context, request))
    return back(request, _in_place(comment.clip_id, deleted=pk))


@private
@require_POST
@signed_in
@limited("comment")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comments/<id>/restore/: the deletion undone."""
    comment = _own_or_hosted(request, pk)
    try:
        comments.restore_comment(user=request.user, comment_id=pk)
    except TalkRefused as refusal:
        messages.error(request, refusal.detail)
        return back(request, _in_place(comment.clip_id))
    if _by_htmx(request) and Comment.objects.visible_to(request.user).filter(pk=pk).exists():
        response = _one(request, comment)
        context = {"clip": _view(request, comment.clip), "oob": True}
        response.write(render_to_string("clips/_talk_counts.html", context, request))
        return response
    messages.success(request, _("The comment is back."))
    return back(request, _in_place(comment.clip_id))


def _own_or_hosted(request: HttpRequest, pk: int) -> Comment:
    """A comment that one wrote or that stands on one's clip, deleted or not. Raises: Http404."""
    comment = Comment.objects.select_related("clip").filter(pk=pk).first()
    if comment is None or request.user.pk not in (comment.author_id, comment.clip.author_id):
        raise Http404
    return comment


@private
@require_POST
@signed_in
@limited("comment")
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comments/<id>/pin/ (`pinned` empty: take it down). For the clip's author."""
    comment = _comment(request, pk)
    pinned = bool(request.POST.get("pinned", "1"))
    try:
        comments.pin_comment(user=request.user, comment_id=pk, pinned=pinned)
    except TalkRefused as refusal:
        messages.error(request, refusal.detail)
        return back(request, comment.get_absolute_url())
    if _by_htmx(request):
        # Its place has changed, and another's too: the list again.
        talk = selectors.talk(comment.clip, request.user)
        context = {"clip": _view(request, comment.clip), "talk": talk, "is_first": True, "in_sheet": True}
        return render(request, "clips/_talk.html", context)
    messages.success(request, _("The comment is pinned.") if pinned else _("The comment is not pinned any more."))
    return back(request, _in_place(comment.clip_id))


@private
@require_POST
@signed_in
@limited("like")
def like_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comments/<id>/like/. Repeating it changes nothing."""
    try:
        likes.like_comment(user=request.user, comment_id=pk)
    except Comment.DoesNotExist as error:
        raise Http404 from error
    return _comment_like_changed(request, pk)


@private
@require_POST
@signed_in
@limited("like")
def unlike_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comments/<id>/unlike/: whatever became of the comment."""
    likes.unlike_comment(user=request.user, comment_id=pk)
    return _comment_like_changed(request, pk)


def _comment_like_changed(request: HttpRequest, pk: int) -> HttpResponse:
    comment = Comment.objects.visible_to(request.user).filter(pk=pk).first()
    if comment is None:
        return back(request, "feeds:home")
    if _by_htmx(request):
        view = selectors.comment_views(Comment.objects.filter(pk=pk), request.user)[0]
        return render(request, "clips/_comment_like.html", {"comment": view})
    return back(request, comment.get_absolute_url())
