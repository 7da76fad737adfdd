"""What `clips` announces, inside the transaction in which it happened.

clip_published(clip): processing ended well; the clip is visible to its audience from now on.
clip_watched(user, clip): a person watched a clip for the first time.
"""

from django.dispatch import Signal

clip_published = Signal()
clip_watched = Signal()
