"""JSON Schemas, generated from the models: for editors (completion and hover text) and for records.

The files beside this module are what `write` made; a test holds them equal to the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pathways.decision import RECORD_FORMAT
from pathways.findings import ABSENCE

__all__ = ["NAMES", "schema", "write"]

NAMES = ("ruleset", "findings", "items", "sources", "pathway", "cases", "requirements", "hazards", "site", "decision")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one kind of document; raises KeyError for a name that is not in NAMES."""
    from pydantic import TypeAdapter

    from pathways import model

    kinds: dict[str, Any] = {
        "ruleset": model.RuleSetFile,
        "findings": model.FindingsFile,
        "items": model.ItemsFile,
        "sources": model.SourcesFile,
        "pathway": model.PathwayFile,
        "cases": list[model.Case],
        "requirements": model.RequirementsFile,
        "hazards": model.HazardsFile,
        "site": model.SiteFile,
    }
    if name == "decision":
        found = decision_schema()
    else:
        found = _referring(TypeAdapter(kinds[name]).json_schema(by_alias=True))
        found["$defs"] = dict(sorted({**found.get("$defs", {}), **model.CONDITION_SCHEMA}.items()))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _referring(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            ("$ref" if key == "x-ref" else key): (f"#/$defs/{value}" if key == "x-ref" else _referring(value))
            for key, value in part.items()
        }
    return [_referring(one) for one in part] if isinstance(part, list) else part


def write(folder: Path) -> None:
    """Write every schema into the folder, as the package ships them."""
    for name in NAMES:
        (folder / f"{name}.schema.json").write_text(json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def decision_schema() -> dict[str, Any]:
    """What a decision's JSON record looks like; `replay` holds records to it."""
    text: dict[str, Any] = {"type": "string"}
    texts: dict[str, Any] = {"type": "array", "items": text}
    maybe: dict[str, Any] = {"type": ["string", "null"]}
    flag: dict[str, Any] = {"type": "boolean"}
    certainty = {"enum": ["certain", "possible"]}
    discreet = {"type": "boolean", "description": "For professionals only: never on a big screen or on a page for the family."}

    def record(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {**required, **(optional or {})},
            "required": list(required),
            "additionalProperties": False,
        }

    minutes = {"type": "integer", "minimum": 1, "description": "Minutes after which to decide again."}
    item = record({"id": text, "text": text, "certainty": certainty, "discreet": discreet}, {"repeat_after": minutes, "condition": text})
    items = {"type": "array", "items": item}
    window = record({"from": text, "not_before": text, "not_after": text})
    referral = record(
        {
            "service": text,
            "name": text,
            "contact": {"enum": ["now", None]},
            "within": maybe,
            "certain_within": maybe,
            "certainty": certainty,
            "discreet": discreet,
        },
        {"window": window, "condition": text},
    )
    reason = record(
        {
            "pathway": text,
            "rule": text,
            "title": text,
            "urgency": maybe,
            "basis": {"enum": ["source", "evidence", "interpretation"]},
            "sources": texts,
            "narrows": texts,
            "certainty": certainty,
            "discreet": discreet,
        },
        {"handover": text},
    )
    question = record(
        {"finding": text, "group": text, "ask": text, "means": text, "why": text, "optional": flag, "if_seen": flag, "discreet": discreet}
    )
    number = {
        "anyOf": [{"type": "number"}, record({"decimal": text})],
        "description": "In the unit of the finding; a text where a float cannot say it.",
    }
    ends = {"type": "object", "properties": {"from": number, "below": number}, "minProperties": 1, "additionalProperties": False}
    reason_for_absence = record({"unknown": {"enum": [one for one in ABSENCE if one != "not-asked"]}})
    answer = {
        "description": "yes/no, a choice or several that are possible, a number or a range of it.",
        "anyOf": [flag, text, {**texts, "minItems": 1}, number, ends],
    }
    presentation = {
        "type": "object",
        "description": "Finding to answer, or to the reason why there is none.",
        "additionalProperties": {"anyOf": [*answer["anyOf"], reason_for_absence]},
    }
    return {
        "title": "Decision",
        "description": "What the rules say of one presentation: the record of a decision.",
        **record(
            {
                "format": {"const": RECORD_FORMAT},
                "status": {"enum": ["open", "settled", "final", "not_covered"]},
                "urgency": record({"lowest": maybe, "highest": maybe}),
                "referrals": {"type": "array", "items": referral},
                "actions": items,
                "advice": items,
                "follow_up": items,
                "reasons": {"type": "array", "items": reason},
                "because": {"type": "array", "items": record({"finding": text, "value": answer, "discreet": discreet})},
                "next": {"type": "array", "items": question},
                "optional": {"type": "array", "items": question},
                "unread": texts,
                "covered": flag,
                "not_covered": texts,
                "maybe_not_covered": texts,
                "pathways": texts,
                "presentation": presentation,
                "site": record({"id": text, "digest": text}),
                "ruleset": record(
                    {"id": text, "version": text, "digest": text, "approval": {"enum": ["draft", "approved", "changed since approval"]}}
                ),
                "notices": texts,
                "engine": text,
            }
        ),
    }
