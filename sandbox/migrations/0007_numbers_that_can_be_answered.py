"""The senders that phones can answer: SMSAPI's lent number, and one of the customer's own."""

from django.db import migrations

NAMES = ["2way", "48500000001"]


def add_names(apps, schema_editor):
    sender_name = apps.get_model("sandbox", "SenderName")
    for name in NAMES:
        sender_name.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0006_replies")]

    operations = [migrations.RunPython(add_names, migrations.RunPython.noop)]
