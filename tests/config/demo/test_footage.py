"""The demo footage: playable clips with sound, the same every time, in loops without a seam."""

from fractions import Fraction

import av
import numpy as np
import pytest

from config.demo.footage import SCENES, drawing, render
from config.demo.footage.synth import LOUDNESS_DBFS

SMALL = (144, 256)


def decode(path):
    """Luma of every frame (n, h, w), samples (channels, m), and the open facts of the file."""
    with av.open(str(path)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        facts = {
            "video": video.codec_context.name,
            "audio": sound.codec_context.name,
            "rate": sound.rate,
            "channels": sound.channels,
            "seconds": float(container.duration / av.time_base),
            "fps": video.average_rate,
        }
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video) if frame.width == SMALL[0]]
        container.seek(0)
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(sound)], axis=1)
    return np.stack(frames).astype(np.float32), samples, facts


@pytest.mark.parametrize("scene", ["balloons", "clay_bounce"])  # one drawn whole, one whose loop is played twice
def test_a_clip_is_what_a_phone_uploads(tmp_path, scene):
    target = tmp_path / "clip.mp4"
    render(scene, target, size=SMALL, fps=12, seconds=2)

    frames, samples, facts = decode(target)

    assert facts["video"] == "h264"
    assert facts["audio"] == "aac"
    assert (facts["rate"], facts["channels"], facts["fps"]) == (48_000, 2, Fraction(12))
    assert facts["seconds"] == pytest.approx(2, abs=0.1)
    assert frames.shape == (24, 256, 144)
    assert frames.mean() > 40
    assert frames.std(axis=(1, 2)).min() > 10, "a frame without a picture"
    assert np.abs(np.diff(frames, axis=0)).mean() > 0.3, "nothing moves"
    level = 20 * np.log10(np.sqrt((samples**2).mean()))
    assert level == pytest.approx(LOUDNESS_DBFS, abs=2.5)
    assert np.abs(samples).max() < 1


def test_a_loop_that_is_played_twice_is_the_same_both_times(tmp_path):
    target = tmp_path / "clip.mp4"
    render("pool_ring", target, size=SMALL, fps=12, seconds=2)

    frames, _, _ = decode(target)

    assert len(frames) == 24
    assert np.array_equal(frames[:12], frames[12:])
    assert not np.array_equal(frames[0], frames[6])


def test_the_same_seed_gives_the_same_file_and_another_seed_another(tmp_path):
    files = []
    for number, seed in enumerate((3, 3, 4)):
        target = tmp_path / f"{number}.mp4"
        render("fireflies", target, size=SMALL, fps=8, seconds=1, seed=seed)
        files.append(target.read_bytes())

    assert files[0] == files[1]
    assert files[0] != files[2]


def test_there_are_enough_scenes_and_some_are_larger():
    assert len(SCENES) >= 34
    assert sum(scene.size == (720, 1280) for scene in SCENES.values()) >= 3
    assert all(width % 16 == 0 and height % 16 == 0 for width, height in (scene.size for scene in SCENES.values()))


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_moves_and_closes_its_loop(name):
    scene = SCENES[name]
    draw = drawing(name, size=SMALL)
    first, soon, half, last = (draw(t) for t in (0.0, 1 / 72, 0.5, 1 - 1e-6))

    for canvas in (first, half):
        for plane in (canvas.y, canvas.u, canvas.v):
            assert plane.dtype == np.float32, "64-bit planes cost twice the time"
            assert np.isfinite(plane).all()
    assert half.y.std() > 4, "an empty picture"
    step = float(np.abs(first.y - soon.y).mean())
    assert step > 0.05, "nothing moves"
    seam = float(np.abs(first.y - last.y).mean())
    assert seam < max(1.5 * step, 0.3), f"the loop jumps ({scene.repeats} a clip)"


def test_odd_sides_are_refused(tmp_path):
    with pytest.raises(ValueError, match="multiples of 16"):
        render("opal", tmp_path / "clip.mp4", size=(145, 256))


def test_an_unknown_scene_is_an_error(tmp_path):
    with pytest.raises(KeyError):
        render("no_such_scene", tmp_path / "clip.mp4")
