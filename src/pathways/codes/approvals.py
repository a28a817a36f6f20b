"""Codes of signatures: records that cannot be trusted, and rules that not everybody has signed."""

from __future__ import annotations

from pathways.codes.entry import Code, Group

__all__ = ["GROUPS"]

GROUPS: tuple[Group, ...] = (
    Group(
        "Signatures",
        {
            "approval-edited": Code(
                "a record of a signature was edited by hand",
                "The seal of the record does not fit what it says after the records before it. "
                "While one record cannot be trusted, none is, and the rules are a draft.",
                "A signature stands under what its signer saw. Words that somebody else put there were signed by nobody.",
                "Put `approvals.yaml` back as `pathways approve` wrote it; git has it. Whoever wants to say more signs anew.",
            ),
            "approval-of-other-content": Code(
                "what was signed is not what is kept",
                "The file in `approved/` has another SHA-256 than its name and the signature say.",
                "What changed since the approval is told by this file. With other content in it, changes are hidden or made up.",
                "Put the file back as it was signed; git has it.",
            ),
            "approval-twice": Code(
                "a signature stands twice",
                "The same person signed the same rules in the same role before, and nothing changed between.",
                "Two records look like two people.",
                "Put `approvals.yaml` back as `pathways approve` wrote it, which does not sign twice.",
            ),
            "approval-without-content": Code(
                "what was signed is not kept",
                "A signature names a digest, and `approved/` has no file of that name.",
                "Nobody can say any more what was signed, or what changed since.",
                "Put the folder `approved/` back; git has it. It belongs beside `approvals.yaml`, in every commit and every copy.",
            ),
            "not-approved": Code(
                "the rules are not approved",
                "The caller asked for approved rules, with `load(require_approved=True)`, and not everybody has signed these who must; "
                "or a change voided the signatures.",
                "Whoever asks for approved rules answers for patients, and a draft must not decide them.",
                "Read `pathways status`: it names who must still sign, and whom the changes since the last approval touch.",
            ),
        },
    ),
)
