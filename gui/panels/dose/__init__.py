"""The panel dose."""
