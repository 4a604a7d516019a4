"""The types that pass between stages: frozen, picklable, without behaviour beyond looking things up.

Layer 3. Codes are text, amounts Decimal.

    definitions   Form, Field, Check, Indicator, Standard …: what YAML says
    mechanisms    Watch, Score, ListDefinition: what is watched, rated and listed
    register      Unit, Register: what units.csv says
    settings      Settings, DueRule, RunRule, TargetRow: what ruralpb.yaml and targets.csv say
    reading       Grid, Match, Block, Note, Reading: what one file says
    rows          Rows: the rows of a Block as columns, for the way to the store
    records       Receipt, Submission, Finding, Value …: what is kept and computed
"""

from __future__ import annotations

from ruralpb.model.definitions import (
    ALWAYS,
    Aggregate,
    Alias,
    Band,
    Better,
    Check,
    Dated,
    EnumValue,
    Field,
    FieldType,
    Form,
    HeaderMapping,
    Indicator,
    Library,
    PeriodKind,
    Standard,
    StandardValue,
    Target,
    Time,
)
from ruralpb.model.mechanisms import Criterion, ListDefinition, Score, ScoreLine, Watch, WatchState
from ruralpb.model.reading import (
    Block,
    CellError,
    Evidence,
    Grid,
    IntakeOptions,
    Match,
    Note,
    Range,
    Reading,
    Row,
    RowClass,
    SheetReading,
    Sight,
    SightedTable,
    Uncached,
    cell_name,
    cell_position,
)
from ruralpb.model.records import (
    Address,
    Comparison,
    Decision,
    Finding,
    Outcome,
    Receipt,
    ReturnState,
    ReturnStatus,
    Submission,
    SubmissionState,
    Timeliness,
    Value,
)
from ruralpb.model.register import LEVELS, Level, Register, Unit
from ruralpb.model.rows import Column, Rows, columnar
from ruralpb.model.settings import DueRule, RunRule, Settings, TargetRow

__all__ = [
    "ALWAYS",
    "LEVELS",
    "Address",
    "Aggregate",
    "Alias",
    "Band",
    "Better",
    "Block",
    "CellError",
    "Check",
    "Column",
    "Comparison",
    "Criterion",
    "Dated",
    "Decision",
    "DueRule",
    "EnumValue",
    "Evidence",
    "Field",
    "FieldType",
    "Finding",
    "Form",
    "Grid",
    "HeaderMapping",
    "Indicator",
    "IntakeOptions",
    "Level",
    "Library",
    "ListDefinition",
    "Match",
    "Note",
    "Outcome",
    "PeriodKind",
    "Range",
    "Reading",
    "Receipt",
    "Register",
    "ReturnState",
    "ReturnStatus",
    "Row",
    "RowClass",
    "Rows",
    "RunRule",
    "Score",
    "ScoreLine",
    "Settings",
    "SheetReading",
    "Sight",
    "SightedTable",
    "Standard",
    "StandardValue",
    "Submission",
    "SubmissionState",
    "Target",
    "TargetRow",
    "Time",
    "Timeliness",
    "Uncached",
    "Unit",
    "Value",
    "Watch",
    "WatchState",
    "cell_name",
    "cell_position",
    "columnar",
]
