"""The site with one more address: a signed-in DRF view that answers fixed bytes, the floor of any API page."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from config.urls import urlpatterns as site

held: dict[str, bytes] = {"content": b"{}"}


class FromMemory(APIView):
    """Default authentication, permission and throttling; no query of its own."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(held["content"], content_type="application/json")


urlpatterns = [path("bench/memory", FromMemory.as_view()), *site]
