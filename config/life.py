"""What the API's own plumbing knows about a person: answers that are kept for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts import erasure
from accounts.models import User
from config.models import IdempotentRequest


def erase_kept_answers(user: User) -> Iterator[None]:
    """Answers to the person, to their own sign-up (which had no scope of theirs yet), and whatever is old."""
    yield from erasure.delete_all(IdempotentRequest.objects.filter(scope=f"user:{user.pk}"))
    yield from erasure.delete_all(IdempotentRequest.objects.filter(created_at__lt=timezone.now() - timedelta(days=1)))
    name = f'"username":"{user.username}"'.encode()
    anonymous = IdempotentRequest.objects.filter(scope__startswith="anon:")
    theirs = [row.pk for row in anonymous.iterator(chunk_size=500) if name in bytes(row.body)]
    yield from erasure.delete_all(IdempotentRequest.objects.filter(pk__in=theirs))


def register() -> None:
    """Called once, when the app is ready."""
    erasure.register("kept answers", erase_kept_answers, columns=[])
