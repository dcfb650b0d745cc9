from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.invoice_audit import find_faults


class Command(BaseCommand):
    help = (
        "Proves that invoices are numbered without gaps, add up, belong to a payment each, and are stored as they "
        "were made. Lists what is wrong, and then ends with an error."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for fault in find_faults():
            self.stderr.write(fault)
            number += 1
        if number:
            raise CommandError(f"{number} faults.")
        self.stdout.write("All invoices are in order.")
