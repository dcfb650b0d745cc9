from django.db import migrations
from django.db.models import OuterRef, Subquery

from messaging.search_words import words_of

CHUNK = 500


def fill_in_agencies(apps, schema_editor):
    """Vehicles and policies are their contact's agency's."""
    contacts = apps.get_model("messaging", "Contact").objects
    agency = Subquery(contacts.filter(pk=OuterRef("contact_id")).values("agency_id"))
    for name in ("Vehicle", "Policy"):
        apps.get_model("messaging", name).objects.update(agency_id=agency)


def fill_in_words(apps, schema_editor):
    """Clients that are in the book already are found by the new search too."""
    word_model = apps.get_model("messaging", "SearchWord")
    contacts = apps.get_model("messaging", "Contact").objects.prefetch_related(
        "vehicles", "policies"
    )
    for contact in contacts.order_by("pk").iterator(chunk_size=CHUNK):
        numbers = [contact.phone, *(v.registration_number for v in contact.vehicles.all())]
        numbers += [policy.number for policy in contact.policies.all()]
        word_model.objects.bulk_create(
            word_model(agency_id=contact.agency_id, contact_id=contact.pk, word=word)
            for word in sorted(words_of(contact.search_name, numbers))
        )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_the_whole_book")]
    operations = [
        migrations.RunPython(fill_in_agencies, migrations.RunPython.noop),
        migrations.RunPython(fill_in_words, migrations.RunPython.noop),
    ]
