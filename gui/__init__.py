"""The desktop app: a window on `regnet`.

It shows and edits one project at a time. All analysis is done by `regnet`; this package holds only
documents, drawings and controls. README.md in this folder explains how the parts fit together.
"""
