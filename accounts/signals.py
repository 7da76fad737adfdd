"""What `accounts` announces, inside the transaction in which it happened.

followed(follow): an edge became accepted (a new follow, or a request that was accepted).
went_dormant(user_ids): people not seen for ACTIVE_DAYS.
returned(user): a dormant person is back.
"""

from django.dispatch import Signal

followed = Signal()
went_dormant = Signal()
returned = Signal()
