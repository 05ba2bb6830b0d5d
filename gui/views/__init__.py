"""Views: one module per panel; none knows another."""
