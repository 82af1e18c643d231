"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# Two busy cores make a deadline a coin toss; a fixed seed makes a failure there repeatable here.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
