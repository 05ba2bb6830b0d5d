"""Exchange: what file formats share.

Texts with the place of everything in them (`tomltext`, `jsontext`, `xmltext`), the rules of a file
as they are collected (`rulebook`, `leveltable`), and what a project becomes where a format holds
less (`portable` names, `interchange` as Boolean rules, compared by function).
"""
