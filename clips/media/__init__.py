"""Turning an untrusted upload into safe, playable files.

Pure: paths in, files and dataclasses out; no models, no settings. `pipeline` is the door for making
files, `serving` for sending them. Nothing here decides who may see a clip.
"""
