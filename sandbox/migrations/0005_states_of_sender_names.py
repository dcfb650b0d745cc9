"""Sender names get statuses; those of the portal's demo are active, as if registered long ago."""

import django.utils.timezone
from django.db import migrations, models


# mps_portal/demo_data.py
DEMO_NAMES = ["Polisa Info", "Twoj Agent", "Nowak OC"]


def add_names(apps, schema_editor):
    sender_name = apps.get_model("sandbox", "SenderName")
    for name in DEMO_NAMES:
        sender_name.objects.get_or_create(name=name)


class Migration(migrations.Migration):

    dependencies = [
        ("sandbox", "0004_demo_operator_secret"),
    ]

    operations = [
        migrations.AddField(
            model_name='panel',
            name='activates_names',
            field=models.BooleanField(default=True, verbose_name='Activate new sender names at once'),
        ),
        migrations.AddField(
            model_name='sendername',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='sendername',
            name='is_default',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='sendername',
            name='status',
            field=models.CharField(choices=[('ACTIVE', 'ACTIVE'), ('PENDING', 'PENDING'), ('REJECTED', 'REJECTED')], default='ACTIVE', max_length=8),
        ),
        migrations.RunPython(add_names, migrations.RunPython.noop),
    ]
