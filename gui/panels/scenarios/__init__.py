"""The panel scenarios."""
