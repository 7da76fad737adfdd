"""All addresses of the site. Where a page of one namespace shows what lies above its app, it is wired in here."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

import accounts.urls
import clips.urls
from config import health, robots, views
from feeds import profile_urls
from feeds.urls import clip_patterns
from reposts.urls import clip_patterns as insight_patterns

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path("admin/", admin.site.urls),
    # allauth goes back to these two after every change: ours is one page for all of it.
    path("account/2fa/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_index"),
    path("account/2fa/webauthn/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_list_webauthn"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),
    path("favicon.ico", views.favicon),
    path("api/v1/health/live", health.LiveView.as_view(), name="health-live"),
    path("api/v1/health/ready", health.ReadyView.as_view(), name="health-ready"),
    path("api/v1/", include("config.api.urls")),
    path("", include(([*clips.urls.urlpatterns, *clip_patterns, *insight_patterns], "clips"))),
    path("", include("reposts.urls")),
    path(
        "", include(([*accounts.urls.urlpatterns, *profile_urls.urlpatterns, *clips.urls.export_patterns], "accounts"))
    ),
    path("", include("feeds.notifications.urls")),
    path("", include("feeds.urls")),
]

handler400 = "config.api.problems.bad_request"
handler500 = "config.api.problems.server_error"
