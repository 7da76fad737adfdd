"""Addresses of the feeds, and of the page of one clip.

`clip_patterns` belong to the namespace `clips`; they are here because the page shows reposts and reasons, which
`clips` must not know. `config.urls` puts them together.
"""

from django.urls import path

from . import views, views_clip, views_controls, views_live
from .search import views as search

app_name = "feeds"
urlpatterns = [
    path("", views.home, name="home"),
    path("following/", views.following, name="following"),
    path("following/new/", views.new, name="new"),
    path("for-you/", views.for_you, name="for_you"),
    path("clips/<int:pk>/why/", views_controls.why, name="why"),
    path("settings/feed/", views_controls.page, name="controls"),
    path("settings/feed/hide/", views_controls.hide, name="hide"),
    path("settings/feed/undo/", views_controls.undo, name="undo_control"),
    path("live/", views_live.live, name="live"),
    path("search/", search.results, name="search"),
    path("search/suggest/", search.suggest, name="search_suggest"),
    path("search/recent/", search.change_recent, name="search_recent"),
]
clip_patterns = [
    path("clips/<int:pk>/", views_clip.clip_detail, name="detail"),
]
