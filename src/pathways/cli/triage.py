"""`triage`, `explain` and `replay`: decisions about one patient."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

import pathways
from pathways.cli.completion import complete_file, complete_finding, complete_level, complete_pathway
from pathways.cli.files import folder_option, input_bytes, regular
from pathways.decision import Decision, Status
from pathways.presentations import answer_of, from_json
from pathways.remarks import InvalidPresentation, Place, Remark
from pathways.ruleset import RuleSet

if TYPE_CHECKING:
    from pathways.findings import Finding
    from pathways.reports import When

__all__ = ["explain_command", "replay_command", "triage_command"]

NOT_COVERED = 3
IDLE_LIMIT = 15 * 60.0  # seconds without input after which the screen is blanked


def _presentation_options(command: Any) -> Any:
    for option in (
        click.option(
            "--site",
            metavar="FILE",
            shell_complete=complete_file,
            help="The place of care; else what depends on it is shown for both cases.",
        ),
        click.option(
            "--input",
            "input_",
            metavar="FILE",
            shell_complete=complete_file,
            help='What is known, as JSON: {"age_years": 7, "fever": "no"}; `-` reads the input.',
        ),
        click.option(
            "--given", multiple=True, metavar="FINDING=VALUE", shell_complete=complete_finding, help="One answer; may be repeated."
        ),
        folder_option,
    ):
        command = option(command)
    return command


@click.command(
    "triage",
    epilog="""\b
Examples:
  pathways triage
  pathways triage epistaxis --given nasal_bleeding_now=yes --given age_years=7
  pathways triage nose_trauma epistaxis --input patient.json --json""",
)
@click.argument("pathway", nargs=-1, shell_complete=complete_pathway)
@_presentation_options
@click.option("--json", "json_", is_flag=True, help="Print the decision as canonical JSON.")
@click.option("--arrived", metavar="HH:MM", help="When the patient arrived; limits count from then.")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["everybody", "professional"]),
    default="everybody",
    help="professional: what must not be handed to the family, such as safeguarding; it stands nowhere else.",
)
def triage_command(
    pathway: tuple[str, ...],
    given: tuple[str, ...],
    input_: str | None,
    site: str | None,
    rules: str | None,
    json_: bool,
    arrived: str | None,
    reader: str,
) -> int:
    """Decide urgency, actions and calls.

    Asks at the bedside on a terminal. With --given, --input or --json, or when the input is no terminal, it decides on what
    is given without asking. What is not given is unknown, never "no". Numbers may be given as they are said: age_years=7w,
    systolic_bp=84/50.
    """
    private = reader == "professional"
    if private and json_:
        raise click.UsageError("--json holds everything: leave --for out")
    if arrived is not None and json_:
        raise click.UsageError("--json holds no times of the day: leave --arrived out")
    asks = not (given or input_ or json_ or private) and sys.stdin.isatty() and sys.stdout.isatty()
    if not pathway and not asks:
        raise click.UsageError("name a pathway: `pathways list` shows them")
    ruleset = _load(rules, site)
    if asks:
        return _interview(ruleset, pathway, arrived)
    decision = ruleset.decide(_given(ruleset, given, input_), pathway)
    if json_:
        click.echo(decision.to_json())
    else:
        from pathways.cli.terminal import say
        from pathways.reports.decision import page
        from pathways.reports.note import professional

        when = _when(arrived)
        say(professional(decision, ruleset, when) if private else page(decision, ruleset, when))
    return status_of(decision)


@click.command("explain", epilog="\b\nExample:\n  pathways explain epistaxis --given nasal_bleeding_now=yes --why-not immediate")
@click.argument("pathway", nargs=-1, required=True, shell_complete=complete_pathway)
@_presentation_options
@click.option(
    "--why-not",
    multiple=True,
    metavar="LEVEL",
    shell_complete=complete_level,
    help="Why it is not at this level of urgency; may be repeated.",
)
@click.option("--all", "everything", is_flag=True, help="Every rule that may hold or was missed, not the nearest alone.")
def explain_command(
    pathway: tuple[str, ...], given: tuple[str, ...], input_: str | None, site: str | None, rules: str | None, why_not: tuple[str, ...],
    everything: bool,
) -> int:  # fmt: skip
    """Say why it is decided so.

    The rules that hold, the nearest of those that may hold, the answers that fix the urgency, and what another level would
    need.
    """
    from pathways.cli.terminal import say
    from pathways.reports.decision import release
    from pathways.reports.reasons import explained

    ruleset = _load(rules, site)
    try:
        levels = tuple(ruleset.level(name) for name in why_not)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    decision = ruleset.decide(_given(ruleset, given, input_), pathway)
    say([*explained(decision, ruleset, levels, everything), *release(decision)])
    return status_of(decision)


@click.command(
    "replay", epilog="\b\nExample:\n  pathways triage epistaxis --given fever=no --json > record.json\n  pathways replay record.json"
)
@click.argument("file", shell_complete=complete_file)
@folder_option
@click.option("--site", metavar="FILE", shell_complete=complete_file, help="The place of care that the record names.")
def replay_command(file: str, rules: str | None, site: str | None) -> int:
    """Decide a record again.

    FILE is what `triage --json` printed; what differs now is named.
    """
    record = input_bytes(file)
    found = pathways.replay(record, _load(rules, site))
    if found.same:
        click.echo("reproduced")
        return 0
    from pathways.reports.lines import visible
    from pathways.reports.remarks import number_of

    for difference in found.differences:
        click.echo(visible(difference))
    click.echo(f"not reproduced: {number_of(len(found.differences), 'difference')}")
    return 1


def status_of(decision: Decision) -> int:
    """The exit status of a decision."""
    return NOT_COVERED if decision.status is Status.NOT_COVERED else 0


def _load(rules: str | None, site: str | None) -> RuleSet:
    return pathways.load(rules, None if site is None else regular(site))


def _given(ruleset: RuleSet, given: tuple[str, ...], file: str | None) -> Mapping[str, Any]:
    """What the options say together; raises InvalidPresentation for what is said twice, save that FILE and option agree."""
    answers: dict[str, Any] = {} if file is None else from_json(input_bytes(file), ruleset.findings, "input" if file == "-" else file)
    remarks = []
    typed: set[str] = set()
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"`--given {text}`: write FINDING=VALUE, for example nasal_bleeding_now=yes")
        finding = ruleset.findings.get(name)
        answer = value if finding is None else _said(finding, value)
        if name in typed:
            remarks.append(Remark("given-twice", f"`{name}` is given twice", Place("presentation"), "give it once"))
        elif name in answers and (type(answers[name]) is not type(answer) or answers[name] != answer):
            message = f"`{name}` is given in {'the input' if file == '-' else file} and by --given, with different values"
            remarks.append(Remark("given-twice", message, Place("presentation"), "give it once"))
        typed.add(name)
        answers[name] = answer
    if remarks:
        raise InvalidPresentation(remarks)
    return answers


def _said(finding: Finding, value: str) -> Any:
    """The answer that the text stands for; a number also as it is said, where it is not plain digits."""
    answer = answer_of(finding, value)
    if finding.kind != "number" or not isinstance(answer, str) or not any(character.isdigit() for character in value):
        return answer
    from pathways.spoken import Unclear, read

    try:
        return read(finding, value)
    except Unclear:
        return answer


def _when(arrived: str | None) -> When:
    from pathways.cli import clock
    from pathways.reports.when import When
    from pathways.spoken import Unclear, clock_time

    now = clock.now()
    try:
        return When(now, None if arrived is None else clock_time(arrived, now))
    except Unclear as error:
        raise click.UsageError(f"--arrived: {error}") from None


def _interview(ruleset: RuleSet, names: tuple[str, ...], arrived: str | None) -> int:
    from pathways.cli import clock
    from pathways.cli.bedside import hold
    from pathways.cli.terminal import Keyboard

    return hold(ruleset, names, _when(arrived).arrived, Keyboard(_idle_limit()), clock.now)


def _idle_limit() -> float:
    """Fifteen minutes, or less where PATHWAYS_IDLE_SECONDS says so."""
    try:
        wanted = float(os.environ.get("PATHWAYS_IDLE_SECONDS", ""))
    except ValueError:
        return IDLE_LIMIT
    return wanted if 0 < wanted < IDLE_LIMIT else IDLE_LIMIT
