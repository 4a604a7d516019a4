"""Texts of blank forms: issuing them, and what intake says of a workbook that was issued."""

TEXTS: dict[str, tuple[str, str]] = {
    "help-blanks": (
        "生成空表：每个填报单位一个工作簿，村名、上期名册和在办问题已填好",
        "write blank forms: a workbook a reporter, with its villages, last rosters and open issues",
    ),
    "help-blanks-quarter": (
        "报告期，默认为本季（current），如 2026Q2、2026-05",
        "period, by default the current quarter: 2026Q2, 2026-05",
    ),
    "help-blanks-out": (
        "输出文件夹，默认 out/报告期/blanks",
        "output folder; default: out/PERIOD/blanks",
    ),
    "blanks-none": (
        "{found}没有应报的报表（ruralpb.yaml 的 due: 中没有相应的填报单位、报表或报告期）。",
        "Nothing is owed for {found}: due: in ruralpb.yaml names no such reporter, form or period.",
    ),
    "blanks-done": (
        "{period}：{files}个工作簿，{forms}张表，已填好{rows}行。",
        "{period}: {files} workbooks, {forms} forms, {rows} rows filled in already.",
    ),
    "column-forms-owed": ("报表数", "forms"),
    "column-rows-known": ("已填好行数", "rows known"),
    "next-blanks": (
        "下一步：把各单位的工作簿发给本单位（含个人信息，不要群发）；收回后放入{inbox}文件夹，运行 ruralpb ingest {inbox}",
        "Next: send each unit its own workbook (they hold personal data); put what comes back into {inbox}/ and run ruralpb ingest {inbox}",
    ),
    "progress-blanks": ("生成空表", "writing blank forms"),
    # What intake says
    "issued-other-period": (
        "《{form}》用的是{expected}的空表，而{found}。空表中已填好的名册和村名是{expected}的，请用本期下发的空表填报。",
        "“{form}” is on the blank issued for {expected}, yet: {found}. Its known rows are those of {expected}: use the blank of this period.",
    ),
    "issued-other-reporter": (
        "空表是发给{expected}的，而{found}。请各单位用发给本单位的空表填报；确是{expected}填报的，改正填报单位后重报。",
        "The blank was issued to {expected}, yet: {found}. Each unit uses its own blank; if {expected} sent it, correct the sender and send it again.",
    ),
    "issued-unknown-unit": (
        "空表是发给代码为{found}的单位的，本期单位名录中没有这个单位。请用本县下发给本单位的空表填报。",
        "The blank was issued to the unit {found}, which the register does not have in this period. Use the blank that was issued to you.",
    ),
    "issued-older-form": (
        "《{form}》用的是旧版空表，表式已有改动；已按现行表式读取，请核对新增和改动的栏目，下期使用新下发的空表。",
        "“{form}” is on a blank of an older version of the form; it was read by the present one. Look at columns that are new or changed.",
    ),
    "issued-untouched": (
        "《{form}》与下发的空表完全相同，也没有签名和报出日期，像是没有填。确无变动或确无此类情况的，填写填表人和报出日期后重报。",
        "“{form}” is exactly as it was issued, and nobody signed it: it seems not to be filled in. If there is nothing to report or to change, "
        "sign and date it and send it again.",
    ),
}
