"""Addresses of clips. The page of one clip is in `feeds.urls`: it shows reposts, which `clips` must not know."""

from django.urls import path

from . import export_files, media_views, views, views_captions, views_detail, views_public
from .sends import views as sends
from .tags import views as tag_views
from .talk import views as talk_views

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
    path("embed/<int:pk>/", views_public.embed, name="embed"),
    path("oembed", views_public.oembed, name="oembed"),
    path("clips/<int:pk>/send/", sends.send_door, name="send"),
    path("inbox/", sends.conversations, name="inbox"),
    path("inbox/sends/<int:pk>/hide/", sends.hide, name="send_hide"),
    path("inbox/sends/<int:pk>/react/", sends.react, name="send_react"),
    path("inbox/<str:username>/", sends.thread, name="thread"),
    path("inbox/<str:username>/hide/", sends.hide_thread, name="thread_hide"),
    path("clips/<int:pk>/watch/", views_detail.watch, name="watch"),
    path("clips/<int:pk>/like/", talk_views.like, name="like"),
    path("clips/<int:pk>/unlike/", talk_views.unlike, name="unlike"),
    path("clips/<int:pk>/likes/", talk_views.clip_likes, name="likes"),
    path("clips/<int:pk>/comments/", talk_views.clip_comments, name="comments"),
    path("comments/<int:pk>/", talk_views.show, name="comment"),
    path("comments/<int:pk>/replies/", talk_views.comment_replies, name="replies"),
    path("comments/<int:pk>/edit/", talk_views.edit, name="edit_comment"),
    path("comments/<int:pk>/delete/", talk_views.delete, name="delete_comment"),
    path("comments/<int:pk>/restore/", talk_views.restore, name="restore_comment"),
    path("comments/<int:pk>/pin/", talk_views.pin, name="pin_comment"),
    path("comments/<int:pk>/like/", talk_views.like_comment, name="like_comment"),
    path("comments/<int:pk>/unlike/", talk_views.unlike_comment, name="unlike_comment"),
    path("tags/<str:name>/", tag_views.hashtag, name="hashtag"),
    path("mentionable/", tag_views.mentionable, name="mentionable"),
]
# They belong to the namespace `accounts`: see `config.urls`.
export_patterns = [path("settings/account/export/<int:pk>/", export_files.export_file, name="export_file")]
