"""Addresses of reposting, and of the author's statistics.

`clip_patterns` belong to the namespace `clips`; they are here because statistics count reposts, which `clips` must
not know. `config.urls` puts them together.
"""

from django.urls import path

from . import views, views_insights

app_name = "reposts"
urlpatterns = [
    path("clips/<int:pk>/share/", views.sheet, name="sheet"),
    path("clips/<int:pk>/repost/", views.repost, name="repost"),
    path("clips/<int:pk>/repost/undo/", views.undo, name="undo"),
    path("clips/<int:pk>/reposts/", views.repost_list, name="list"),
    path("reposts/<int:pk>/detach/", views.detach, name="detach"),
]
clip_patterns = [
    path("clips/<int:pk>/insights/", views_insights.clip_insights, name="insights"),
    path("studio/insights/", views_insights.insights_overview, name="insights_overview"),
]
