"""The API's own pages: its schema, its documentation, and the answer to addresses that it does not have."""

from __future__ import annotations

import functools
from typing import Any, NoReturn

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


@functools.cache
def _schema() -> Any:
    """The schema is the same for everybody and costs some 0.3 s, so it is made once a process."""
    return SchemaGenerator().get_schema(request=None, public=True)


class _Generator(SchemaGenerator):
    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return _schema()


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
