"""What authors learn about their clips: how they were watched, how far they went, and through whom.

`figures` says what may be shown of a number, `watching` and `spread` read one clip, `overview` all clips of a person.
Numbers are of people other than the author. docs/decisions/0015 says what is counted and what is not told.
"""
