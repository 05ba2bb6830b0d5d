"""The panel network."""
