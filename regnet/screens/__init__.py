"""Screens: large perturbation screens in a folder, one Parquet file for each finished chunk.

A screen that was stopped, or killed, resumes with the chunks whose files are missing. A folder
contains the model and the plan, so it is self-contained; any tool that reads Parquet can query it.
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
