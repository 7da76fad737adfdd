"""How static files are named and kept."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, compressed copies, and imports between ES modules rewritten to hashed names."""

    support_js_module_import_aggregation = True
