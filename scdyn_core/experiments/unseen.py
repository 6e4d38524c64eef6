"""How well the response of unseen types is predicted: every type is held out in turn."""

from __future__ import annotations
