"""Regions are adapters: what differs from the national interface, by the area that is spoken to.

A region is a folder with data (`region.toml`) and at most one module. `national` is complete; every
other file says only what it has otherwise. Where to look: `loading` (files to values, validated),
`limits` (how many lines a message takes), `dialect` (what a region's own module has to offer).
"""
