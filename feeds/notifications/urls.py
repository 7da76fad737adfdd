"""Addresses of the notifications."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.page, name="list"),
    path("notifications/read/", views.read, name="read"),
    path("notifications/seen/", views.seen, name="seen"),
    path("notifications/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("settings/notifications/", views.settings, name="settings"),
]
