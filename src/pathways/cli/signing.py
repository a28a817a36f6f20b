"""`approve` and `status`: a signature under the rules as they are, and how the rules stand by those that there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli import clock
from pathways.cli.completion import complete_pathway, complete_role
from pathways.cli.folders import FOLDER, authored_folder, folder_of
from pathways.cli.output import format_options, report, root_of, watched
from pathways.cli.terminal import say
from pathways.reports.approvals import FORMATS, Stood, standing_lines

if TYPE_CHECKING:
    from pathways.approvals import Signature
    from pathways.ruleset import RuleSet
    from pathways.since import Since

__all__ = ["approve_command", "status_command"]


@click.command("status", epilog="\b\nExamples:\n  pathways status rules\n  pathways status rules --format json")
@FOLDER
@click.option("--require-approved", is_flag=True, help="Exit status 1 unless everybody has signed these very rules who must.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes that look for changes; every processor if left out.")
@format_options(FORMATS)
def status_command(folder: str | None, require_approved: bool, jobs: int | None, format_: str, output: str | None) -> int:
    """Say whether the rules are approved.

    Draft, approved, or changed since approval: then with everybody who is decided otherwise now, each with a patient. Exit
    status 1 where a record cannot be trusted, and with --require-approved where the rules are not approved.
    """
    from pathways.approvals import State

    where = folder_of(folder, format_, output)
    found = _since(where, jobs)
    report(FORMATS, Stood(found, root_of(where)), format_, output)
    return int(bool(found.standing.remarks) or (require_approved and found.standing.state is not State.APPROVED))


def _since(where: Path, jobs: int | None) -> Since:
    from pathways.parallel import cores
    from pathways.since import since_approved

    return since_approved(where, jobs or cores(), lambda found, count: watched(found, count, "pathways"))


@click.command(
    "approve",
    epilog="""\b
Example:
  pathways approve rules --role ent_consultant --name "test signer 1" --registration "none: a test" --statement "a test" --yes""",
)
@FOLDER
@click.option("--pathway", multiple=True, metavar="PATHWAY", shell_complete=complete_pathway, help="Only this one; may be given again.")
@click.option("--role", required=True, metavar="ROLE", shell_complete=complete_role, help="In which role, one of those that must sign.")
@click.option("--name", required=True, metavar="NAME", help="Who signs.")
@click.option("--registration", required=True, metavar="TEXT", help="The registration with a professional body.")
@click.option("--statement", required=True, metavar="TEXT", help="What the signature says.")
@click.option("--author", multiple=True, metavar="NAME", help="Who wrote the change, beside those whom git names; may be given again.")
@click.option("--yes", is_flag=True, help="Sign without being asked again.")
def approve_command(
    folder: str | None,
    pathway: tuple[str, ...],
    role: str,
    name: str,
    registration: str,
    statement: str,
    author: tuple[str, ...],
    yes: bool,
) -> int:
    """Sign the rules as they are.

    Adds a record to approvals.yaml, bound to the digest of the rules, and keeps what was signed in approved/. Shows first what
    that is, and what changed since the last approval, and asks. Without --pathway, everything that needs the role is signed.
    """
    from pathways.approvals import Refused, Signature, signed, standing
    from pathways.compiler import ruleset_of
    from pathways.loader import read

    where = authored_folder(folder)
    ruleset = ruleset_of(read(where))
    found = _since(where, None)
    signature = Signature(
        digest=ruleset.digest,
        version=ruleset.version,
        pathways=pathway or _needing(ruleset, role),
        role=role,
        name=name,
        registration=registration,
        statement=statement,
        on=clock.today().isoformat(),
        authors=_authors(where, found, author),
    )
    try:
        files = signed(where, ruleset, signature)
    except Refused as error:
        raise click.UsageError(str(error)) from None
    _show(found, ruleset, signature)
    if not yes:
        click.confirm("Sign this?", abort=True)
        try:
            files = signed(where, ruleset, signature)  # whoever signed meanwhile has signed
        except Refused as error:
            raise click.UsageError(str(error)) from None
    _write(files)
    say(standing_lines(standing(where, ruleset)))
    return 0


def _needing(ruleset: RuleSet, role: str) -> tuple[str, ...]:
    """The pathways that this role must sign."""
    content = ruleset.content()
    found = tuple(one["id"] for one in content["pathways"] if role in one["must_sign"])
    if not found:
        roles = list(dict.fromkeys(name for one in content["pathways"] for name in one["must_sign"]))
        help = f"those who must are {', '.join(roles)}" if roles else "no pathway says who must, under `must_sign`"
        raise click.UsageError(f"`{role}` need not sign anything: {help}")
    return found


def _authors(where: Path, found: Since, named: tuple[str, ...]) -> tuple[str, ...]:
    """Who wrote the change, as git and the user say."""
    from pathways.approvals import rule_files
    from pathways.checkout import cut_short, writers
    from pathways.since import approved_content

    if cut_short(where):
        help = "fetch all of it: git fetch --unshallow"
        raise click.UsageError(f"the history here is cut short, and git cannot say who wrote these rules\n  help: {help}")
    newest = found.standing.newest
    of_git = writers(where, rule_files(), approved_content(Path(), newest).as_posix() if newest else "")
    authors = tuple(dict.fromkeys([*of_git, *named]))
    if not authors:
        raise click.UsageError("git does not say who wrote these rules: name everybody who did, each with --author")
    return authors


def _show(found: Since, ruleset: RuleSet, signature: Signature) -> None:
    """What is about to be signed."""
    from pathways.reports.changes import FORMATS as CHANGES
    from pathways.reports.lines import Line

    rows = {
        "rules": f"{ruleset.title}, version {ruleset.version}",
        "digest": ruleset.digest,
        "pathways": ", ".join(signature.pathways),
        "role": signature.role,
        "name": f"{signature.name} ({signature.registration})",
        "statement": signature.statement,
        "written by": ", ".join(signature.authors),
    }
    say(Line(text, f"{key + ':':<12}") for key, text in rows.items())
    if found.changes is not None:
        say([Line("")])
        say(Line(text) for text in CHANGES["text"](found.changes))
    elif found.unknown:
        say([Line(f"what changed since the last approval is not known: {found.unknown}", style="warning")])
    elif found.standing.newest is None:
        say([Line("nothing of it was approved before", "since then:  ")])


def _write(files: dict[Path, bytes]) -> None:
    """Both files, or none."""
    from pathways.saving import replace

    made = [file.parent for file in files if not file.parent.exists()]
    try:
        for place in made:
            place.mkdir()
        replace(files)
    except OSError as error:
        for place in made:
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
        raise click.UsageError(f"the signature could not be written: {(error.strerror or str(error)).lower()}") from None
