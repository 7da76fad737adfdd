"""Search: people, captions and tags by the beginnings of their words, in any script.

The index only proposes ids; `visible_to` of each app disposes. `text` makes words, `index` keeps and asks the index
(the only place that knows SQLite from PostgreSQL), `people`, `clips` and `tags` rank, `recent` remembers.
"""
