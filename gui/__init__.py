"""The desktop app: a window on `regnet`.

It shows and edits one project at a time. Everything it knows of biology comes from `regnet`; here
are only documents, pictures and controls. README.md in this folder says how the parts fit.
"""
