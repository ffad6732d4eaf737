"""Whatever stands in a document, reading it gives jobs or one clear message, and what comes out is JSON."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from constructs_lib import LakeflowError, read_jobs
from constructs_lib.forms.found import FoundJob
from constructs_lib.forms.rest import rest_shape
from constructs_lib.forms.values import read
from constructs_lib.provider import schema
from constructs_lib.references import terraform_json
from constructs_lib.rules import Form
from tests.support.everything import everything
from tests.support.strange import GARBAGE, strange

pytestmark = pytest.mark.slow

MANY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
WHOLE = [json.loads(json.dumps(terraform_json(job.render()))) for job in everything()]


def read_or_refused(document: object) -> None:
    """Read a document, and render what was read."""
    try:
        jobs = read_jobs(document)
    except LakeflowError as error:
        assert "\n" not in str(error)  # noqa: PT017 (there may be none)
        return
    for job in jobs:
        json.dumps(job.render())


@MANY
@given(data=st.data())
@pytest.mark.parametrize("form", Form)
def test_any_job(form: Form, data: st.DataObject) -> None:
    shape = schema("databricks_job").body if form is Form.TERRAFORM else rest_shape(single_task=False)
    body = data.draw(strange(shape))
    found = FoundJob("x", form, (), body, grants=data.draw(st.none() | st.lists(st.dictionaries(st.text(), GARBAGE))))
    try:
        json.dumps(read(found).render())
    except LakeflowError:
        return


@MANY
@given(GARBAGE)
def test_any_document(document: Any) -> None:
    for wrapped in (document, {"jobs": [document]}, {"resource": {"databricks_job": document}}, {"settings": document}):
        read_or_refused(wrapped)


@MANY
@given(data=st.data())
def test_a_whole_job_with_one_thing_wrong(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(WHOLE)))
    place: Any = document
    for _ in range(data.draw(st.integers(1, 6))):
        inside = place if isinstance(place, dict) else dict(enumerate(place)) if isinstance(place, list) else {}
        if not inside:
            break
        name = data.draw(st.sampled_from(sorted(inside)))
        if data.draw(st.integers(0, 2)) == 0 or not isinstance(inside[name], dict | list):
            place[name] = data.draw(GARBAGE)
            break
        place = inside[name]
    read_or_refused({"resource": {"databricks_job": {"x": document}}})
