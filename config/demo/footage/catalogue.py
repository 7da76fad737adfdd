"""Every clip of the demo by name: which engine draws it, in which colours, and what it sounds like."""

from __future__ import annotations

from config.demo.footage.indoors import INDOORS
from config.demo.footage.outdoors import OUTDOORS
from config.demo.footage.scene import Scene

SCENES: dict[str, Scene] = {**OUTDOORS, **INDOORS}
