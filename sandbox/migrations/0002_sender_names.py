"""The sender names that are active from the start."""

from django.db import migrations

NAMES = ["Bramka SMS", "Test", "Info"]


def add_names(apps, schema_editor):
    sender_name = apps.get_model("sandbox", "SenderName")
    sender_name.objects.bulk_create(sender_name(name=name) for name in NAMES)


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0001_initial")]

    operations = [migrations.RunPython(add_names, migrations.RunPython.noop)]
