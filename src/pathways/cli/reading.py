"""`list`, `show` and `schema`: what there is to read."""

from __future__ import annotations

import click

from pathways.cli.completion import complete_pathway, complete_rule, complete_schema
from pathways.cli.files import folder_option
from pathways.remarks import near

__all__ = ["list_command", "schema_command", "show_command"]


@click.command("list", epilog="\b\nExample:\n  pathways list")
@folder_option
def list_command(rules: str | None) -> None:
    """List the pathways and what each is for."""
    import pathways
    from pathways.cli.terminal import say
    from pathways.reports.rules import listing

    say(listing(pathways.load(rules)))


@click.command("show", epilog="\b\nExamples:\n  pathways show epistaxis\n  pathways show epistaxis severe_bleed")
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
    found = ruleset.pathways.get(pathway)
    if found is None:
        raise click.UsageError(
            f"`{pathway}` is not a pathway: {near(pathway, ruleset.pathways) or 'one of ' + ', '.join(ruleset.pathways)}"
        )
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
