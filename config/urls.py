from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("api/v1/health/live", health.LiveView.as_view(), name="health-live"),
    path("api/v1/health/ready", health.ReadyView.as_view(), name="health-ready"),
    path("api/v1/", include("config.api.urls")),
]

handler400 = "config.api.problems.bad_request"
handler500 = "config.api.problems.server_error"
