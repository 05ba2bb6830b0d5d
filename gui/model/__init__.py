"""The open project, its history, the selection and the running jobs; no widgets."""
