"""Put the icons that the templates name into static/img/icons.svg."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.icons import SPRITE, ids_in_templates, make_sprite
from messaging.state_badges import ICON_IDS


class Command(BaseCommand):
    help = "Writes static/img/icons.svg anew; commit it."

    def handle(self, *args: Any, **options: Any) -> None:
        ids = ids_in_templates() | ICON_IDS
        target = settings.BASE_DIR / "static" / SPRITE
        target.write_text(make_sprite(ids), encoding="utf-8")
        self.stdout.write(f"{len(ids)} icons in {target}")
