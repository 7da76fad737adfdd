from django.db import migrations

BATCH = 1_000


def fold_comments(apps, schema_editor):
    """Fill `comment_words` of what is there, batch by batch. Running it again does no harm."""
    Repost = apps.get_model("reposts", "Repost")
    field = Repost._meta.get_field("comment_words")
    last = 0
    while rows := list(
        Repost.objects.filter(pk__gt=last).exclude(comment="").only("pk", "comment").order_by("pk")[:BATCH]
    ):
        for repost in rows:
            field.pre_save(repost, False)
        Repost.objects.bulk_update(rows, ["comment_words"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("reposts", "0002_comment_words")]

    operations = [migrations.RunPython(fold_comments, migrations.RunPython.noop)]
