"""The tool that keeps translations in step with the code."""

from tests import messages


def ids():
    return [message.id for message in messages.template()]


def test_strings_are_found_in_code_and_in_templates():
    found = ids()
    assert "As my browser asks" in found  # accounts/forms.py, lazy
    assert "Times are shown on this clock; it is %(clock)s there now." in found  # blocktranslate


def test_what_is_not_translated_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "folder", lambda language: tmp_path / language)
    catalog = messages.update("ar")
    messages.save("ar", catalog)
    assert "not translated: 'As my browser asks'" in messages.problems("ar")
    for message in catalog:
        message.string = message.id if isinstance(message.id, str) else (message.id[1],) * 6
    messages.save("ar", catalog)
    assert messages.problems("ar") == []


def test_a_translation_may_not_lose_or_invent_a_placeholder(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "folder", lambda language: tmp_path / language)
    catalog = messages.update("ar")
    text = "Times are shown on this clock; it is %(clock)s there now."
    for wrong in ("no clock", "%(clock)s %(hour)s"):
        catalog[text].string = wrong
        messages.save("ar", catalog)
        assert f"other placeholders than ['%(clock)s']: {text!r}" in messages.problems("ar")


def test_a_compiled_file_that_is_behind_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "folder", lambda language: tmp_path / language)
    catalog = messages.update("ar")
    messages.save("ar", catalog)
    text = (tmp_path / "ar" / "django.po").read_text()
    (tmp_path / "ar" / "django.po").write_text(text.replace('msgid "Save"\nmsgstr ""', 'msgid "Save"\nmsgstr "حفظ"'))
    assert "django.mo is not what django.po says: run `make messages`" in messages.problems("ar")
