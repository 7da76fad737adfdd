"""Every string of a template that a person reads or hears goes through gettext."""

from __future__ import annotations

import pytest
from django.conf import settings

from .templates import bare_strings, faults_in

# Templates of which the strings are still to be put through gettext. Nothing is added here.
PENDING: set[str] = {
    "400.html",
    "500.html",
    "account/login.html",
    "account/logout.html",
    "account/messages/logged_out.txt",
    "account/messages/password_changed.txt",
    "account/signup.html",
    "accounts/_counts.html",
    "accounts/_follow.html",
    "accounts/_more.html",
    "accounts/_person.html",
    "accounts/_tiles.html",
    "accounts/block.html",
    "accounts/people.html",
    "accounts/profile.html",
    "accounts/relations.html",
    "accounts/requests.html",
    "accounts/settings.html",
    "accounts/welcome.html",
    "admin/feeds/_entries.html",
    "clips/_by.html",
    "clips/_caption.html",
    "clips/_follow.html",
    "clips/_stage.html",
    "clips/_state.html",
    "clips/_tile.html",
    "clips/delete.html",
    "clips/detail.html",
    "clips/studio.html",
    "feeds/_pill.html",
    "feeds/_tail.html",
    "partials/field.html",
    "reposts/_audience.html",
    "reposts/_button.html",
    "reposts/_comment.html",
    "reposts/_line.html",
    "reposts/_sheet.html",
    "reposts/list.html",
    "reposts/sheet.html",
}


def test_templates_hold_no_bare_strings():
    faults = [fault for fault in faults_in(settings.BASE_DIR / "templates") if fault.split(":")[0] not in PENDING]
    assert faults == [], "Put these through {% translate %} or {% blocktranslate %}:\n" + "\n".join(faults)


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ name }} follows you</p>",
        '<button aria-label="Close"></button>',
        '<a{% if far %} title="Far away"{% endif %}></a>',
        "<p>{{ name|default:'nobody' }}</p>",
        '<p>{{ on|yesno:"shown,hidden" }}</p>',
        '{% include "a.html" with title="You are early" %}',
        "<b>{{ n }}</b>{{ n|pluralize }}",
        '<time>{{ at|date:"j M Y" }}</time>',
        '<p data-failed-text="It broke"></p>',
        "{% block title %}Sign in · Reprise{% endblock %}",
    ],
)
def test_a_bare_string_is_found(source):
    assert list(bare_strings(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello" %} · @{{ handle }}</p>',
        '<button aria-label="{% translate \'Close\' %}" class="button"></button>',
        "{% blocktranslate count n=n %}{{ n }} clip{% plural %}{{ n }} clips{% endblocktranslate %}",
        '{% include "a.html" with title=_("You are early") icon="plus" %}',
        "{# a note #}{% comment %}another{% endcomment %}",
        '<time datetime="{{ at|date:\'c\' }}">{{ at|date:"DATE_FORMAT" }}</time>',
        '<kbd>Space</kbd><a href="/settings/" aria-pressed="{{ on|yesno:\'true,false\' }}"></a>',
        "{% block page_class %}page--narrow{% endblock %}{% block title %}Reprise{% endblock %}",
    ],
)
def test_what_is_translated_or_not_for_people_passes(source):
    assert list(bare_strings(source)) == []
