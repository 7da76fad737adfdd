"""From drawn planes and samples to the kind of MP4 a phone uploads."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from config.demo.footage.canvas import Canvas
from config.demo.footage.colour import Floats

RATE = 48_000
# Favour speed: the pipeline transcodes every upload again. No scene-cut search, one key frame a loop.
_X264 = {"preset": "ultrafast", "crf": "22", "aq-mode": "1", "x264-params": "scenecut=0:keyint=250"}


def _video_frame(canvas: Canvas, grain: Floats) -> av.VideoFrame:
    frame = av.VideoFrame(canvas.w, canvas.h, "yuv420p" if canvas.sub else "yuv444p")
    # A fixed grain of half a step keeps slow gradients from banding when they are cut to 8 bits.
    luma = canvas.y + grain[: canvas.h, : canvas.w]
    for plane, values, low, high in zip(
        frame.planes, (luma, canvas.u, canvas.v), (16, 16, 16), (235, 240, 240), strict=True
    ):
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        rows[:, : plane.width] = np.clip(values, low, high, out=values if values is luma else None)
    return frame


def write_clip(
    target: Path,
    frames: Iterable[Canvas],
    samples: Floats,
    *,
    size: tuple[int, int],
    fps: int,
    repeats: int = 1,
    seed: int = 0,
) -> None:
    """Encode frames and stereo samples (2, n) in -1..1 at 48 kHz into an H.264/AAC MP4.

    Canvases smaller than `size` are scaled up. With `repeats` the packets of the loop are written again instead of
    being encoded again; that is sound because the loop starts with a key frame and has no B frames.
    """
    width, height = size
    grain = np.random.default_rng(seed).uniform(0, 1, (height, width)).astype(np.float32)
    scaler = VideoReformatter()
    with av.open(str(target), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=fps, options=_X264)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.thread_count = 1  # clips are rendered side by side
        video.codec_context.color_range = 1
        video.codec_context.colorspace = 6
        sound = container.add_stream("aac", rate=RATE, layout="stereo", options={"aac_coder": "fast"})
        sound.bit_rate = 96_000

        packets = []
        count = 0
        for canvas in frames:
            picture = _video_frame(canvas, grain)
            if (picture.width, picture.height) != size or not canvas.sub:
                picture = scaler.reformat(picture, width, height, format="yuv420p", interpolation=Interpolation.BICUBIC)
            picture.pts, picture.time_base = count, Fraction(1, fps)
            packets += video.encode(picture)
            count += 1
        packets += video.encode(None)
        parts = [(bytes(packet), packet.is_keyframe) for packet in packets]
        for turn in range(repeats):
            for number, (data, key) in enumerate(parts):
                packet = av.Packet(data)
                packet.stream, packet.time_base = video, Fraction(1, fps)
                packet.pts = packet.dts = turn * count + number
                packet.duration, packet.is_keyframe = 1, key
                container.mux(packet)

        block = np.ascontiguousarray((samples * 32767).astype(np.int16).T.reshape(1, -1))
        audio = av.AudioFrame.from_ndarray(block, format="s16", layout="stereo")
        audio.sample_rate, audio.pts = RATE, 0
        for packet in [*sound.encode(audio), *sound.encode(None)]:
            container.mux(packet)
