"""The conversation on a clip: likes, comments and their counts."""
