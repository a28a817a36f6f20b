"""`diff`: who two versions of the rules decide differently."""

from __future__ import annotations

from pathlib import Path

import click

from pathways.cli.completion import complete_file, complete_pathway
from pathways.cli.output import format_options, report, watched
from pathways.parallel import cores
from pathways.reports.changes import FORMATS

__all__ = ["diff_command"]

FAILURES = ("less-urgent", "more-urgent", "any")


@click.command(
    "diff",
    epilog="""\b
Examples:
  pathways diff main:rules rules
  pathways diff v1.2 rules --fail-on less-urgent --format markdown
  pathways diff old_rules new.whl --pathway epistaxis""",
)
@click.argument("old", shell_complete=complete_file)
@click.argument("new", shell_complete=complete_file)
@click.option("--pathway", metavar="PATHWAY", shell_complete=complete_pathway, help="This pathway alone.")
@click.option("--fail-on", multiple=True, type=click.Choice(FAILURES), help="Exit status 1 on such a change; may be given again.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes; every processor if left out.")
@format_options(FORMATS)
def diff_command(
    old: str, new: str, pathway: str | None, fail_on: tuple[str, ...], jobs: int | None, format_: str, output: str | None
) -> int:
    """Say who is decided differently by two versions.

    OLD and NEW are folders, wheels, revisions of git such as `main` or `v1.2:rules`, or canonical content as JSON. First
    who is less urgent, loses a service or gets a longer limit, each with a patient; then who is more urgent; then other
    advice; then wording. No change is a proof that there is none.
    """
    from pathways import changes
    from pathways.encoding import Undecided
    from pathways.versions import NoVersion, read_version

    beside = new if Path(new).is_dir() else old if Path(old).is_dir() else "rules"
    try:
        versions = read_version(old, beside), read_version(new, beside)
        names = list(dict.fromkeys(name for version in versions for name in version.content.pathways))
        if pathway is not None and pathway not in names:
            raise click.UsageError(f"`{pathway}` is not a pathway: one of {', '.join(names)}")
        found = changes.diff(*versions, pathway, jobs or cores(), lambda results, count: watched(results, count, "pathways"))
    except NoVersion as error:
        raise click.UsageError(str(error)) from error
    except changes.Incomparable as error:
        raise click.UsageError(f"the two cannot be compared: {error}") from error
    except Undecided as error:
        raise click.UsageError(f"the solver reached its limit ({error}): ask one pathway at a time with --pathway") from error
    report(FORMATS, found, format_, output)
    return int(found.fails(fail_on))
