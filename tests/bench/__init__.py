"""Timed comparisons with other programs; ``make bench`` runs them."""
