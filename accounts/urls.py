"""Addresses of people. The profile itself shows clips and reposts: its pages are in `feeds.profile_urls`, and
`config.urls` puts both into the namespace `accounts`."""

from django.urls import path

from .views import account, edges, exports, language, leaving, people, security, settings, watching

app_name = "accounts"
urlpatterns = [
    path("media/avatars/<str:key>.webp", settings.avatar, name="avatar"),
    path("settings/", settings.settings, name="settings"),
    path("settings/language/", language.language, name="language"),
    path("settings/account/", account.account, name="account"),
    path("settings/account/handle/", account.handle, name="handle"),
    path("settings/watching/", watching.watching, name="watching"),
    path("settings/playback/", watching.playback, name="playback"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/log/", security.log, name="security_log"),
    path("settings/security/sessions/", security.end_session, name="end_session"),
    path("settings/security/tokens/new/", security.new_token, name="new_token"),
    path("settings/security/tokens/revoke/", security.revoke_token, name="revoke_token"),
    path("settings/account/export/", exports.export, name="export"),
    path("settings/account/deactivate/", leaving.pause, name="pause"),
    path("settings/account/delete/", leaving.delete, name="delete_account"),
    path("leaving/", leaving.leaving, name="leaving"),
    path("leaving/return/", leaving.come_back, name="return"),
    path("settings/relations/", people.relations, name="relations"),
    path("requests/", people.requests, name="requests"),
    path("welcome/", people.welcome, name="welcome"),
    path("me/", people.own_profile, name="me"),
    path("@<str:username>/followers/", people.followers, name="followers"),
    path("@<str:username>/following/", people.following, name="following"),
    path("@<str:username>/follow/", edges.follow, name="follow"),
    path("@<str:username>/unfollow/", edges.unfollow, name="unfollow"),
    path("@<str:username>/remove-follower/", edges.remove_follower, name="remove_follower"),
    path("@<str:username>/block/", edges.block, name="block"),
    path("@<str:username>/unblock/", edges.unblock, name="unblock"),
    path("@<str:username>/mute/", edges.mute, name="mute"),
    path("@<str:username>/unmute/", edges.unmute, name="unmute"),
]
