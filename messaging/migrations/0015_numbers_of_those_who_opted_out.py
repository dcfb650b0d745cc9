"""Puts the numbers of clients who opted out so far on the list that outlives them."""

from django.db import migrations


def list_numbers(apps, schema_editor):
    contact = apps.get_model("messaging", "Contact")
    number = apps.get_model("messaging", "OptedOutNumber")
    step = apps.get_model("messaging", "OptOutStep")
    out = contact.objects.exclude(opted_out_at=None).exclude(phone="")
    rows = list(out.values_list("agency_id", "phone", "opted_out_at"))
    number.objects.bulk_create(
        (number(agency_id=agency, phone=phone, at=at) for agency, phone, at in rows),
        ignore_conflicts=True,
    )
    step.objects.bulk_create(
        step(agency_id=agency, phone=phone, is_out=True, at=at) for agency, phone, at in rows
    )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0014_cancelled_and_opt_out_history")]

    operations = [migrations.RunPython(list_numbers, migrations.RunPython.noop)]
