"""The door to the `tools/` folders of all kits: `privgym.tools.NAME` is a kit's tool."""

from privgym.kit import shelf

__path__ = shelf("tools", __path__)
