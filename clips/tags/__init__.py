"""What texts point to: hashtags and mentions, found, kept, and shown as links."""
