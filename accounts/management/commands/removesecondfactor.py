"""Let somebody back in who lost telephone, passkeys and recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.helping import remove_second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Take the second factor off somebody who lost it and the recovery codes. Make sure first who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> str:
        person = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if person is None:
            raise CommandError("Nobody logs in with this e-mail.")
        if not remove_second_factor(person):
            raise CommandError("This person has no second factor.")
        return "Removed. They log in with the password alone; a mail tells them so."
