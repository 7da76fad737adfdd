"""Tables of the API's own plumbing."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IdempotentRequest(models.Model):
    """A POST that was sent with an `Idempotency-Key`, and the answer to it once there is one.

    `scope` is who sent it: `user:<id>`, or a keyed hash of the address for people who are not signed in.
    """

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64, help_text=_("Keyed hash of method, path and body."))
    lease_until = models.DateTimeField(help_text=_("While there is no answer: a request works on it until then."))
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.BinaryField(blank=True, default=b"")
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="config_idempotent_request_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
