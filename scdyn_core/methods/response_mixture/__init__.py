"""Response mixture: genes as scaled, earlier or later copies of a few response templates."""
