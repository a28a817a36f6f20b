"""Pairs of small rule sets that give referrals and items, and who is decided differently, by looking at every patient."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import pathways
import small
from worlds import FINDINGS, KINDS, Patient, World, holds, trees, worlds

ITEMS: dict[str, dict[str, Any]] = {"rest": {}, "pack": {"kind": "action"}, "home": {"reassures": "yes"}}


@dataclass
class Giving(World):
    """A world whose rules give more than an urgency: rule → what its outcome says besides."""

    gives: dict[str, dict[str, Any]] = field(default_factory=dict)

    def load(self, folder: Path) -> pathways.RuleSet:
        rules = {name: (when, self._then(name, then)) for name, (when, then) in self.rules.items()}
        handed = {name: (when, self._then(name, then)) for name, (when, then) in self.handed.items()}
        return small.ruleset(
            folder, FINDINGS, rules, otherwise=self.otherwise, applies=self.applies, red_flags={"danger": ("danger", self.flag)},
            constraints=self.constraints, others={"q": {"rules": handed}} if handed else {}, groups=("dangers", "first", "second"), items=ITEMS,
        )  # fmt: skip

    def _then(self, name: str, then: str) -> Any:
        return then if then.startswith(">") else {"urgency": then, **self.gives.get(name, {})}

    def gets(self, patient: Patient) -> dict[str, Any]:
        """Each part of the decision of one patient who asks `p`, as plain words."""
        held = self.holding(patient)
        rank = self.rank(patient)
        parts: dict[str, Any] = {"urgency": rank, "covered": self.applies is None or holds(self.applies, patient)}
        for pathway, name in held:
            given = (
                self.gives.get(name, {}) if pathway in ("p", "q") and name != "otherwise" and self.level(pathway, name) is not None else {}
            )
            for row in given.get("referrals", ()):
                key = f"referral {row['service']}"
                sooner, phoned = parts.get(key, (row["within"], False))
                parts[key] = (min(sooner, row["within"], key=small.LIMITS.index), phoned or "contact" in row)
            for item in (*given.get("actions", ()), *given.get("advice", ())):
                if item != "home" or small.LEVELS.index(str(self.level(pathway, name))) == rank:
                    parts[f"item {item}"] = True
        return parts


outcomes = st.fixed_dictionaries(
    {},
    optional={
        "referrals": st.lists(
            st.fixed_dictionaries(
                {"service": st.sampled_from(["ent", "eye"]), "within": st.sampled_from(small.LIMITS)}, optional={"contact": st.just("now")}
            ),
            min_size=1,
            max_size=2,
            unique_by=lambda row: row["service"],
        ),
        "actions": st.just(["pack"]),
        "advice": st.sampled_from([["rest"], ["home"], ["rest", "home"]]),
    },
)


@st.composite
def giving(draw: st.DrawFn) -> Giving:
    """A random world that gives something."""
    world = draw(worlds())
    gives = {name: draw(outcomes) for name in sorted({*world.rules, *world.handed})}
    return Giving(world.rules, world.otherwise, world.applies, world.handed, world.constraints, world.flag, gives)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Giving, Giving]:
    """Two worlds: mostly one and a variant of it, in one respect or two; sometimes two that have nothing to do with each other."""
    old = draw(giving())
    if draw(st.integers(0, 4)) == 0:
        return old, draw(giving())
    new = old
    condition = trees({name: kind for name, kind in KINDS.items() if name != "danger"}, limits=("5", "3"))
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(new.rules)))
        when, then = new.rules[name]
        match draw(st.sampled_from(["when", "then", "gives", "delete", "applies", "constraints", "otherwise"])):
            case "when":
                new = replace(new, rules={**new.rules, name: (draw(condition), then)})
            case "then" if not then.startswith(">"):
                new = replace(new, rules={**new.rules, name: (when, draw(st.sampled_from(small.LEVELS)))})
            case "gives":
                new = replace(new, gives={**new.gives, name: draw(outcomes)})
            case "delete" if len(new.rules) > 1:
                new = replace(new, rules={key: rule for key, rule in new.rules.items() if key != name})
            case "applies":
                new = replace(new, applies=draw(condition))
            case "constraints":
                new = replace(new, constraints={"one": (draw(condition), "a")})
            case "otherwise":
                new = replace(new, otherwise=draw(st.sampled_from([None, "discuss_same_day", "urgent"])))
    return (old, new) if new.patients else (old, old)
