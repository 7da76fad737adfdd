"""Addresses of clips. The page of one clip is in `feeds.urls`: it shows reposts, which `clips` must not know."""

from django.urls import path

from . import export_files, media_views, views, views_captions, views_detail
from .sends import views as sends

app_name = "clips"
urlpatterns = [
    path("media/clips/<int:pk>/<str:file>", media_views.clip_media, name="media"),
    path("upload/", views.upload, name="upload"),
    path("studio/", views.mine, name="mine"),
    path("clips/<int:pk>/edit/", views.edit, name="edit"),
    path("clips/<int:pk>/delete/", views.delete, name="delete"),
    path("clips/<int:pk>/publish/", views.publish, name="publish"),
    path("clips/<int:pk>/captions/", views_captions.captions, name="captions"),
    path("clips/<int:pk>/captions/<str:language>/", views_captions.caption_track, name="caption_track"),
    path("clips/<int:pk>/captions/<str:language>/delete/", views_captions.delete_captions, name="delete_captions"),
    path("clips/<int:pk>/retry/", views.retry, name="retry"),
    path("clips/<int:pk>/state/", views.state, name="state"),
    path("clips/<int:pk>/send/", sends.send_door, name="send"),
    path("inbox/", sends.conversations, name="inbox"),
    path("inbox/sends/<int:pk>/hide/", sends.hide, name="send_hide"),
    path("inbox/sends/<int:pk>/react/", sends.react, name="send_react"),
    path("inbox/<str:username>/", sends.thread, name="thread"),
    path("inbox/<str:username>/hide/", sends.hide_thread, name="thread_hide"),
    path("clips/<int:pk>/watch/", views_detail.watch, name="watch"),
]
# They belong to the namespace `accounts`: see `config.urls`.
export_patterns = [path("settings/account/export/<int:pk>/", export_files.export_file, name="export_file")]
