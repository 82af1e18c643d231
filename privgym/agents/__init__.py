"""The door to the `agents/` folders of all kits: `privgym.agents.NAME` is a kit's agent."""

from privgym.kit import shelf

__path__ = shelf("agents", __path__)
