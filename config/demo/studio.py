"""The demo's media: footage rendered once, put through the clips' own pipeline, and kept for the next time.

demo-cache/<fingerprint of the code>/<scene>/source.mp4   what a phone would have uploaded
                                            made/…        what the pipeline makes of it
                                            result.json   written last: without it nothing counts as made
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from django.conf import settings

from clips.media import jail, pipeline
from clips.media.limits import MediaError
from config.demo import footage

AT_LEAST = 12  # clips that are made whatever the time: a feed with fewer is no feed
Say = Callable[[str], None]


@cache
def fingerprint() -> str:
    """Changes with the code that draws or converts: what was made before is then made anew."""
    digest = hashlib.sha256(f"{av.__version__} {np.__version__}".encode())
    for package in (footage, pipeline):
        for file in sorted(Path(package.__file__).parent.glob("*.py")):  # type: ignore[arg-type]
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_root() -> Path:
    return Path(settings.VAR_DIR) / "demo-cache" / fingerprint()


def source_of(scene: str) -> Path:
    """The footage of a scene, rendered first when it is not there (some 2 s)."""
    return _render(scene, cache_root() / scene)


def is_made(scene: str) -> bool:
    return (cache_root() / scene / "result.json").exists()


def _render(scene: str, folder: Path) -> Path:
    source = folder / "source.mp4"
    if not source.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"source-{os.getpid()}.part"
        footage.render(scene, unfinished)
        unfinished.replace(source)
    return source


def make(scene: str, folder: Path) -> str:
    """Render a scene and convert it as every upload is converted. Returns its name. Raises: MediaError."""
    result = pipeline.process(_render(scene, folder), folder / "made")
    answer = {
        "renditions": [
            {"name": made.path.name, "short_edge": made.short_edge, "width": made.width, "height": made.height}
            for made in result.renditions
        ],
        "poster": result.poster.name,
        **{name: getattr(result, name) for name in _PLAIN},
    }
    unfinished = folder / "result.part"
    unfinished.write_text(json.dumps(answer))
    unfinished.replace(folder / "result.json")
    return scene


_PLAIN = ("placeholder", "duration_ms", "width", "height", "has_audio", "sha256")


def converter(scene: str) -> Callable[..., pipeline.MediaResult]:
    """A stand-in for `pipeline.process` that hands out what `make` made of this scene."""
    folder = cache_root() / scene

    def convert(source: Path, out_dir: Path, **unused: Any) -> pipeline.MediaResult:
        answer = json.loads((folder / "result.json").read_text())
        files = [item["name"] for item in answer["renditions"]] + [answer["poster"]]
        for name in files:
            _link(folder / "made" / name, out_dir / name)
        return pipeline.MediaResult(
            renditions=[
                pipeline.RenditionFile(
                    path=out_dir / item["name"],
                    short_edge=item["short_edge"],
                    width=item["width"],
                    height=item["height"],
                    bytes=(out_dir / item["name"]).stat().st_size,
                )
                for item in answer["renditions"]
            ],
            poster=out_dir / answer["poster"],
            jail=jail.JailReport(),
            **{name: answer[name] for name in _PLAIN},
        )

    return convert


def _link(source: Path, target: Path) -> None:
    """Nobody writes into a published file, so the cache and the site can share its bytes."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def prepare(scenes: Sequence[str], *, workers: int, seconds: float, say: Say) -> list[str]:
    """Make what is not in the cache, in this order, and stop to begin new ones after `seconds`.

    Returns the scenes that are there now, at least the first AT_LEAST of them. `workers` is the number of
    processes; 0 makes them in this one. A scene that fails is named and left out."""
    _forget_other_versions()
    waiting = deque(scene for scene in scenes if not is_made(scene))
    if waiting:
        have = len(scenes) - len(waiting)
        say(f"Drawing and converting {len(waiting)} clips; they are kept for the next time.")
        for count, scene in enumerate(_make_all(waiting, workers, seconds, AT_LEAST - have, say), have + 1):
            say(f"  {count:>2} of {len(scenes)}  {scene}")
    return [scene for scene in scenes if is_made(scene)]


def _make_all(waiting: deque[str], workers: int, seconds: float, at_least: int, say: Say) -> Iterator[str]:
    deadline = time.monotonic() + seconds
    made = 0
    with _pool(workers) as submit:
        running: dict[Future[str], str] = {}
        while True:
            while waiting and len(running) < max(workers, 1) and (time.monotonic() < deadline or made < at_least):
                scene = waiting.popleft()
                running[submit(scene, cache_root() / scene)] = scene
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                scene = running.pop(future)
                try:
                    yield future.result()
                    made += 1
                except (MediaError, OSError, ValueError) as error:
                    say(f"  {scene} could not be made: {error}")


@contextmanager
def _pool(workers: int) -> Iterator[Callable[[str, Path], Future[str]]]:
    """How to have a scene made. Processes do media only: all rows are written by the one that asks."""
    if not workers:
        yield _at_once
        return
    # Not forked: a copy of this process would share its database connection.
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_leave_signals)
    try:
        yield lambda scene, folder: pool.submit(make, scene, folder)
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _at_once(scene: str, folder: Path) -> Future[str]:
    future: Future[str] = Future()
    try:
        future.set_result(make(scene, folder))
    except (MediaError, OSError, ValueError) as error:
        future.set_exception(error)
    return future


def _leave_signals() -> None:
    """Ctrl-C reaches the whole terminal; the process that asked ends us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _forget_other_versions() -> None:
    root = cache_root()
    others: Iterable[Path] = root.parent.glob("*") if root.parent.exists() else ()
    for folder in others:
        if folder != root:
            shutil.rmtree(folder, ignore_errors=True)
