"""What campaigns and messages under way need to go on: chunks, deadlines, the gateway that has them."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F, Sum
from django.utils import timezone

CHUNK = 1000


def fill_campaigns(apps, schema_editor):
    CampaignChunk = apps.get_model("messaging", "CampaignChunk")
    for campaign in apps.get_model("messaging", "Campaign").objects.iterator(chunk_size=20):
        is_open = campaign.state in ("draft", "preparing")
        left = campaign.contact_ids[campaign.num_prepared :] if is_open else []
        CampaignChunk.objects.bulk_create(
            CampaignChunk(
                campaign=campaign, number=start // CHUNK, contact_ids=left[start : start + CHUNK]
            )
            for start in range(0, len(left), CHUNK)
        )
        campaign.parts_prepared = campaign.messages.aggregate(parts=Sum("parts", default=0))["parts"]
        campaign.num_prepared = 0
        campaign.leaves_at = campaign.confirmed_at
        campaign.save(update_fields=["parts_prepared", "num_prepared", "leaves_at"])


def fill_messages(apps, schema_editor):
    messages = apps.get_model("messaging", "Message").objects
    messages.filter(attempts__gt=0).update(gateway="smsapi")
    messages.filter(state="queued").update(deadline_at=F("created_at") + timedelta(hours=24))
    messages.filter(state="sent").update(next_look_up_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("messaging", "0017_the_engine")]

    operations = [
        migrations.RunPython(fill_campaigns, migrations.RunPython.noop),
        migrations.RunPython(fill_messages, migrations.RunPython.noop),
    ]
