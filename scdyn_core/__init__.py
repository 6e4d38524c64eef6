"""How cells change and what drives them: the library behind the scdyn dashboard."""

__version__ = "0.1.0"
