"""The version of regnet; what every result carries."""

VERSION = "0.1.0"
