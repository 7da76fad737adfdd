"""The API's own pages: its schema, its documentation, and the answer to addresses that it does not have."""

from __future__ import annotations

import functools
import threading
from typing import Any, NoReturn

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

_making = threading.Lock()


def schema() -> Any:
    """The OpenAPI document. The same for everybody, in English, and some 0.3 s of work: made once a process."""
    # drf-spectacular loads its extensions on first use, which fails in two threads at once.
    with _making, translation.override("en"):
        return _made()


@functools.cache
def _made() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


class _Generator(SchemaGenerator):
    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return schema()


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or JSON."""

    generator_class = _Generator
    authentication_classes = ()


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own server; its script comes from an address of its own, so the CSP allows no inline one."""

    authentication_classes = ()
    url_name = "api:schema"
    template_name = "api/docs.html"


@extend_schema(exclude=True)
class NothingHereView(APIView):
    """Every other address below the prefix, whatever the method."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotFound
