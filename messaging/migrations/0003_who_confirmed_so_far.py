from django.db import migrations
from django.db.models import F


def name_the_drafters(apps, schema_editor):
    """Until now whoever drafted a campaign also confirmed it, as far as anybody can tell."""
    campaigns = apps.get_model("messaging", "Campaign").objects.filter(confirmed_at__isnull=False)
    campaigns.update(confirmed_by=F("created_by"))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_confirmed_by")]
    operations = [migrations.RunPython(name_the_drafters, migrations.RunPython.noop)]
