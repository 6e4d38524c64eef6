"""Network parts shared by the methods."""
