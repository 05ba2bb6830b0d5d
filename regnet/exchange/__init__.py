"""Exchange: shared parts of file formats.

Parsers with source positions (`tomltext`, `jsontext`, `xmltext`), collectors of rules (`rulebook`,
`leveltable`), and conversions of projects for less expressive formats (`portable` names,
`interchange` as Boolean rules, compared by function).
"""
