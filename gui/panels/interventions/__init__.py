"""The panel interventions."""
