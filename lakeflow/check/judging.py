"""A job held against the schema of its form, the rules, and an environment's policies."""

from dataclasses import replace

from constructs_lib.forms.found import RESOURCE, FoundJob
from constructs_lib.forms.names import normalised, origin
from constructs_lib.forms.rest import beside, rest_shape
from constructs_lib.provider import Shape, problems, schema, shape_problems
from constructs_lib.rules import Finding, Form, Policies, merged, refusal, rule_findings


def judged(job: FoundJob, policies: Policies) -> list[Finding]:
    """Return what is wrong with a job, by where it stands in the document."""
    shape, refused = _refused(job)
    body = normalised(job.body, job.form)
    ruled = [*rule_findings(body, job.form), *policies.findings(body, job.grants)]
    found = merged(refused, [replace(each, path=origin(job.body, job.form, each.path)) for each in ruled], shape)
    return [replace(each, path=(*job.path, *each.path)) for each in policies.judged(found)]


def _refused(job: FoundJob) -> tuple[Shape, list[Finding]]:
    """Return the schema of a job, and what it refuses."""
    if job.form is Form.TERRAFORM:
        return schema(RESOURCE).body, [refusal(problem, job.body) for problem in problems(RESOURCE, job.body)]
    settings = {name: value for name, value in job.body.items() if not beside(name)}
    shape = rest_shape(single_task="tasks" not in settings)
    return shape, [refusal(problem, settings) for problem in shape_problems("job", shape, settings)]
