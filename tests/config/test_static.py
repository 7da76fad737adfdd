import json

import pytest
from django.core.management import call_command


@pytest.fixture
def collect(settings, tmp_path):
    """Collect the files of a directory with the storage of a server; the result maps names to hashed names."""
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.static.HashedStaticFilesStorage"}}

    def collect(files: dict[str, str]) -> dict[str, str]:
        for name, text in files.items():
            path = tmp_path / "static" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        call_command("collectstatic", interactive=False, verbosity=0)
        return json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]

    return collect


def test_imports_between_our_modules_get_hashed_names(collect, settings):
    paths = collect(
        {
            "js/app.js": 'import { play } from "./player.js";\nplay();\n',
            "js/player.js": "export function play() {}\n",
        }
    )
    player = paths["js/player.js"].removeprefix("js/")
    assert f'from "./{player}"' in (settings.STATIC_ROOT / paths["js/app.js"]).read_text()


def test_others_minified_files_are_left_alone(collect, settings):
    text = 'var s="import x from \\"/htmx\\";"; import("/htmx")\n'
    paths = collect({"vendor/lib.min.js": text})
    assert (settings.STATIC_ROOT / paths["vendor/lib.min.js"]).read_text() == text
