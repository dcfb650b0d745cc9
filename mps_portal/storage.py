"""Static files under hashed names, for browsers to keep for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also follows the imports of our JavaScript modules, which must find each other under their hashed names."""

    support_js_module_import_aggregation = True
