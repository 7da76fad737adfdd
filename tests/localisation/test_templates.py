"""Every string of a template that a person reads or hears goes through gettext."""

from __future__ import annotations

import pytest
from django.conf import settings

from .templates import bare_strings, faults_in

# Templates of which the strings are still to be put through gettext. Nothing is added here.
PENDING: set[str] = set()


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
