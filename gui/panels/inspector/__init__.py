"""The panel inspector."""
