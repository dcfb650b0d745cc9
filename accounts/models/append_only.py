"""Rows that are written once: ledger entries and invoices are corrected by new rows, never changed."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class RowIsFinal(Exception):
    """Somebody tried to change or delete a row that the books rest on."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise RowIsFinal(self.model.__name__)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RowIsFinal(self.model.__name__)

    def delete(self) -> NoReturn:
        raise RowIsFinal(self.model.__name__)


class AppendOnlyModel(models.Model):
    """A model whose rows can be inserted and read."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RowIsFinal(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RowIsFinal(type(self).__name__)
