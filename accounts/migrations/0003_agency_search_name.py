from django.db import migrations, models

from accounts.folding import fold


def fill_in(apps, schema_editor):
    for agency in apps.get_model("accounts", "Agency").objects.only("name").iterator():
        agency.search_name = fold(agency.name)[:800]
        agency.save(update_fields=["search_name"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people_events_and_mails")]
    operations = [
        migrations.AddField(
            model_name="agency",
            name="search_name",
            field=models.CharField(default="", editable=False, max_length=800),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
