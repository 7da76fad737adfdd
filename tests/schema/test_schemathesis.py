"""Generated requests over the whole schema: whatever comes, no answer is a fault of ours and all are documented."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import views
from tests.factories import (
    ClipFactory,
    CommentFactory,
    FollowFactory,
    RepostFactory,
    UserFactory,
    publish,
    publish_repost,
)

schema = schemathesis.openapi.from_dict(views.schema())
schema.app = get_wsgi_application()
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in (found.ok() for found in schema.get_all_operations())
}
# The same requests everywhere, so that a failure is too.
EXAMPLES = settings(
    max_examples=12, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def kept_connection():
    """The end of a request must not close the connection that holds the test's transaction."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def community(kept_connection, settings, tmp_path):
    """A few people who follow and repost one another. Returns a token and path parameters that exist."""
    settings.MEDIA_ROOT = tmp_path
    people = [UserFactory(username=name) for name in ("ana", "ben", "chloe")]
    for person in people[1:]:
        FollowFactory(follower=people[0], followee=person)
        FollowFactory(follower=person, followee=people[0], accepted_at=None)
    for author in people:
        clip = ClipFactory(author=author, with_files=True)
        publish(clip)
        for person in people:
            if person != author:
                publish_repost(RepostFactory(user=person, clip=clip, comment="look"))
        # Comments under the same numbers as clips: `id` of a path stands for either.
        CommentFactory(pk=clip.pk + 1_000, parent=CommentFactory(pk=clip.pk, clip=clip), text="#mar @ben")
    token = AuthToken.objects.create(user=people[0])[1]
    return token, {"id": clip.pk, "username": "ben", "file": "720.mp4", "name": "mar"}


def requests(operation, known: dict[str, object]) -> st.SearchStrategy[schemathesis.Case]:
    """Requests as the schema allows them and as it does not, to addresses that exist and to others."""
    names = {parameter.name for parameter in operation.path_parameters}
    existing = {name: value for name, value in known.items() if name in names}
    kinds = [operation.as_strategy(), operation.as_strategy(path_parameters=existing)]
    if names or operation.query or operation.body:
        kinds.append(operation.as_strategy(GenerationMode.NEGATIVE))
    if operation.body:
        kinds.append(operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=existing))
    return st.one_of(kinds)


@pytest.mark.parametrize("caller", ["signed in", "anonymous"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent(name, caller, community):
    token, known = community

    @EXAMPLES
    @given(requests(OPERATIONS[name], known))
    def run(case):
        headers = {"Authorization": f"Bearer {token}"} if caller == "signed in" else {}
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()
