"""Where the bytes lie: private, below MEDIA_ROOT, and nothing left behind."""

import os
import shutil
import time
from datetime import timedelta

import pytest

from clips import files
from clips.exceptions import StorageFull


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def everything(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_an_original_is_kept_whole_and_private(root):
    name = files.store_original([b"one ", b"two"], size=7)
    assert files.absolute(name).read_bytes() == b"one two"
    assert files.absolute(name).parent.stat().st_mode & 0o777 == 0o700
    assert files.store_original([b"one "], size=4) != name
    files.delete_folder(name)
    files.delete_folder(name)
    files.delete_folder("")
    assert len([path for path in root.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["../secret", "clips/../../secret", "/etc/passwd"])
def test_no_name_leads_outside(name):
    with pytest.raises(ValueError, match="not below MEDIA_ROOT"):
        files.absolute(name)


def broken(error):
    yield b"the first part"
    raise error


@pytest.mark.parametrize(
    ("error", "raised"), [(OSError(28, "full"), StorageFull), (RuntimeError("gone"), RuntimeError)]
)
def test_an_upload_that_breaks_off_leaves_nothing(root, error, raised):
    with pytest.raises(raised):
        files.store_original(broken(error), size=100)
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert list((root / "originals").iterdir()) == []


def test_a_disk_that_is_almost_full_takes_no_upload(root, monkeypatch):
    left = files.RESERVE_BYTES + 99
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12 - left, left))
    with pytest.raises(StorageFull) as refusal:
        files.store_original([b"x" * 100], size=100)
    assert refusal.value.code == "storage_full"
    assert everything(root) == []
    assert files.store_original([b"x" * 99], size=99)


def test_scratch_of_killed_workers_goes_after_a_day(root):
    clips = root / "clips"
    for name in (".media-new-old/part.mp4", "aaaa/720.mp4", "bbbb/", ".media-jail-new/x"):
        path = clips / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True)
        if not name.endswith("/"):
            path.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 24 * 3600
    for name in (".media-new-old", "aaaa", "bbbb"):
        os.utime(clips / name, (two_days_ago, two_days_ago))
    assert files.erase_scratch(older_than=timedelta(days=1)) == 2
    assert sorted(path.name for path in clips.iterdir()) == [".media-jail-new", "aaaa"]
