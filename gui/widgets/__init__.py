"""Controls, tables and drawings that several panels share."""
