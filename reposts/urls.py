"""Addresses of reposting."""

from django.urls import path

from . import views

app_name = "reposts"
urlpatterns = [
    path("clips/<int:pk>/share/", views.sheet, name="sheet"),
    path("clips/<int:pk>/repost/", views.repost, name="repost"),
    path("clips/<int:pk>/repost/undo/", views.undo, name="undo"),
    path("clips/<int:pk>/reposts/", views.repost_list, name="list"),
    path("reposts/<int:pk>/detach/", views.detach, name="detach"),
]
