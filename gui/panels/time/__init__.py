"""The panel time."""
