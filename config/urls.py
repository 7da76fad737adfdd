"""All addresses of the site. Where a page of one namespace shows what lies above its app, it is wired in here."""

from django.contrib import admin
from django.urls import include, path

import accounts.urls
import clips.urls
from config import health
from feeds import profile_urls
from feeds.urls import clip_patterns

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("api/v1/health/live", health.LiveView.as_view(), name="health-live"),
    path("api/v1/health/ready", health.ReadyView.as_view(), name="health-ready"),
    path("api/v1/", include("config.api.urls")),
    path("", include(([*clips.urls.urlpatterns, *clip_patterns], "clips"))),
    path("", include("reposts.urls")),
    path("", include(([*accounts.urls.urlpatterns, *profile_urls.urlpatterns], "accounts"))),
    path("", include("feeds.notifications.urls")),
    path("", include("feeds.urls")),
]

handler400 = "config.api.problems.bad_request"
handler500 = "config.api.problems.server_error"
