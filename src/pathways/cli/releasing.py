"""`release` and `verify`: one folder with everything that a governance group reads, and whether one is as it was made."""

from __future__ import annotations

from pathlib import Path

import click

from pathways.cli.completion import complete_file
from pathways.cli.files import Folder
from pathways.cli.folders import FOLDER, authored_folder
from pathways.cli.output import format_options, report, watched
from pathways.cli.terminal import say
from pathways.reports.release import FORMATS, released_lines

__all__ = ["release_command", "verify_command"]


@click.command("release", epilog="\b\nExample:\n  pathways release rules --output release-0.1.0 --mkdocs mkdocs.yml")
@FOLDER
@click.option("--output", required=True, metavar="DIR", help="The folder to make; there must be none.")
@click.option("--mkdocs", metavar="FILE", shell_complete=complete_file, help="The site's configuration; if left out, the rules alone.")
@click.option(
    "--against",
    default="",
    metavar="VERSION",
    shell_complete=complete_file,
    help="What changes are told from, as for `diff`; the last approval if left out.",
)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes; every processor if left out.")
def release_command(folder: str | None, output: str, mkdocs: str | None, against: str, jobs: int | None) -> int:
    """Make a release of the rules, as one folder.

    Site, rules, digests, decision schema, verification and change reports, hazard log, bill of materials, and a manifest with the
    SHA-256 of each file; byte-equal from the same commit. Every tool is run first, which takes minutes. Exit status 1, and
    nothing is made, where one was not run or something does not hold.
    """
    from pathways.cli.files import regular
    from pathways.parallel import cores
    from pathways.release import NotReleased, release

    where = authored_folder(folder)
    config = None if mkdocs is None else Path(regular(mkdocs))
    try:
        found = release(where, Path(output), config, against, jobs or cores(), watched)
    except NotReleased as error:
        for reason in error.reasons:
            click.echo(reason, err=True)
        click.echo("nothing was released", err=True)
        return 1
    say(released_lines(found))
    return 0


@click.command("verify", epilog="\b\nExample:\n  pathways verify release-0.1.0")
@click.argument("release", type=Folder(exists=True))
@format_options(FORMATS)
def verify_command(release: str, format_: str, output: str | None) -> int:
    """Say whether a release is as it was made.

    Looks at every file of the folder RELEASE, and reads its rules and its verification report again. Exit status 1 where a file
    is changed, missing or too many, or the rules have another digest.
    """
    from pathways.manifests import NoManifest
    from pathways.release import checked

    try:
        found = checked(Path(release))
    except NoManifest as error:
        raise click.UsageError(str(error)) from None
    report(FORMATS, found, format_, output)
    return int(bool(found.flaws))
