"""The frame: window, start page, files, palette and tour put the panels together."""
