"""The door to the `scenarios/` folders of all kits: `privgym.scenarios.NAME` is a kit's pack."""

from privgym.kit import shelf

__path__ = shelf("scenarios", __path__)
