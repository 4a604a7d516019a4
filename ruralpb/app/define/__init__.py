"""Define: lint the definitions, run their cases, list them, explain one.

Works on a project, or on the built-in library where there is none.

    check   every problem of the definitions and of their cases, and what is doubtful about them
    test    the cases beside the definitions, run on a scratch store
    list_   what there is, what is switched off too
    show    one definition for a person to read
    schema  the JSON Schema by which an editor checks what is being written
"""

from ruralpb.app.define.checking import Checked, check
from ruralpb.app.define.explain import ExplainedDefinition, show
from ruralpb.app.define.listing import Listed, list_
from ruralpb.app.define.schemas import schema, write_schemas
from ruralpb.app.define.trial import test
from ruralpb.model.library import KINDS
from ruralpb.rules.definitions.case_misses import CaseResult, Miss

__all__ = [
    "KINDS",
    "CaseResult",
    "Checked",
    "ExplainedDefinition",
    "Listed",
    "Miss",
    "check",
    "list_",
    "schema",
    "show",
    "test",
    "write_schemas",
]
