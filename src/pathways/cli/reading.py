"""`list`, `show`, `schema` and `remark`: what there is to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pathways.cli.completion import complete_code, complete_pathway, complete_rule, complete_schema
from pathways.cli.files import folder_option
from pathways.remarks import near

if TYPE_CHECKING:
    from pathways.ruleset import Pathway, RuleSet

__all__ = ["list_command", "remark_command", "schema_command", "show_command"]


@click.command("list", epilog="\b\nExamples:\n  pathways list\n  pathways list --findings\n  pathways list --findings epistaxis")
@click.argument("pathway", required=False, shell_complete=complete_pathway)
@click.option("--findings", is_flag=True, help="The findings instead, with what may be answered; only those of PATHWAY if it is named.")
@folder_option
def list_command(pathway: str | None, findings: bool, rules: str | None) -> None:
    """List the pathways and what each is for."""
    import pathways
    from pathways.cli.terminal import say
    from pathways.reports.rules import findings_listed, listing

    ruleset = pathways.load(rules)
    if pathway is not None and not findings:
        raise click.UsageError(f"`pathways show {pathway}` shows a pathway, `pathways list --findings {pathway}` its findings")
    say(findings_listed(ruleset, None if pathway is None else _pathway(pathway, ruleset)) if findings else listing(ruleset))


def _pathway(name: str, ruleset: RuleSet) -> Pathway:
    found = ruleset.pathways.get(name)
    if found is None:
        raise click.UsageError(f"`{name}` is not a pathway: {near(name, ruleset.pathways) or 'one of ' + ', '.join(ruleset.pathways)}")
    return found


@click.command("show", epilog="\b\nExamples:\n  pathways show epistaxis\n  pathways show epistaxis heavy_bleed")
@click.argument("pathway", shell_complete=complete_pathway)
@click.argument("rule", required=False, shell_complete=complete_rule)
@folder_option
def show_command(pathway: str, rule: str | None, rules: str | None) -> None:
    """Show the rules as a person reads them.

    All rules of PATHWAY, most urgent first and those that narrow a source row before them; or one RULE with what its
    findings mean.
    """
    import pathways
    from pathways.cli.terminal import say
    from pathways.reports.rules import rule_in_full, shown

    ruleset = pathways.load(rules)
    found = _pathway(pathway, ruleset)
    if rule is None:
        say(shown(found, ruleset))
        return
    known = {one.id: one for one in (*found.rules, *ruleset.red_flags)}
    if rule not in known:
        raise click.UsageError(f"`{rule}` is not a rule of {pathway}: {near(rule, known) or '`pathways show ' + pathway + '` lists them'}")
    say(rule_in_full(known[rule], ruleset))


@click.command("schema", epilog="\b\nExample:\n  pathways schema pathway > pathway.schema.json")
@click.argument("name", required=False, shell_complete=complete_schema)
def schema_command(name: str | None) -> None:
    """Print JSON Schemas.

    That of NAME (a kind of document), or all of them by name.
    """
    import json

    from pathways import schemas

    if name is not None and name not in schemas.NAMES:
        raise click.UsageError(f"`{name}` has no schema: {near(name, schemas.NAMES) or 'one of ' + ', '.join(schemas.NAMES)}")
    data = schemas.schema(name) if name is not None else {one: schemas.schema(one) for one in schemas.NAMES}
    click.echo(json.dumps(data, indent=1))


@click.command("remark", epilog="\b\nExamples:\n  pathways remark\n  pathways remark dead-rule")
@click.argument("code", required=False, shell_complete=complete_code)
def remark_command(code: str | None) -> None:
    """Say what a remark means and how it is cured.

    That of CODE, which stands in brackets in the remark, such as dead-rule in error[dead-rule]; or list them all.
    """
    from pathways.cli.terminal import say
    from pathways.codes import CODES
    from pathways.reports.codes import code_in_full, codes_listed

    if code is not None and code not in CODES:
        raise click.UsageError(f"`{code}` is no code of a remark: {near(code, CODES) or '`pathways remark` lists them'}")
    say(codes_listed() if code is None else code_in_full(code))
