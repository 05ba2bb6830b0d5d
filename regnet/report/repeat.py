"""Repeat: ask the question behind a record again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regnet.errors import FormatError
from regnet.project import Project
from regnet.questions import QUESTIONS, ask
from regnet.records.codec import asked_from_json


def repeat(project: Project, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of the same question, asked of the model again.

    A time limit that was not reached is left out, as it did not affect the answer.

    Parameters
    ----------
    project
        The model.
    record
        A return value of one of the ``.._to_json`` functions of `regnet.records`.

    Raises
    ------
    FormatError
        If the record does not contain its question.
    RegnetError
        If the question does not fit the model.
    """
    if not record.get("asked"):
        raise FormatError("this record does not contain its question, so it cannot be repeated")
    asked = asked_from_json(record["asked"])
    answer = ask(asked.without("timeout", "each") if record["complete"] else asked, project)
    again = QUESTIONS[asked.question].to_json(answer, project, timed=False)
    return {**again, "asked": record["asked"]}
