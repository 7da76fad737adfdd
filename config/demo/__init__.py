"""The demo community: its people, pictures and clips."""
