"""One folder per panel; panels do not import each other."""
