"""What `reposts` announces, inside the transaction in which it happened.

reposted(repost): a clip was passed on. `feeds` appends its Activity row here.
repost_undone(repost): it was taken back. Reads hide it already; this is for counts and notices.
"""

from django.dispatch import Signal

reposted = Signal()
repost_undone = Signal()
