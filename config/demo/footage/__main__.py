"""Render every scene with timings, or a contact sheet: `python -m config.demo.footage OUT_DIR [--contact-sheet F]`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import av
import numpy as np
from PIL import Image

from config.demo.footage import SCENES, drawing, render
from config.demo.footage.canvas import Canvas


def picture(canvas: Canvas, size: tuple[int, int]) -> Image.Image:
    """A canvas as an RGB picture of the given size."""
    frame = av.VideoFrame(canvas.w, canvas.h, "yuv420p" if canvas.sub else "yuv444p")
    for plane, values in zip(frame.planes, (canvas.y, canvas.u, canvas.v), strict=True):
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        rows[:, : plane.width] = np.clip(values, 16, 240)
    return Image.fromarray(frame.to_ndarray(format="rgb24")).resize(size, Image.Resampling.LANCZOS)


def contact_sheet(target: Path, names: list[str], moments: list[float], columns: int = 10, width: int = 180) -> None:
    """Write one row-major sheet with a frame of each scene at each moment."""
    cells = []
    for name in names:
        draw = drawing(name)
        cells += [picture(draw(t), (width, width * 16 // 9)) for t in moments]
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (columns * (width + 4), rows * (width * 16 // 9 + 4)), "#181818")
    for number, cell in enumerate(cells):
        sheet.paste(cell, (number % columns * (width + 4), number // columns * (width * 16 // 9 + 4)))
    sheet.save(target)


def main() -> None:
    """Parse the command line and work through the scenes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", help="folder for the clips")
    parser.add_argument("--contact-sheet", type=Path, help="write a PNG with a frame of each scene")
    parser.add_argument("--at", type=float, nargs="+", default=[0.0], help="moments of the loop in the sheet, 0..1")
    parser.add_argument("--only", nargs="+", default=list(SCENES), help="names of scenes")
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--width", type=int, default=180)
    options = parser.parse_args()
    if options.contact_sheet:
        contact_sheet(options.contact_sheet, options.only, options.at, options.columns, options.width)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        total = 0.0
        sys.stdout.write(f"{'scene':<22}{'CPU s':>7}{'kB':>7}\n")
        for name in options.only:
            target = options.out / f"{name}.mp4"
            start = time.process_time()
            render(name, target)
            spent = time.process_time() - start
            total += spent
            sys.stdout.write(f"{name:<22}{spent:7.2f}{target.stat().st_size / 1000:7.0f}\n")
            sys.stdout.flush()
        sys.stdout.write(f"{'all ' + str(len(options.only)):<22}{total:7.2f}\n")


if __name__ == "__main__":
    main()
