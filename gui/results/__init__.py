"""Results: storing, listing, re-running and exporting them as Python."""
