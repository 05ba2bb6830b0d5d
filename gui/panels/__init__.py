"""One folder for each panel; none knows another."""
