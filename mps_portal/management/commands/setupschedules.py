"""Declare the periodic jobs; part of every deployment."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mps_portal.schedules import set_up_schedules


class Command(BaseCommand):
    help = (
        "Makes the schedules of the queue what mps_portal/schedules.py lists. Harmless to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> str:
        return f"{set_up_schedules()} periodic jobs are scheduled."
