from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.utils import timezone


def fill_in_due_dates(apps, schema_editor):
    """As messaging/due_dates.py does. There are no instalments yet."""
    today = timezone.localdate()
    contact_model = apps.get_model("messaging", "Contact")
    own = {"contact": OuterRef("pk")}
    policies = apps.get_model("messaging", "Policy").objects.filter(**own, ends_on__gte=today)
    vehicles = apps.get_model("messaging", "Vehicle").objects.filter(
        **own, inspection_due__gte=today
    )
    contact_model.objects.update(
        next_end_on=Subquery(policies.order_by("ends_on").values("ends_on")[:1]),
        next_inspection_on=Subquery(
            vehicles.order_by("inspection_due").values("inspection_due")[:1]
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0008_due_dates_and_lists")]
    operations = [
        migrations.RunPython(fill_in_due_dates, migrations.RunPython.noop),
    ]
