"""What the theme leaves out: names that people who do not see a page need.

Knows nothing of what a page says.
"""

from __future__ import annotations

import re

__all__ = ["named"]

_SEARCH = re.compile(r'(<div class="md-search"[^>]*\brole="dialog")(?![^>]*\baria-label)')


def named(html: str) -> str:
    """The page with a name for the search of the theme, which is a dialog without one."""
    return _SEARCH.sub(r'\1 aria-label="Search"', html)
