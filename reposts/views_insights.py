"""Pages of the author's statistics: one clip, and all of them. Hidden from everybody else."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clips.charts import Chart, Point, bar_chart, line_chart
from clips.models import Clip, WatchSource
from clips.selectors import media_url

from .insights.overview import overview
from .insights.spread import spread
from .insights.watching import DAYS, Day, watching

private = cache_control(private=True, no_store=True)


def _days_or_404(request: HttpRequest) -> int:
    text = request.GET.get("days", str(DAYS[1]))
    if text not in map(str, DAYS):
        raise Http404
    return int(text)


@private
@require_safe
@login_required
def clip_insights(request: HttpRequest, pk: int) -> HttpResponse:
    """GET clips/<id>/insights/?days=…: 404 for everybody but the author, and for what is not published."""
    days, viewer = _days_or_404(request), request.user
    assert viewer.is_authenticated
    clip = Clip.objects.visible_to(viewer).filter(pk=pk, author=viewer).select_related("author").first()
    if clip is None:
        raise Http404
    seen = watching(clip, days=days)
    names = dict(WatchSource.choices)
    context: dict[str, Any] = {
        "clip": clip,
        "poster_url": media_url(clip.pk, "poster.webp"),
        "watching": seen,
        "spread": spread(clip),
        "sources": [(names[name], number) for name, number in seen.sources.parts],
        "retention": _retention_chart(seen.retention) if seen.retention else None,
        "charts": day_charts(seen.days),
        **_period(days),
    }
    return render(request, "clips/insights.html", context)


@private
@require_safe
@login_required
def insights_overview(request: HttpRequest) -> HttpResponse:
    """GET studio/insights/?days=…: all clips of the person who is signed in."""
    days, viewer = _days_or_404(request), request.user
    assert viewer.is_authenticated
    found = overview(viewer, days=days)
    context = {"overview": found, "charts": day_charts(found.days), **_period(days)}
    return render(request, "clips/insights_overview.html", context)


def _period(days: int) -> dict[str, Any]:
    return {"days": days, "periods": [(one, ngettext("%s day", "%s days", one) % one) for one in DAYS]}


def _retention_chart(retention: list[int]) -> Chart:
    points = [Point("0 %", 100, "100 %")]
    points += [Point(f"{tenth * 10} %", value, f"{value} %") for tenth, value in enumerate(retention, start=1)]
    return line_chart(
        "retention",
        _("How far people watched"),
        _("%(half)s percent of the viewers reached the middle of the clip, %(end)s percent its end.")
        % {"half": retention[4], "end": retention[-1]},
        (_("Part of the clip"), _("Viewers who reached it")),
        points,
    )


def day_charts(days: list[Day]) -> list[Chart]:
    """A chart of views, likes and comments each; of those without any there is none."""
    kinds = (
        ("views", _("Views by day"), _("Views")),
        ("likes", _("Likes by day"), _("Likes")),
        ("comments", _("Comments by day"), _("Comments")),
    )
    charts = []
    for key, title, heading in kinds:
        points = []
        for day in days:
            number: int = getattr(day, key)
            points.append(
                Point(date_format(day.day, "MONTH_DAY_FORMAT"), number, number_format(number, force_grouping=True))
            )
        total = sum(point.value for point in points)
        if not total:
            continue
        best = max(points, key=lambda point: point.value)
        description = _("%(total)s in %(days)s days; most on %(day)s: %(number)s.") % {
            "total": number_format(total, force_grouping=True),
            "days": len(points),
            "day": best.label,
            "number": best.text,
        }
        charts.append(bar_chart(key, title, description, (_("Day"), heading), points))
    return charts
