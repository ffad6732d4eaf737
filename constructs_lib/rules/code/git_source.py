"""Rules of the job's Git source: its address, its provider, its version.

https://docs.databricks.com/aws/en/jobs/git
"""

import re
from collections.abc import Iterator

from constructs_lib.errors import nearest
from constructs_lib.rules.code.examples import GIT_PAGE, GOOD, JOBS_API, git_job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Body, Job, said, text
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import IN_TERRAFORM, Form, Rule

MEASURED = "measured with provider 1.128.0"
PROVIDERS = (
    "gitHub",
    "gitHubEnterprise",
    "gitLab",
    "gitLabEnterpriseEdition",
    "bitbucketCloud",
    "bitbucketServer",
    "azureDevOpsServices",
    "awsCodeCommit",
)
_CANONICAL = {name.casefold(): name for name in PROVIDERS}
HOSTS = {
    "github.com": "gitHub",
    "gitlab.com": "gitLab",
    "bitbucket.org": "bitbucketCloud",
    "dev.azure.com": "azureDevOpsServices",
}
_REFERENCES = ("branch", "tag", "commit")
_FAMILIES = ("github", "gitlab", "bitbucket", "azure", "aws")
_COMMIT = re.compile(r"[0-9a-fA-F]{4,64}")


def _reference(job: Job) -> Iterator[Hit]:
    git = job.block("git_source")
    if git and not any(said(git.get(name)) and git.get(name) != "" for name in _REFERENCES):
        yield Hit(("git_source",), "git_source: no branch, tag or commit", "write one of branch, tag, commit")


def _references(job: Job) -> Iterator[Hit]:
    git = job.block("git_source")
    given = [name for name in _REFERENCES if said(git.get(name)) and git.get(name) != ""]
    for name in given[1:]:
        yield Hit(
            ("git_source", name),
            f"git_source: {name} {shown(git[name])} beside {given[0]} {shown(git[given[0]])}",
            "keep one of them",
        )


def _commit(job: Job) -> Iterator[Hit]:
    commit = text(job.block("git_source").get("commit"))
    if commit and not _COMMIT.fullmatch(commit):
        yield Hit(
            ("git_source", "commit"),
            f"git_source: commit {shown(commit)} is no hash",
            "write the commit's hash, or branch or tag for a name",
        )


def _provider(job: Job) -> Iterator[Hit]:
    provider = text(job.block("git_source").get("provider"))
    if provider and provider.casefold() not in _CANONICAL:
        near = nearest(provider.casefold(), _CANONICAL)
        yield Hit(
            ("git_source", "provider"),
            f"git_source: provider {shown(provider)} is none of {', '.join(PROVIDERS)}",
            f"write {_CANONICAL[near]}" if near else f"write one of {', '.join(PROVIDERS)}",
        )


def _spelling(job: Job) -> Iterator[Hit]:
    provider = text(job.block("git_source").get("provider"))
    canonical = _CANONICAL.get(provider.casefold()) if provider else None
    if canonical and canonical != provider:
        yield Hit(
            ("git_source", "provider"),
            f"git_source: provider {shown(provider)} comes back as {canonical}, and every plan differs",
            f"write {canonical}",
        )


def _no_provider(job: Job) -> Iterator[Hit]:
    git = job.block("git_source")
    if git and git.get("provider") in (None, ""):
        guess = HOSTS.get(_host(git) or "")
        yield Hit(
            ("git_source",) if git.get("provider") is None else ("git_source", "provider"),
            "git_source: no provider",
            f"write provider = {guess}" if guess else f"write provider, one of {', '.join(PROVIDERS)}",
        )


def _host(git: Body) -> str | None:
    url = text(git.get("url"))
    if url is None or "://" not in url:
        return None
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()


def _other_host(job: Job) -> Iterator[Hit]:
    git = job.block("git_source")
    provider, host = text(git.get("provider")), _host(git) if git else None
    expected = HOSTS.get(host or "")
    if not provider or not expected or provider.casefold() not in _CANONICAL:
        return
    if _family(provider) != _family(expected):
        yield Hit(
            ("git_source", "provider"),
            f"git_source: provider {shown(provider)}, but the repository is on {host}",
            f"write provider = {expected}",
        )


def _family(provider: str) -> str | None:
    return next((name for name in _FAMILIES if provider.casefold().startswith(name)), None)


def _url(job: Job) -> Iterator[Hit]:
    git = job.block("git_source")
    url = text(git.get("url"))
    if url is not None and not (url.lower().startswith("https://") and len(url) > len("https://")):
        yield Hit(
            ("git_source", "url"),
            f"git_source: url {shown(url)} does not start with https://" if url else "git_source: url is empty",
            "write the HTTPS address for cloning, such as https://github.com/owner/repository",
        )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF721",
        severity=Severity.ERROR,
        title="A Git source without branch, tag or commit",
        why="Exactly one of them says which version runs.",
        source=GIT_PAGE,
        bad=git_job(branch=None),
        good=GOOD,
        job=_reference,
        blocks=("git_source",),
    ),
    Rule(
        code="LF722",
        severity=Severity.ERROR,
        title="Two of branch, tag and commit",
        why="Exactly one of them says which version runs; they exclude each other.",
        source=JOBS_API,
        bad=git_job(tag="v1"),
        good=git_job(branch=None, tag="v1"),
        job=_references,
        blocks=("git_source",),
    ),
    Rule(
        code="LF723",
        severity=Severity.WARNING,
        title="A commit that is no hash",
        why="commit is a hash; names of branches and tags have attributes of their own.",
        source=GIT_PAGE,
        bad=git_job(branch=None, commit="main"),
        good=git_job(branch=None, commit="e0056d01"),
        job=_commit,
        blocks=("git_source",),
    ),
    Rule(
        code="LF724",
        severity=Severity.ERROR,
        title="No such Git provider",
        why="The API knows eight providers, and refuses any other.",
        source=JOBS_API,
        bad=git_job(provider="gitea"),
        good=GOOD,
        job=_provider,
        blocks=("git_source",),
    ),
    Rule(
        code="LF725",
        severity=Severity.WARNING,
        title="A Git provider in other letters",
        why="The API takes any case and answers in its own, so that every plan shows a difference.",
        source=MEASURED,
        bad=git_job(provider="github"),
        good=GOOD,
        job=_spelling,
        blocks=("git_source",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF726",
        severity=Severity.ERROR,
        title="No Git provider",
        why='"git_source.git_provider must be one of …"',
        source=JOBS_API,
        bad=git_job(provider=None),
        good=GOOD,
        job=_no_provider,
        blocks=("git_source",),
        forms=frozenset({Form.REST}),
    ),
    Rule(
        code="LF727",
        severity=Severity.WARNING,
        title="No Git provider, and the next update fails",
        why="The provider guesses it from the address when it creates the job, shows a difference in every plan, and "
        "sends none with an update, which the API refuses.",
        source=MEASURED,
        bad=git_job(provider=None),
        good=GOOD,
        job=_no_provider,
        blocks=("git_source",),
        forms=frozenset({Form.TERRAFORM, Form.BUNDLE}),
    ),
    Rule(
        code="LF728",
        severity=Severity.WARNING,
        title="The Git provider of another host",
        why="The credential of the wrong provider is taken, and the checkout fails.",
        source=GIT_PAGE,
        bad=git_job(provider="gitLab"),
        good=GOOD,
        job=_other_host,
        blocks=("git_source",),
    ),
    Rule(
        code="LF729",
        severity=Severity.ERROR,
        title="A Git address without HTTPS",
        why="Repositories are cloned over HTTPS; the provider refuses any other address.",
        source="https://github.com/databricks/terraform-provider-databricks/blob/main/jobs/resource_job.go",
        bad=git_job(url="git@github.com:acme/sales.git"),
        good=GOOD,
        job=_url,
        blocks=("git_source",),
    ),
)
