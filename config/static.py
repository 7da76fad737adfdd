"""How static files are named and kept."""

from __future__ import annotations

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OUR_MODULES = "js/*.js"


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, compressed copies, and imports between our ES modules rewritten to hashed names.

    Only ours: others' minified files have text that looks like an import and is none.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        OUR_MODULES,
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]
    )
