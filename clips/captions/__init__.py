"""Captions: read strictly, kept in one normal form, a track for each language of a clip.

`webvtt` reads and writes them, `languages` knows the tags, `tracks` keeps them, `editing` is the editor's form.
"""
