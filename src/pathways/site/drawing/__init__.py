"""Diagrams as SVG, drawn when the pages are made: no script, no font and no image; what they say is text that can be read aloud."""
