"""What `clips` announces, inside the transaction in which it happened.

clip_published(clip): the clip is visible to its audience from now on. Sent once, when processing ended well or, for
    a draft or scheduled clip, when it was published; `published_at` is that time.
clip_watched(user, clip, via_id): a person watched a clip for the first time; `via_id` is the repost that, as their
    player says, brought it to them (None, or any number: receivers check it).
clip_failed(clip): processing ended badly; `failure_code` says why.
clip_progressed(clip): processing began, or got further.
liked(like): a person likes a clip. Taking it back deletes the row `like` and is not announced.
commented(comment): a comment, or with `comment.parent` a reply, was written. Deleting sets `deleted_at`.
comment_liked(like): a person likes a comment (`CommentLike`).
mentioned(mention): somebody is named in the caption of a published clip, or in a comment (`mention.comment`). Also
by an edit that adds the name. Says nothing of whether that person may see the text: ask the rules when telling them.
clip_sent(send): a person sent a clip to another one (`Send`). Whether the recipient may see the clip is asked when it
is shown.
tagged(clip, hashtag_ids): the caption of a published clip carries these hashtags, which it did not
before.
"""

from django.dispatch import Signal

clip_published = Signal()
clip_failed = Signal()
clip_progressed = Signal()
clip_watched = Signal()
liked = Signal()
commented = Signal()
comment_liked = Signal()
mentioned = Signal()
clip_sent = Signal()
tagged = Signal()
