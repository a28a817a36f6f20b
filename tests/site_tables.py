"""What the pages of a site say, read back from their HTML; and what the canonical content says, in the same form.

The second is written without the code that makes the pages: it reads the content alone, as a person would who checks a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag

DISCREET, REASSURES = "professionals only", "reassures: given only if certain"
BASIS = {"source": "agreed table", "evidence": "published evidence", "interpretation": "our interpretation"}
GRADES = {"A": "national body", "B": "health service", "C": "teaching", "D": "study", "E": "news"}
OPERATORS = {"at_least": "at least", "above": "over", "at_most": "at most", "below": "under"}
UNITS = {
    "a": "years", "d": "days", "min": "minutes", "h": "hours", "s": "seconds", "/min": "per minute", "/mo": "per month",
    "mm[Hg]": "mmHg", "Cel": "°C", "kg": "kg", "{score}": "", "{count}": "", "1": "", None: "",
}  # fmt: skip
WORSE = {
    "yes": "yes is worse", "no": "no is worse", "higher": "a higher value is worse", "lower": "a lower value is worse",
    "both": "a value is worse the further it lies out, either way", "neither": "no answer is worse by itself",
}  # fmt: skip
MATCHES = {
    "exact": "means the same",
    "near": "comes near",
    "broader": "means more than the finding",
    "narrower": "means less than the finding",
}


def text(tag: Tag | None) -> str:
    """What a reader sees of it, in one line; empty for what is not there."""
    return "" if tag is None else " ".join(tag.get_text().split())


def line(said: str) -> str:
    """What a rule file says, in one line."""
    return " ".join(said.split())


# -- from the pages ----------------------------------------------------------------------------------------------------


def rules_shown(html: str) -> dict[str, dict[str, Any]]:
    """The page of rules: rule → everything that stands there."""
    return {section["data-rule"]: _rule(section) for section in BeautifulSoup(html, "html.parser").select("section[data-rule]")}


def _rule(section: Tag) -> dict[str, Any]:
    narrows = text(section.select_one(".pw-tags .pw-narrows"))
    return {
        "title": text(section.h3),
        "when": text(section.select_one(".pw-when-holds")),
        "level": text(section.select_one(".pw-tags .pw-level")),
        "means": next((text(dt.find_next_sibling("dd")) for dt in section.select("dt") if text(dt) == "Level"), ""),
        "calls": _calls(section),
        "items": _items(section),
        "handover": text(section.select_one(".pw-handover a")),
        "basis": text(section.select_one(".pw-basis")),
        "sources": {
            text(one.code): {text(dt): text(dt.find_next_sibling("dd")) for dt in one.select("dt")} for one in section.select(".pw-source")
        },
        "narrows": narrows.removeprefix("narrows "),
        "note": text(section.select_one(".pw-note")),
        "discreet": text(section.select_one(".pw-tags .pw-discreet")),
    }


def _calls(tag: Tag) -> list[tuple[str, bool, str, str]]:
    return [
        (
            text(li.select_one(".pw-service")),
            li.select_one(".pw-phone") is not None,
            text(li.select_one(".pw-when")),
            text(li.select_one(".pw-where")),
        )
        for li in tag.select(".pw-calls li")
    ]


def _items(tag: Tag) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    return {
        text(heading): [
            (text(li.select_one(".pw-item")), text(li.select_one(".pw-where")), tuple(text(mark) for mark in li.select(".pw-mark")))
            for li in heading.find_next_sibling("ul").select("li")
        ]
        for heading in tag.select(".pw-kind")
    }


def glance_shown(html: str) -> dict[str, Any]:
    """The page at a glance, as it stands on the screen."""
    soup = BeautifulSoup(html, "html.parser")
    lines: dict[str, list[dict[str, Any]]] = {}
    for heading in soup.select(".pw-screen h2"):
        table = heading.find_next_sibling("table") if "pw-level" in heading.get("class", []) and heading["id"] != "otherwise" else None
        if table is not None:
            name = text(heading)
            lines[name] = [_line(row) | {"means": text(heading.find_next_sibling("p"))} for row in table.select("tbody tr")]
    otherwise = soup.select_one(".pw-otherwise")
    return {
        "first_aid": [text(one) for one in soup.select(".pw-first-aid .pw-item")],
        "lines": lines,
        "handovers": {li["data-rule"]: [text(a) for a in li.select("a")] for li in soup.select(".pw-handovers > li")},
        "otherwise": None
        if otherwise is None
        else {"level": text(soup.select_one("#otherwise")), "calls": _calls(otherwise), "items": _items(otherwise)},
    }


def _line(row: Tag) -> dict[str, Any]:
    title = text(row.th.a)
    return {
        "rule": row["data-rule"],
        "title": title,
        "when": text(row.select_one(".pw-condition")) or title,
        "narrows": text(row.select_one("th .pw-narrows")).removeprefix("narrows "),
        "discreet": text(row.select_one("th .pw-discreet")),
        "calls": _calls(row),
        "items": _items(row),
    }


def sheet_shown(html: str) -> dict[str, Any]:
    """The two sheets of paper: rule → level, calls and items, the letters read in their list; and the rows word for word."""
    paper = BeautifulSoup(html, "html.parser").select_one(".pw-paper")
    letters = {text(one.select_one(".pw-letter")): text(one.select_one(".pw-item")) for one in paper.select(".pw-legend")}
    found: dict[str, Any] = {}
    for group in paper.select(".pw-group"):
        head = group.select_one(".pw-group-head")
        calls = sorted(
            (
                text(one.select_one(".pw-service")),
                one.select_one(".pw-phone") is not None,
                text(one.select_one(".pw-when")),
                _unbracketed(one),
            )
            for one in head.select(".pw-call")
        )
        for entry in group.select(".pw-entry"):
            items = [(letters[text(one.select_one(".pw-letter"))], _unbracketed(one)) for one in entry.select(".pw-refers")]
            items += [(text(one.select_one(".pw-item")), _unbracketed(one)) for one in entry.select(".pw-own")]
            for rule in entry.select(".pw-entry-rule"):
                title = text(rule.b)
                found[rule["data-rule"]] = {
                    "title": title,
                    "when": text(rule.select_one(".pw-condition")) or title,
                    "level": text(head.select_one(".pw-level")),
                    "calls": calls,
                    "items": sorted(items),
                    "narrows": text(rule.select_one(".pw-narrows")).removeprefix("[narrows ").removesuffix("]"),
                }
    rows = {text(one.b): [text(span) for span in one.select("span:not(.pw-arrow)")] for one in paper.select(".pw-quoted")}
    return {"rules": found, "rows": rows}


def _unbracketed(tag: Tag) -> str:
    return text(tag.select_one(".pw-where")).removeprefix("(").removesuffix(")")


def findings_shown(html: str) -> dict[str, dict[str, dict[str, Any]]]:
    """The page of findings: the question of a group → finding → what stands there."""
    soup = BeautifulSoup(html, "html.parser")
    found: dict[str, dict[str, Any]] = {}
    for section in soup.select("section[data-finding]"):
        group = text(section.find_previous("h2"))
        found.setdefault(group, {})[section["data-finding"]] = {
            "ask": text(section.h3),
            "means": text(section.select_one(".pw-meaning")),
            "answer": text(section.select_one(".pw-answer")),
            "worse": text(section.select_one(".pw-worse")),
            "applies": text(section.select_one(".pw-applies")),
            "hides": [text(a) for a in section.select(".pw-hides a")],
            "measured": [text(a) for a in section.select(".pw-measured a")],
            "codes": [text(li) for li in section.select(".pw-codes li")],
            "readers": [text(a) for a in section.select(".pw-readers a")],
        }
    return found


# -- from the content --------------------------------------------------------------------------------------------------


class Told:
    """The canonical content as the pages should say it."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.findings = {one["id"]: one for one in content["findings"]}
        self.items = {one["id"]: one for one in content["items"]}
        self.levels = {one["id"]: one for one in content["urgency"]}
        self.limits = {one["id"]: one["label"] for one in content["limits"]}
        self.services = {one["id"]: one["name"] for one in content["services"]}
        self.facts = {one["id"]: one for one in content["site_facts"]}
        self.pathways = {one["id"]: one for one in content["pathways"]}

    def english(self, tree: Mapping[str, Any], own: Mapping[str, Any], inner: bool = False) -> str:
        """A condition read aloud, named conditions by what they mean."""
        if "definition" in tree:
            return str({**self.content["definitions"], **own}[tree["definition"]]["means"])
        if "not" in tree:
            said = self.english(tree["not"], own)
            return f"not ({said})" if {"all", "any"} & set(tree["not"]) else f"not: {said}"
        for word, join in (("all", "; and "), ("any", "; or ")):
            if word in tree:
                said = join.join(self.english(term, own, True) for term in tree[word])
                return f"({said})" if inner and len(tree[word]) > 1 else said
        finding = self.findings[tree["finding"]]
        if "number" in tree:
            limits = " and ".join(f"{OPERATORS[word]} {limit}" for word, limit in tree["number"].items())
            return f"{finding['ask']} {limits} {UNITS[finding['unit']]}".rstrip()
        if finding["kind"] == "choice":
            return f"{finding['ask']}: {' or '.join(finding['values'][value] for value in tree['is'])}"
        return str(finding["ask"]) if tree["is"] == ["yes"] else f"no: {finding['ask']}"

    def where(self, site: Mapping[str, Any] | None) -> str:
        said = []
        for name, wanted in (site or {}).items():
            fact = self.facts[name]
            if wanted is True:
                said.append(fact["means"])
            elif wanted is False:
                said.append(fact["negated"] or f"it is not so that {fact['means']}")
            else:
                said.append(f"{fact['means']}: " + " and ".join(f"{word.replace('_', ' ')} {limit}" for word, limit in wanted.items()))
        return f"if {' and '.join(said)}" if said else ""

    def calls(self, then: Mapping[str, Any]) -> list[tuple[str, bool, str, str]]:
        return [
            (self.services[row["service"]], row["contact"] == "now", self._by(row), line(self.where(row["site"])))
            for row in then["referrals"]
        ]

    def _by(self, row: Mapping[str, Any]) -> str:
        if row["window"]:
            first, last = (row["window"][key][1:-1] for key in ("not_before", "not_after"))
            return f"on day {first if first == last else f'{first} to {last}'} from the {row['window']['from'].replace('_', ' ')}"
        return "" if row["within"] == "now" == row["contact"] else self.limits[row["within"]]

    def items_of(self, then: Mapping[str, Any]) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
        given = {entry["item"]: entry for entry in then["items"]}
        found: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
        for kind, heading in (("action", "Do now"), ("advice", "Advice"), ("follow_up", "Follow-up")):
            listed = [
                (line(item["text"]), line(self.where(given[name]["site"])), tuple(self._marks(item)))
                for name, item in self.items.items()
                if name in given and item["kind"] == kind
            ]
            if listed:
                found[heading] = listed
        return found

    def _marks(self, item: Mapping[str, Any]) -> Iterator[str]:
        if item["reassures"]:
            yield REASSURES
        if item["discreet"]:
            yield DISCREET
        if item["before_call"]:
            yield f"{self.services[item['before_call']]} is phoned after {item['repeat_after']} minutes of it, if it has not helped"
        elif item["repeat_after"]:
            yield f"decide again after {item['repeat_after']} minutes"

    def _discreet(self, then: Mapping[str, Any] | None) -> str:
        return DISCREET if then and any(self.items[entry["item"]]["discreet"] for entry in then["items"]) else ""

    def _level(self, then: Mapping[str, Any] | None) -> str:
        return then["urgency"].upper().replace("_", " ") if then else ""

    def rules(self, pathway: str) -> dict[str, dict[str, Any]]:
        """What the page of rules should say; of the shared danger signs where the pathway is `red_flags`."""
        if pathway == "red_flags":
            return {one["id"]: self._rule(one, {}) for one in self.content["red_flags"]}
        about = self.pathways[pathway]
        found = {one["id"]: self._rule(one, about["definitions"]) for one in about["rules"]}
        if about["otherwise"]:
            found["otherwise"] = {
                **dict.fromkeys(("when", "handover", "basis", "narrows", "note", "discreet"), ""),
                "title": "no other rule of this pathway holds", "sources": {}, **self._outcome(about["otherwise"]),
            }  # fmt: skip
        return found

    def _rule(self, one: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "title": line(one["title"]),
            "when": line(self.english(one["when"], own)),
            **self._outcome(one["then"]),
            "handover": line(self.pathways[one["handover"]]["title"]) if one["handover"] else "",
            "basis": BASIS[one["basis"]],
            "sources": {name: self._source(name) for name in one["sources"]},
            "narrows": ", ".join(one["narrows"]),
            "note": line(one["note"]),
            "discreet": self._discreet(one["then"]),
        }

    def _outcome(self, then: Mapping[str, Any] | None) -> dict[str, Any]:
        return {
            "level": self._level(then),
            "means": line(self.levels[then["urgency"]]["label"]) if then else "",
            "calls": self.calls(then) if then else [],
            "items": self.items_of(then) if then else {},
        }

    def _source(self, name: str) -> dict[str, str]:
        sources = self.content["sources"]
        if name in sources["rows"]:
            return {
                "The table says of the patient": line(sources["rows"][name]["findings"]),
                "and of what to do": line(sources["rows"][name]["advice"]),
            }
        if name in sources["gaps"]:
            return {
                "The table leaves open": line(sources["gaps"][name]["problem"]),
                "Read here as": line(sources["gaps"][name]["resolution"]),
            }
        one = sources["evidence"][name]
        found = {
            "Title": line(one["title"]),
            "Where": line(one["where"]),
            f"Grade {one['grade']}": ", ".join(GRADES[g] for g in one["grade"].split("/")),
        }
        found |= {"Read": line(one["read"])} if one["read"] else {}
        return found | ({} if one["cite"] else {"Weight": "nothing may rest on it alone"})

    def glance(self, pathway: str) -> dict[str, Any]:
        """What the page at a glance should say."""
        about = self.pathways[pathway]
        lines: dict[str, list[dict[str, Any]]] = {}
        for lead, rules, own in (("Danger signs: ", self.content["red_flags"], {}), ("", about["rules"], about["definitions"])):
            for level in reversed(self.levels):
                of_level = [one for one in rules if one["then"] and one["then"]["urgency"] == level]
                if of_level:
                    lines[lead + level.upper().replace("_", " ")] = [self._line(one, own) for one in of_level]
        otherwise = about["otherwise"]
        return {
            "first_aid": [line(self.items[name]["text"]) for name in about["first_aid"]],
            "lines": lines,
            "handovers": {
                one["id"]: [line(one["title"]), line(self.pathways[one["handover"]]["title"])] for one in about["rules"] if one["handover"]
            },
            "otherwise": otherwise
            and {
                "level": f"Nothing of all this: {self._level(otherwise)}",
                "calls": self.calls(otherwise),
                "items": self.items_of(otherwise),
            },
        }

    def _line(self, one: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
        whole = self._rule(one, own)
        return {"rule": one["id"], **{key: whole[key] for key in ("title", "when", "narrows", "discreet", "calls", "items", "means")}}

    def sheet(self, pathway: str) -> dict[str, Any]:
        """What the paper should say: the danger signs, all that is urgent or more, all that encodes a row, and the rows."""
        about, urgent = self.pathways[pathway], list(self.levels).index("urgent")
        printed = [(one, {}) for one in self.content["red_flags"]]
        printed += [
            (one, about["definitions"])
            for one in about["rules"]
            if one["then"] and (list(self.levels).index(one["then"]["urgency"]) >= urgent or one["basis"] == "source")
        ]
        rows = dict.fromkeys(name for one in about["rules"] for name in one["sources"] if name in self.content["sources"]["rows"])
        return {
            "rules": {one["id"]: self._printed(one, own) for one, own in printed},
            "rows": {name: list(self._source(name).values()) for name in rows},
        }

    def _printed(self, one: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
        whole = self._rule(one, own)
        items = [(said, where) for listed in whole["items"].values() for said, where, _ in listed]
        return {
            **{key: whole[key] for key in ("title", "when", "level", "narrows")},
            "calls": sorted(whole["calls"]),
            "items": sorted(items),
        }

    def findings_of(self, wanted: frozenset[str] | None = None) -> dict[str, dict[str, dict[str, Any]]]:
        """What a page of findings should say, of these or all; without who reads them."""
        found: dict[str, dict[str, Any]] = {}
        for group in self.content["groups"]:
            for name, one in self.findings.items():
                if one["group"] == group["id"] and (wanted is None or name in wanted):
                    found.setdefault(line(group["ask"]), {})[name] = self._finding(one)
        return found

    def _finding(self, one: Mapping[str, Any]) -> dict[str, Any]:
        if one["kind"] == "yes_no":
            answer = "yes or no"
        elif one["kind"] == "choice":
            answer = " ".join(["one of", *(f"{value} {line(label)}" for value, label in one["values"].items())])
        else:
            low, high = sorted(one["range"], key=float)
            answer = line(f"a number from {low} to {high} {UNITS[one['unit']]}") + f", in steps of {one['resolution']} (unit {one['unit']})"
        return {
            "ask": line(one["ask"]),
            "means": line(one["means"]),
            "answer": answer,
            "worse": WORSE[one["worse"]],
            "applies": line(f"only if {self.english(one['applies'], {})}") if one["applies"] else "",
            "hides": [line(self.findings[name]["ask"]) for name in one["hides"]],
            "measured": [line(self.findings[name]["ask"]) for name in one["measured_by"]],
            "codes": [
                f"{ {'snomed': 'SNOMED CT', 'icd10': 'ICD-10'}[code['system']] } {code['code']} {MATCHES[code['match']]}; "
                + (f"read in {', '.join(map(line, code['verified_by']))}" if code["verified_by"] else "not verified")
                for code in one["codes"]
            ],
        }  # fmt: skip

    def readers(self, pathway: str | None) -> dict[str, list[str]]:
        """Finding → the titles of the rules that read it, by themselves or through a named condition."""
        asked = [("red_flags", self.content["red_flags"], {})]
        asked += [(name, one["rules"], one["definitions"]) for name, one in self.pathways.items() if pathway in (None, name)]
        found: dict[str, list[str]] = {}
        for _, rules, own in asked:
            for rule in rules:
                for name in sorted(self._read(rule["when"], own)):
                    found.setdefault(name, []).append(line(rule["title"]))
        return found

    def _read(self, tree: Mapping[str, Any], own: Mapping[str, Any]) -> set[str]:
        if "finding" in tree:
            return {tree["finding"]}
        if "definition" in tree:
            name = tree["definition"]
            return self._read(own[name]["when"], own) if name in own else self._read(self.content["definitions"][name]["when"], {})
        if "not" in tree:
            return self._read(tree["not"], own)
        return {name for term in tree.get("all") or tree.get("any") or () for name in self._read(term, own)}
