"""The rule set as a site that a governance reviewer reads and a clinician uses: pages made of it at build time, never committed.

`volume` is all that pages are made of, `pages` the table of them, `plugin` what MkDocs calls.
"""
