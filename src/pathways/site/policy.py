"""The content security policy of a page: nothing from elsewhere, and no script but files of the site and the theme's own.

Inline scripts are allowed by their hashes, and only those that stand outside the content of the page: what a rule file says
can never become one of them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

__all__ = ["guarded", "policy"]

# A script element without `src`; what is not JavaScript (JSON for the theme's bundle) needs no permission.
_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL | re.IGNORECASE)
NOT_INLINE = (" src=", "application/json")
_CHARSET = re.compile(r'<meta charset="?utf-8"?\s*/?>', re.IGNORECASE)


def guarded(html: str, content: str = "") -> str:
    """The page with its policy, which stands before everything that it governs. `content` is the part that authors wrote."""
    allowed = policy(html.replace(content, "") if content else html)
    start = _CHARSET.search(html)
    if start is None:
        raise ValueError("the theme writes no <meta charset>, after which the policy belongs")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{allowed}">'
    return f"{html[: start.end()]}\n      {meta}{html[start.end() :]}"


def policy(html: str) -> str:
    """The policy that lets the inline scripts of this page run, and nothing else that is not a file of the site.

    Inline style is allowed: the theme sets widths and hides parts by style attributes, which cannot be hashed. Images may be
    `data:`, as the theme's style sheet has its icons so. The search of the theme starts a worker from a file of the site.
    """
    scripts = [
        match["text"]
        for match in _INLINE.finditer(html)
        if " src=" not in match["attributes"] and "application/json" not in match["attributes"]
    ]
    hashes = sorted({f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts})
    return "; ".join(
        [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'none'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
        ]
    )
