"""What a reporter must not read of others in what goes back to it."""

from __future__ import annotations

from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model import Finding


class OtherReporters:
    """What a reporter must not read of others: a check over the rows of several may put a person of one into the message to another."""

    def __init__(self, project: Project, period: Period, code: str) -> None:
        self._project, self._period, self._code = project, period, code
        self._values: dict[str, frozenset[str]] = {}

    def names(self, finding: Finding) -> frozenset[str]:
        """The personal values of other reporters' rows in the form of a check that rests on them; none for any other check."""
        if {cell.submission.partition("-")[0] for cell in finding.cells if cell.submission} <= {self._code}:
            return frozenset()
        if finding.form not in self._values:
            self._values[finding.form] = self._read(finding.form)
        return self._values[finding.form]

    def _read(self, form_id: str) -> frozenset[str]:
        form = self._project.definitions.library.forms.get(form_id)
        fields = (
            [f.id for f in form.fields if f.sensitive and f.type in ("text", "id_card", "phone")]
            if form
            else []
        )
        if not fields:
            return frozenset()
        with self._project.session(self._period) as session:
            rows = session.rows_by_reporter(form_id, fields, self._period)
        mine = {str(value) for code, *values in rows if code == self._code for value in values if value}
        all_ = {str(value) for _, *values in rows for value in values if value}
        return frozenset(value for value in all_ - mine if len(value) > 1)
