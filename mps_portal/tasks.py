"""Background jobs of the portal. The queue holds these dotted names: a renamed function must keep its old name too."""

from __future__ import annotations

from accounts import data_exports
from accounts.jobs import enqueue
from mps_portal import data_export, expired_cache


def make_data_export(export_id: int) -> bool:
    """Make the archive of an agency's data."""
    return data_export.make(export_id)


def sweep_data_exports() -> int:
    """Queue what waits or was left by a dead worker, give up on what cannot be made, delete what expired. Periodic."""
    data_exports.give_up()
    data_exports.drop_expired()
    due = data_exports.due()
    for export_id in due:
        enqueue("mps_portal.tasks.make_data_export", export_id)
    return len(due)


def forget_expired_cache() -> int:
    """Delete cached answers whose time is over. Periodic."""
    return expired_cache.forget_expired()
