"""Clips and what is made and said of them. Who may see which of it is decided in `clips.querysets`."""

from .clip import (
    ALT_TEXT_LENGTH,
    CAPTION_LENGTH,
    LANGUAGE_LENGTH,
    Audience,
    CaptionTrack,
    Clip,
    ClipState,
    CommentPolicy,
    Plan,
    Rendition,
    RepostPolicy,
    Watch,
    WatchSource,
)
from .sends import SEND_TEXT_LENGTH, Conversation, Send, SendReaction
from .tags import HASHTAG_LENGTH, ClipHashtag, Hashtag, Mention
from .talk import COMMENT_LENGTH, Comment, CommentLike, Like

__all__ = [
    "ALT_TEXT_LENGTH",
    "CAPTION_LENGTH",
    "COMMENT_LENGTH",
    "HASHTAG_LENGTH",
    "LANGUAGE_LENGTH",
    "SEND_TEXT_LENGTH",
    "Audience",
    "CaptionTrack",
    "Clip",
    "ClipHashtag",
    "ClipState",
    "Comment",
    "CommentLike",
    "CommentPolicy",
    "Conversation",
    "Hashtag",
    "Like",
    "Mention",
    "Plan",
    "Rendition",
    "RepostPolicy",
    "Send",
    "SendReaction",
    "Watch",
    "WatchSource",
]
