from django.db import migrations

BATCH = 1_000


def fold_captions(apps, schema_editor):
    """Fill `caption_words` of what is there, batch by batch. Running it again does no harm."""
    Clip = apps.get_model("clips", "Clip")
    field = Clip._meta.get_field("caption_words")
    last = 0
    while rows := list(
        Clip.objects.filter(pk__gt=last).exclude(caption="").only("pk", "caption").order_by("pk")[:BATCH]
    ):
        for clip in rows:
            field.pre_save(clip, False)
        Clip.objects.bulk_update(rows, ["caption_words"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("clips", "0004_caption_words")]

    operations = [migrations.RunPython(fold_captions, migrations.RunPython.noop)]
