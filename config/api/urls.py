"""The addresses of the API, version 1. Here the apps' views meet the plumbing that they may not import."""

from __future__ import annotations

from django.urls import path, re_path
from django.views.generic import RedirectView

from accounts.api import account, edges, security
from accounts.api import views as accounts
from clips import export_files
from clips.api import captions, sends, talk
from clips.api import own as own_clips
from clips.api import views as clips
from config.api import converters, views
from config.api.idempotency import once
from feeds.api import controls, search
from feeds.api import views as feeds
from feeds.notifications.api import views as notifications
from reposts.api import insights
from reposts.api import views as reposts

converters.register()

app_name = "api"
urlpatterns = [
    path("auth/token", accounts.TokenView.as_view(), name="token"),
    path("accounts", once(accounts.AccountsView).as_view(), name="accounts"),
    path("me", accounts.MeView.as_view(), name="me"),
    path("me/pause", account.PauseView.as_view(), name="me-pause"),
    path("me/restore", account.RestoreView.as_view(), name="me-restore"),
    path("me/exports", once(account.ExportsView).as_view(), name="me-exports"),
    path("me/exports/<id:pk>", account.ExportView.as_view(), name="me-export"),
    path("me/exports/<id:pk>/file", export_files.ExportFileView.as_view(), name="me-export-file"),
    path("me/handle", account.HandleView.as_view(), name="me-handle"),
    path("me/security", security.SecurityView.as_view(), name="security"),
    path("me/security/events", security.SecurityEventsView.as_view(), name="security-events"),
    path("me/tokens", security.TokensView.as_view(), name="tokens"),
    path("me/tokens/<id:pk>", security.OwnTokenView.as_view(), name="own-token"),
    path("me/sessions", security.SessionsView.as_view(), name="sessions"),
    path("me/sessions/<id:pk>", security.SessionView.as_view(), name="session"),
    path("me/follow-requests", edges.FollowRequestsView.as_view(), name="follow-requests"),
    path("me/follow-requests/<handle:username>", edges.FollowRequestView.as_view(), name="follow-request"),
    path("users/<handle:username>", accounts.ProfileView.as_view(), name="user"),
    path("users/<handle:username>/clips", reposts.UserClipsView.as_view(), name="user-clips"),
    path("users/<handle:username>/reposts", reposts.UserRepostsView.as_view(), name="user-reposts"),
    path("users/<handle:username>/follow", edges.FollowView.as_view(), name="follow"),
    path("users/<handle:username>/block", edges.BlockView.as_view(), name="block"),
    path("users/<handle:username>/mute", edges.MuteView.as_view(), name="mute"),
    path("clips", once(clips.ClipsView).as_view(), name="clips"),
    path("clips/<id:pk>", reposts.ClipView.as_view(), name="clip"),
    path("clips/<id:pk>/repost", reposts.RepostView.as_view(), name="repost"),
    path("clips/<id:pk>/reposts", reposts.ClipRepostsView.as_view(), name="clip-reposts"),
    path("clips/<id:pk>/like", talk.ClipLikeView.as_view(), name="like"),
    path("clips/<id:pk>/likes", talk.ClipLikesView.as_view(), name="clip-likes"),
    path("clips/<id:pk>/comments", once(talk.CommentsView).as_view(), name="comments"),
    path("comments/<id:pk>", talk.CommentView.as_view(), name="comment"),
    path("comments/<id:pk>/restore", talk.CommentRestoreView.as_view(), name="comment-restore"),
    path("comments/<id:pk>/replies", talk.RepliesView.as_view(), name="replies"),
    path("comments/<id:pk>/like", talk.CommentLikeView.as_view(), name="comment-like"),
    path("comments/<id:pk>/pin", talk.CommentPinView.as_view(), name="comment-pin"),
    path("hashtags/<hashtag:name>", talk.HashtagView.as_view(), name="hashtag"),
    path("hashtags/<hashtag:name>/clips", reposts.HashtagClipsView.as_view(), name="hashtag-clips"),
    path("clips/<id:pk>/watch", clips.WatchView.as_view(), name="watch"),
    path("clips/<id:pk>/media/<media_file:file>", clips.MediaView.as_view(), name="media"),
    path("clips/<id:pk>/publish", own_clips.PublishView.as_view(), name="clip-publish"),
    path("clips/<id:pk>/captions/<language:language>", captions.CaptionsView.as_view(), name="clip-captions"),
    path("clips/<id:pk>/insights", insights.ClipInsightsView.as_view(), name="clip-insights"),
    path("me/insights", insights.OverviewView.as_view(), name="insights"),
    path("me/clips", own_clips.OwnClipsView.as_view(), name="own-clips"),
    path("clips/<id:pk>/why", controls.WhyView.as_view(), name="clip-why"),
    path("me/feed-settings", controls.FeedSettingsView.as_view(), name="feed-settings"),
    path("me/feed-controls", controls.FeedControlsView.as_view(), name="feed-controls"),
    path("me/feed-controls/words", controls.HiddenWordsView.as_view(), name="hidden-words"),
    path("me/feed-controls/clips/<id:pk>", controls.HiddenClipView.as_view(), name="hidden-clip"),
    path("me/feed-controls/fewer/<id:pk>", controls.FewerView.as_view(), name="fewer"),
    path("me/feed-controls/clips-by/<handle:username>", controls.ClipsByView.as_view(), name="clips-by"),
    path("me/feed-controls/reposts-by/<handle:username>", controls.RepostsByView.as_view(), name="reposts-by"),
    path("me/feed-controls/reposts-of/<handle:username>", controls.RepostsOfView.as_view(), name="reposts-of"),
    path("me/feed-controls/<feed_control:reference>", controls.FeedControlView.as_view(), name="feed-control"),
    path("feeds/following", feeds.FollowingView.as_view(), name="following"),
    path("feeds/following/new", feeds.NewCardsView.as_view(), name="following-new"),
    path("feeds/for-you", feeds.ForYouView.as_view(), name="for-you"),
    path("notifications", notifications.NotificationsView.as_view(), name="notifications"),
    path("notifications/read", notifications.NotificationMarksView.as_view(), name="notifications-read"),
    path("notifications/unseen", notifications.UnseenView.as_view(), name="notifications-unseen"),
    path(
        "me/notification-settings",
        notifications.NotificationSettingsView.as_view(),
        name="notification-settings",
    ),
    path("clips/<id:pk>/send", once(sends.SendView).as_view(), name="clip-send"),
    path("inbox", sends.InboxView.as_view(), name="inbox"),
    path("inbox/sends/<id:pk>", sends.SentView.as_view(), name="sent"),
    path("inbox/sends/<id:pk>/reaction", sends.ReactionView.as_view(), name="sent-reaction"),
    path("inbox/<handle:username>", sends.ThreadView.as_view(), name="thread"),
    path("inbox/<handle:username>/read", sends.ThreadReadView.as_view(), name="thread-read"),
    path("search", search.SearchView.as_view(), name="search"),
    path("me/recent-searches", search.RecentSearchesView.as_view(), name="recent-searches"),
    path("me/recent-searches/<id:pk>", search.RecentSearchView.as_view(), name="recent-search"),
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("docs/", views.DocsView.as_view(), name="docs"),
    path("schema", RedirectView.as_view(pattern_name="api:schema")),
    path("docs", RedirectView.as_view(pattern_name="api:docs")),
    re_path("", views.NothingHereView.as_view(), name="nothing"),
]
