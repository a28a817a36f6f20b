"""What a release is made of, as a CycloneDX document: the rule set, this package, and what is installed for it.

Needs the extra `release`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from uuid import NAMESPACE_URL, uuid5

from pathways.extras import Missing

try:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentScope, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion
    from packageurl import PackageURL
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name
except ModuleNotFoundError as error:
    raise Missing("a bill of materials needs", error.name or "cyclonedx", "release") from None

__all__ = ["sbom"]

PACKAGE = "ent-pathways"
EXTRAS = ("author", "site", "release")  # what made the release, and nobody needs who decides with it


def sbom(id: str, version: str, digest: str, commit: str, seconds: int) -> str:
    """The document for one rule set at one commit, the same for the same installed packages."""
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"{digest} {commit}"))
    bom.metadata.timestamp = datetime.fromtimestamp(seconds, UTC)
    rules = Component(
        name=id,
        version=version,
        type=ComponentType.DATA,
        bom_ref=f"{id}@{version}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )
    bom.metadata.component = rules
    core, every = dict(_installed(PACKAGE, ())), dict(_installed(PACKAGE, EXTRAS))
    components = {name: _component(found, name in core) for name, (found, _) in every.items()}
    for component in components.values():
        bom.components.add(component)
    bom.register_dependency(rules, [components[PACKAGE]] if PACKAGE in components else [])
    for name, (_, needs) in every.items():
        bom.register_dependency(components[name], [components[one] for one in needs if one in components])
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1) + "\n"


def _installed(root: str, extras: Iterable[str]) -> Iterator[tuple[str, tuple[Distribution, list[str]]]]:
    """The package and everything that it needs here, each with the names of what it needs itself."""
    waiting = [(root, frozenset(extras))]
    seen: dict[str, tuple[frozenset[str], tuple[Distribution, list[str]]]] = {}
    while waiting:
        name, wanted = waiting.pop(0)
        known = seen.get(name)
        if known is not None and wanted <= known[0]:
            continue
        wanted |= known[0] if known is not None else frozenset()
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        needs = [one for one in map(Requirement, found.requires or ()) if _needed(one, wanted)]
        seen[name] = (wanted, (found, sorted({canonicalize_name(one.name) for one in needs})))
        waiting += [(canonicalize_name(one.name), frozenset(one.extras)) for one in needs]
    for name in sorted(seen):
        yield name, seen[name][1]


def _needed(one: Requirement, extras: Iterable[str]) -> bool:
    return one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def _component(found: Distribution, required: bool) -> Component:
    name = canonicalize_name(found.metadata["Name"])
    about = found.metadata
    text = about["License"] if "License" in about else ""  # noqa: SIM401  # their type has no `get`
    if "License-Expression" in about:
        licences: list[LicenseExpression | DisjunctiveLicense] = [LicenseExpression(about["License-Expression"])]
    else:
        licences = [DisjunctiveLicense(name=text)] if text and "\n" not in text else []
    return Component(
        name=name,
        version=found.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{found.version}",
        purl=PackageURL("pypi", name=name, version=found.version),
        licenses=licences,
        scope=ComponentScope.REQUIRED if required else ComponentScope.OPTIONAL,
    )
