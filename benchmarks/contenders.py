"""The nose table of thirteen rows, written once for each contender.

`by_hand` returns only the ids of the rows that match, for findings that are all known: the least that any program does.
`zen_table` is the same table for zen-engine, as a decision table that collects every row that holds.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["by_hand", "zen_table"]


def by_hand(g: dict[str, Any]) -> list[str]:
    """The rows that match, every finding being known."""
    rows = []
    complaint = g["complaint"]
    if complaint == "injury":
        if not g["swelling"] and not g["deformity"] and not g["active_bleeding"]:
            rows.append("bump")
        if g["open_wound"] and not g["cartilage"]:
            rows.append("minor_wound")
        if g["swelling"] and g["deformity"] and not g["active_bleeding"]:
            rows.append("crooked")
        if g["active_bleeding"] or g["septal_haematoma"] or (g["open_wound"] and g["cartilage"]) or g["csf"]:
            rows.append("injury_urgent")
        if g["facial_fracture"] or g["dental_damage"] or g["eye_movements_reduced"]:
            rows.append("face")
    if g["object_present"]:
        if not g["object_deep"] and not g["object_sharp"] and not g["object_unstable"]:
            rows.append("hard_object" if g["object_hard"] else "soft_object")
        if not g["object_unstable"] and g["object_deep"]:
            rows.append("stable_object")
    if g["object_unstable"] or g["object_sharp"] or g["button_battery"]:
        rows.append("dangerous_object")
    if g["recurrent_bleeds"] and not g["active_bleeding"] and not g["severe_or_unwell"]:
        rows.append("recurrent")
    if complaint == "bleed" and (g["active_bleeding"] or g["severe_or_unwell"]):
        rows.append("bleeding")
    if complaint == "inflammation":
        rows.append("inflamed" if g["cellulitis_or_swelling"] else "simple_inflammation")
    return rows


T, F = "true", "false"
ROWS: tuple[tuple[str, dict[str, str], str, str | None, str | None, list[str]], ...] = (
    # row, the columns that it fills, urgency, service, limit, items; a row of the table with "or" in it takes a line each
    ("bump", {"complaint": "'injury'", "swelling": F, "deformity": F, "active_bleeding": F}, "none", None, None, ["no_follow_up"]),
    ("minor_wound", {"complaint": "'injury'", "open_wound": T, "cartilage": F}, "none", None, None, ["close_wound"]),
    ("crooked", {"complaint": "'injury'", "swelling": T, "deformity": T, "active_bleeding": F}, "clinic_5_7_days", "ent_emergency_clinic", "P7D", ["head_injury_advice"]),
    ("injury_urgent", {"complaint": "'injury'", "active_bleeding": T}, "urgent", "ent_on_call", "PT4H", []),
    ("injury_urgent", {"complaint": "'injury'", "septal_haematoma": T}, "urgent", "ent_on_call", "PT4H", []),
    ("injury_urgent", {"complaint": "'injury'", "open_wound": T, "cartilage": T}, "urgent", "ent_on_call", "PT4H", []),
    ("injury_urgent", {"complaint": "'injury'", "csf": T}, "urgent", "ent_on_call", "PT4H", []),
    ("face", {"complaint": "'injury'", "facial_fracture": T}, "urgent", "omfs_on_call", "PT4H", []),
    ("face", {"complaint": "'injury'", "dental_damage": T}, "urgent", "omfs_on_call", "PT4H", []),
    ("face", {"complaint": "'injury'", "eye_movements_reduced": T}, "urgent", "omfs_on_call", "PT4H", []),
    ("hard_object", {"object_present": T, "object_deep": F, "object_hard": T, "object_sharp": F, "object_unstable": F}, "none", None, None, ["wax_hook", "no_follow_up"]),
    ("soft_object", {"object_present": T, "object_deep": F, "object_hard": F, "object_sharp": F, "object_unstable": F}, "none", None, None, ["forceps", "no_follow_up"]),
    ("stable_object", {"object_present": T, "object_unstable": F, "object_deep": T}, "clinic_next_available", "ent_emergency_clinic", "next_clinic", []),
    ("dangerous_object", {"object_unstable": T}, "within_1_hour", "ent_on_call", "PT1H", []),
    ("dangerous_object", {"object_sharp": T}, "within_1_hour", "ent_on_call", "PT1H", []),
    ("dangerous_object", {"button_battery": T}, "within_1_hour", "ent_on_call", "PT1H", []),
    ("recurrent", {"recurrent_bleeds": T, "active_bleeding": F, "severe_or_unwell": F}, "clinic_within_7_days", "ent_emergency_clinic", "P7D", []),
    ("bleeding", {"complaint": "'bleed'", "active_bleeding": T}, "urgent", "ent_on_call", "PT4H", ["iv_access", "bloods"]),
    ("bleeding", {"complaint": "'bleed'", "severe_or_unwell": T}, "urgent", "ent_on_call", "PT4H", ["iv_access", "bloods"]),
    ("simple_inflammation", {"complaint": "'inflammation'", "cellulitis_or_swelling": F}, "gp_if_persists", None, None, ["no_antibiotics", "see_gp"]),
    ("inflamed", {"complaint": "'inflammation'", "cellulitis_or_swelling": T}, "urgent", "ent_on_call", "PT4H", []),
)  # fmt: skip
OUTPUTS = ("row", "urgency", "service", "within", "items")


def zen_table() -> str:
    """The table in zen-engine's JDM: a column for each finding that is read, every matching row collected."""
    columns = list(dict.fromkeys(name for _, cells, *_ in ROWS for name in cells))
    rules = [
        {
            "_id": str(n),
            **dict.fromkeys(columns, ""),
            **cells,
            **{name: json.dumps(value) for name, value in zip(OUTPUTS, (row, *outputs), strict=True)},
        }
        for n, (row, cells, *outputs) in enumerate(ROWS)
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in columns],
        "outputs": [{"id": name, "name": name, "field": name} for name in OUTPUTS],
        "rules": rules,
    }
    return json.dumps(
        {
            "contentType": "application/vnd.gorules.decision",
            "nodes": [
                {"id": "in", "name": "request", "type": "inputNode"},
                {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
                {"id": "out", "name": "response", "type": "outputNode"},
            ],
            "edges": [
                {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
                {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
            ],
        }
    )
