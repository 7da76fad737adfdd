"""Addresses of profiles. They belong to the namespace `accounts`: see `config.urls`."""

from django.urls import path

from . import profile_views

urlpatterns = [
    path("@<str:username>/", profile_views.profile, name="profile"),
    path("@<str:username>/reposts/", profile_views.reposts_tab, name="reposts_tab"),
]
