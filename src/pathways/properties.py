"""The properties that `check` asks of every rule set: the id of each, and what it says.

Knows nothing of how one is proved, so that whoever only names a property needs no solver.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TITLES"]

TITLES: Mapping[str, str] = {
    "P0": "somebody is possible, and every constraint excludes somebody",
    "P1": "every patient gets an outcome",
    "P2": "the order of rules and files means nothing",
    "P3": "whoever gets worse is not less urgent",
    "P3r": "a red flag holds whatever else is true",
    "P5a": "every rule can hold",
    "P5b": "every rule changes somebody's outcome",
    "P5c": "every comparison matters to somebody",
    "P6": "nobody is given what excludes each other",
    "PG": "an examination that failed is never less urgent than what it would have shown",
    "P7a": "whoever is urgent has somebody to turn to in time, wherever they are",
    "P7b": "a more urgent level never has more time",
    "P8": "every name is declared once, used, and taken for no other",
    "P9": "limits fit together, and cases stand at each and wherever no rule speaks",
    "P10": "never less urgent than is required",
    "P11": "never more urgent than is required",
    "P12": "two complaints together are decided as both alone",
    "P14": "definitions and handovers end, and so does every decision",
    "P16": "the rules differ in nothing from themselves, in whatever order",
    "P18": "every rule has its source, every row its rule, every review its day",
    "P19": "every question can change something, nobody is reassured before the red flags are known, and every path ends",
    "P20": "a pathway speaks of those whom it is for",
    "P21": "the same rules written otherwise are the same rules",
    "P22": "texts say the times, services and numbers that the rules say (words, no proof)",
}
