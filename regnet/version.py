"""The version of regnet; what every result carries."""

VERSION = "0.2.0"

CITATION = (
    "The regnet developers: regnet: logical models of regulatory networks. Software, "
    f"version {VERSION}"
)
"""How to cite regnet; CITATION.cff says the same."""
