"""Screens: large perturbation screens in a folder, one Parquet file for each finished chunk.

What is on disk is what was computed: a screen that was stopped, or killed, goes on with the chunks
whose files are not there. A folder holds the model and the plan, so it can be read without anything
else; any tool that reads Parquet can query it.
"""

from regnet.screens.folder import Rows, ScreenFolder, drop_screen, open_screen
from regnet.screens.run import estimate, lasting, run_screen

__all__ = [
    "Rows",
    "ScreenFolder",
    "drop_screen",
    "estimate",
    "lasting",
    "open_screen",
    "run_screen",
]
