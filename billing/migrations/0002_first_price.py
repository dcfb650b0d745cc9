from datetime import date

from django.db import migrations


def add_first_price(apps, schema_editor):
    """0,29 zł gross for an SMS part, as the manual of the original module says."""
    part_price = apps.get_model("billing", "PartPrice")
    part_price.objects.create(agency=None, valid_from=date(2026, 1, 1), price=29)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunPython(add_first_price, migrations.RunPython.noop)]
