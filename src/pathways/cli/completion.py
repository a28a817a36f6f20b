"""`completion`, and what completes: names of the rules that a command is about. What does not load completes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from pathways.ruleset import RuleSet

__all__ = [
    "VARIABLE",
    "complete_code",
    "complete_file",
    "complete_finding",
    "complete_level",
    "complete_pathway",
    "complete_property",
    "complete_role",
    "complete_rule",
    "complete_schema",
    "completion_command",
]  # fmt: skip

VARIABLE = "_PATHWAYS_COMPLETE"  # set by the shell that asks
SHELLS = ("bash", "zsh", "fish")


@click.command("completion", epilog='\b\nExample (bash):\n  eval "$(pathways completion bash)"')
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print shell completion.

    It completes commands, pathways, rules, levels, roles, properties, files, and findings with their values in SHELL.
    """
    from pathways.cli import cli
    from pathways.cli.shells import CLASSES

    click.echo(CLASSES[shell](cli, {}, "pathways", VARIABLE).source())


def _ruleset(ctx: click.Context) -> RuleSet | None:
    import pathways
    from pathways.cli.folders import nearest

    near = nearest() if "folder" in ctx.params else None  # where a command for authors looks
    try:
        return pathways.load(ctx.params.get("rules") or ctx.params.get("folder") or near)
    except pathways.InvalidRules:
        return None


def complete_pathway(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    ruleset = _ruleset(ctx)
    return [] if ruleset is None else [name for name in ruleset.pathways if name.startswith(incomplete)]


def complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    ruleset = _ruleset(ctx)
    pathway = None if ruleset is None else ruleset.pathways.get(ctx.params.get("pathway") or "")
    return [] if pathway is None else [rule.id for rule in pathway.rules if rule.id.startswith(incomplete)]


def complete_finding(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """`nasal_bleeding_now=`, then its values."""
    ruleset = _ruleset(ctx)
    if ruleset is None:
        return []
    name, equals, value = incomplete.partition("=")
    if not equals:
        asked = [ruleset.pathways[one].findings for one in ctx.params.get("pathway") or () if one in ruleset.pathways]
        names = [finding for findings in asked for finding in findings] or list(ruleset.findings)
        return [f"{finding}=" for finding in dict.fromkeys(names) if finding.startswith(name)]
    finding = ruleset.findings.get(name)
    if finding is None:
        return []
    values = ("yes", "no") if finding.kind == "yes_no" else tuple(finding.values)
    return [f"{name}={one}" for one in (*values, "unknown") if one.startswith(value)]


def complete_level(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    ruleset = _ruleset(ctx)
    return [] if ruleset is None else [level.id for level in ruleset.urgency if level.id.startswith(incomplete)]


def complete_role(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Those who must sign."""
    ruleset = _ruleset(ctx)
    roles = [] if ruleset is None else [role for one in ruleset.content()["pathways"] for role in one["must_sign"]]
    return [role for role in dict.fromkeys(roles) if role.startswith(incomplete)]


def complete_property(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from pathways.properties import TITLES

    return [name for name in TITLES if name.startswith(incomplete)]


def complete_file(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def complete_schema(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from pathways.schemas import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def complete_code(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from pathways.codes import CODES

    return [name for name in CODES if name.startswith(incomplete)]
