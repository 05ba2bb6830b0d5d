"""The frame: window, start page, files, command palette and tour."""
