"""Addresses of static files."""

from __future__ import annotations

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise's, which remembers addresses: a page has two dozen, and they change only with a new start."""

    @lru_cache(maxsize=512)  # noqa: B019  (there is one storage, as long as the process lives)
    def url(self, name: str | None, force: bool = False) -> str:
        """The hashed address."""
        return str(super().url(name, force))
