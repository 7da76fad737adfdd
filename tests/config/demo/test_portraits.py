"""The demo's avatars: distinct, repeatable, quick."""

import time

import numpy as np

from config.demo.portraits import portrait


def test_portraits_are_distinct_and_repeatable():
    pictures = [np.asarray(portrait(seed, 64), dtype=np.int16) for seed in range(48)]

    for number, picture in enumerate(pictures):
        assert picture.shape == (64, 64, 3)
        for other in pictures[:number]:
            assert np.abs(picture - other).mean() > 4, "two people with one face"
    assert np.array_equal(pictures[7], np.asarray(portrait(7, 64)))


def test_a_portrait_is_quick():
    portrait(0)
    start = time.process_time()
    for seed in range(10):
        portrait(seed)
    assert (time.process_time() - start) / 10 < 0.12  # some 0.02 s on a free core
