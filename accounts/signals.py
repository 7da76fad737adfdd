"""What `accounts` announces, inside the transaction in which it happened.

followed(follow, asked): an edge became accepted: a new follow, or (`asked`) a request that was accepted.
follow_requested(follow): somebody asks to follow a private account.
blocked(block): a block was made.
went_dormant(user_ids): people not seen for ACTIVE_DAYS.
returned(user): a dormant person is back.
handle_changed(user, old, new): `user` has the handle `new` from now on; `old` leads on to them.
departed(user): the person hid their account, for a while or to have it erased; nobody finds it from now on.
came_back(user): a hidden account is to be seen again.
"""

from django.dispatch import Signal

followed = Signal()
follow_requested = Signal()
blocked = Signal()
went_dormant = Signal()
returned = Signal()
handle_changed = Signal()
departed = Signal()
came_back = Signal()
