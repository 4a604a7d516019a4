"""Texts of the command line: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    # What can go wrong before a command starts
    "period-unreadable": (
        "看不出“{found}”是哪个报告期。请写成 2026Q1、2026年一季度、2026-03、2026，或 current（本季）、last（上季）。",
        "“{found}” names no period. Write 2026Q1, 2026-03, 2026, current or last.",
    ),
    "date-unreadable": (
        "日期“{found}”无法识别。请写成 2026-04-08 的样式。",
        "“{found}” is no date. Write it as 2026-04-08.",
    ),
    "option-needs-value": ("选项 {found} 后面缺少内容。", "Option {found} needs a value."),
    "replace-or-part": (
        "--replace（整表替换）与 --part（补报一部分）只能选一个。",
        "Give either --replace (the whole return) or --part (a part of it), not both.",
    ),
    "option-twice": (
        "{found} 写了两次，只能写一次。",
        "{found} is given twice; it takes one value.",
    ),
    "option-takes-no-value": ("选项 {found} 后面不能带内容。", "Option {found} takes no value."),
    "no-such-option": (
        "没有 {found} 这个选项，最接近的：{expected}。在命令后加 --help 查看用法。",
        "There is no option {found}. Nearest: {expected}. Add --help after the command to see how it is used.",
    ),
    "no-such-command": (
        "没有“{found}”这个命令，可用：{expected}。ruralpb --help 列出全部命令。",
        "There is no command “{found}”: {expected}. ruralpb --help lists them all.",
    ),
    "parameter-missing": (
        "缺少 {found}。在命令后加 --help 查看用法。",
        "{found} is missing. Add --help after the command to see how it is used.",
    ),
    "parameter-wrong": (
        "{found} 后面应为数字。在命令后加 --help 查看用法。",
        "{found} must be a number. Add --help after the command to see how it is used.",
    ),
    "words-left-over": (
        "多出了：{found}。含空格的名称请加引号；在命令后加 --help 查看用法。",
        "Too many words: {found}. Quote names that hold spaces; add --help after the command to see how it is used.",
    ),
    "language-unknown": (
        "--lang 只有 zh（中文）和 en（英文），收到的是“{found}”。",
        "--lang is zh or en, got “{found}”.",
    ),
    "usage": (
        "命令写法不对：{found}。在命令后加 --help 查看用法。",
        "Wrong usage: {found}. Add --help after the command to see how it is used.",
    ),
    "interrupted": (
        "已中断。已归档的文件不会丢失，再运行一次即可接着做。",
        "Interrupted. Archived files are safe; run the command again to go on.",
    ),
    "environment": (
        "{where} 无法读写：{found}。请检查磁盘空间、权限，或文件是否被 WPS、Excel 打开着，再试一次。",
        "{where}: {found}. Check disk space, permissions and whether another program holds the file, then try again.",
    ),
    "bug": (
        "程序内部出错（{found}），数据未受影响。请设置 RURALPB_DEBUG=1 再运行一次，把显示的内容发给维护者。",
        "Internal error ({found}); your data is untouched. Run again with RURALPB_DEBUG=1 and send what it prints.",
    ),
    # Help
    "help-ruralpb": (
        "\b\n把乡镇报来的表格变成季度通报：收表、审核、汇总、成文，每个数字都能反查到单元格。",
        "From township workbooks to a quarterly briefing: ingest, validate, compile, report; every figure leads back to its cells.",
    ),
    "help-everywhere": (
        "\b\n各命令通用（写在命令前后都可以）：\n"
        "  -C, --project DIR  项目文件夹；默认从当前文件夹向上找 ruralpb.yaml\n"
        "  --json             结果只输出一份 JSON\n"
        "  -q, --quiet        只报错误\n"
        "  -v, --verbose      全部列出，并显示每一步用时\n"
        "  --lang zh|en       语言\n"
        "  --no-color         不用颜色（环境变量 NO_COLOR 亦可）\n"
        "  --version          版本\n"
        "\n\b\n退出码：0 完成 · 1 完成，有事要办 · 2 命令或定义不对 · 3 环境问题",
        "\b\nEverywhere, before or behind the command:\n"
        "  -C, --project DIR  the project; default: nearest folder upwards with ruralpb.yaml\n"
        "  --json             the result as one JSON document on stdout\n"
        "  -q, --quiet        errors only\n"
        "  -v, --verbose      list everything, say how long each step took\n"
        "  --lang zh|en       language\n"
        "  --no-color         no colours (as does the variable NO_COLOR)\n"
        "  --version          the version\n"
        "\n\b\nExit codes: 0 done · 1 done, something to act on · 2 not as asked · 3 environment",
    ),
    "help-demo": (
        "复制示例项目，从收表到成文走一遍，并告诉您看哪里",
        "the sample county, all its quarters, from files to briefing",
    ),
    "help-demo-folder": ("示例项目放在哪个文件夹", "where to put the sample project"),
    "help-init": ("新建一个项目文件夹", "make a new project folder"),
    "help-init-folder": ("新项目的文件夹", "the new project's folder"),
    "help-init-unit": ("本级单位名称，如 沅江市", "name of the reporting unit, e.g. 沅江市"),
    "help-init-units": ("单位名录 units.csv", "the register of units (units.csv)"),
    "help-ingest": (
        "收表：读取文件或文件夹，逐个说明读成了什么",
        "read returns: files and folders of any depth",
    ),
    "help-ingest-paths": ("文件或文件夹，可多个", "files or folders"),
    "help-quarter": (
        "报告期：2026Q1、2026年一季度、2026-03、current、last",
        "period: 2026Q1, 2026-03, 2026, current, last",
    ),
    "help-ingest-unit": (
        "这些文件的填报单位（与表内不一致则拒收）",
        "who sent these files (a contradiction is refused)",
    ),
    "help-unit": ("只看某个单位：代码或名称", "one unit only: code or name"),
    "help-report-unit": (
        "为哪个单位成文，默认本级；all 为下一级每个单位各出一份",
        "the unit to report on; default: the project's own; all: one for each unit of the level below",
    ),
    "pages-written": ("{unit}：{files}", "{unit}: {files}"),
    "pages-done": (
        "{period}：{units}个单位，文中数字{facts}个。",
        "{period}: {units} units, {facts} numbers in the texts.",
    ),
    "pages-no-units": (
        "“{found}”下面没有可以逐个成文的单位。请核对 units.csv，或用 --unit 指定单位。",
        "There is no unit below {found} to write a page for. Check units.csv, or name a unit with --unit.",
    ),
    "help-form": ("只涉及某张表：表的标识，如 village_economy", "one form only, by id, e.g. village_economy"),
    "help-received": ("收到日期，如 2026-04-07", "date of receipt, e.g. 2026-04-07"),
    "help-replace": ("后报的整表替换先报的", "the later return replaces the earlier one"),
    "help-part": ("后报的只补充一部分村", "the later return adds to the earlier one"),
    "help-password-file": (
        "存放打开密码的文本文件（不会被保存）",
        "text file with the workbooks' password (never stored)",
    ),
    "help-jobs": ("同时读取的文件数，默认按处理器个数", "files read at once; default: one per processor"),
    "help-wait": ("别的任务正在写入时最多等几秒", "seconds to wait while another run is writing"),
    "help-dry-run": ("只看会读成什么，不归档、不入库", "say what would be read; store nothing"),
    "help-show": ("显示每张表的表头对应和各行性质", "show each sheet's header map and rows"),
    "help-status": ("报送情况：谁报了、谁没报、谁迟报", "who has returned what"),
    "help-strict": ("有缺报时退出码为 1", "exit with 1 when returns are missing"),
    "help-status-out": (
        "把热力图和逐份清单写入 .xlsx 或 .html",
        "write the heat map and a line a return to FILE.xlsx or FILE.html",
    ),
    "help-reminders": (
        "给欠报的单位各写一份催报单",
        "a reminder (.docx, .txt) for each unit that owes something",
    ),
    "help-schedule": (
        "打印定时运行的任务定义（cron、systemd 或 Windows）",
        "print the job definition for cron, systemd or Windows",
    ),
    "help-schedule-cron": (
        "crontab 的一行（Linux、macOS 默认）",
        "lines of a crontab (default on Linux, macOS)",
    ),
    "help-schedule-systemd": ("systemd 的 .service 和 .timer", "a systemd .service and .timer"),
    "help-schedule-windows": (
        "Windows 任务计划程序的 XML（Windows 默认）",
        "XML for the Windows Task Scheduler (default there)",
    ),
    "help-schedule-at": ("几点运行", "time of day"),
    "help-schedule-days": (
        "哪几天：workdays、daily，或 mon,wed,fri、mon-sat",
        "workdays, daily, or a list such as mon,wed,fri or mon-sat",
    ),
    "help-schedule-out": ("写入文件；默认输出到屏幕", "write to a file; default: stdout"),
    "help-run": (
        "供定时任务使用：收表、审核、成文一次完成",
        "for cron: ingest the inbox, validate, report",
    ),
    "help-rebuild": ("由归档和日志重建数据库", "make the store again from archive and journal"),
    "help-validate": (
        "审核：列出错误、核实、提示及所在单元格",
        "run the checks; findings with file, sheet and cell",
    ),
    "help-severity": ("只看 error（错误）、query（核实）或 note（提示）", "only error, query or note"),
    "help-check": (
        "只看某条审核关系，如 R38；可写几次",
        "one check only, e.g. R38; may be given several times",
    ),
    "help-validate-sql": (
        "显示每条审核关系的 SQL，不执行",
        "print each check's sentence and SQL, run nothing",
    ),
    "help-indicators": (
        "汇总指标：数值、覆盖面、目标、位次、同比环比",
        "values, coverage, target, rank, change",
    ),
    "help-indicator-ids": ("指标标识，可多个；默认全部", "indicator ids; default: all"),
    "help-level": (
        "层级：county、township、village …，可用逗号分隔写几级；默认本级及下一级",
        "county, township, village …, several comma-separated; default: own level and the one below",
    ),
    "help-by": (
        "按单位名录的一栏分开算：in_demo_zone（示范区内外）、key_class（重点村类别）、kind（村、社区）、class（乡镇类别）",
        "the parts of the area apart, by a column of units.csv: in_demo_zone, key_class, kind, class",
    ),
    "help-compare": (
        "比较：previous（环比）、last_year（同比），逗号分隔",
        "previous, last_year (comma-separated)",
    ),
    "help-accepted-only": ("未通过审核的报表按缺报处理", "treat returns that are not accepted as missing"),
    "help-trace": ("反查：一个数字的公式、标准和每个单元格", "where a figure comes from, down to cells"),
    "help-trace-indicator": ("指标标识，如 one_shoulder_rate", "indicator id, e.g. one_shoulder_rate"),
    "help-report": ("生成通报：Word、网页、Excel", "render the briefing"),
    "help-template": ("模板名称或文件，默认 quarterly", "template name or file; default: quarterly"),
    "help-formats": ("格式，逗号分隔：docx,html,xlsx,md,pdf", "docx,html,xlsx,md,pdf (comma-separated)"),
    "help-out": ("输出文件夹，默认 out/报告期", "output folder; default: out/PERIOD"),
    "help-report-trace": ("列出文中每个数字及其来源单元格", "list each printed number with its cells"),
    "help-export": (
        "导出明细表：数据、指标、审核结果、读数说明、更正、报送、单位",
        "write facts, indicators, findings, notes, amendments, submissions, units",
    ),
    "help-export-what": (
        "facts|indicators|findings|notes|amendments|submissions|units",
        "facts|indicators|findings|notes|amendments|submissions|units",
    ),
    "help-export-format": ("csv、parquet、xlsx 或 json", "csv, parquet, xlsx or json"),
    "help-export-out": ("写入文件；默认输出到屏幕", "write to a file; default: stdout"),
    "help-personal": (
        "不遮盖身份证号等个人信息（须写 --reason，记入日志）",
        "do not mask personal fields (needs --reason; journaled)",
    ),
    "help-reason": ("理由", "the reason"),
    "help-sql": ("只读查询，个人信息自动遮盖", "read-only query; personal fields are masked"),
    "help-sql-query": ("select 语句", "a select statement"),
    "help-define": ("定义：检查、测试、列出、说明", "definitions: check, test, list, show"),
    "help-define-check": ("检查全部定义和模板有无错误", "lint all definitions and templates"),
    "help-define-test": ("运行定义旁边的用例", "run the cases beside the definitions"),
    "help-define-only": ("只测这些标识", "only these ids"),
    "help-define-list": (
        "列出报表、审核关系、指标、标准、销号台账、评分、名单",
        "list forms, checks, indicators, standards, watches, scores, lists",
    ),
    "help-define-kind": (
        "forms|checks|indicators|standards|watches|scores|lists",
        "forms|checks|indicators|standards|watches|scores|lists",
    ),
    "help-define-show": ("说明一个定义", "explain one definition"),
    "help-define-id": (
        "标识，如 R38、weak_village_n、village_economy",
        "id, e.g. R38, weak_village_n, village_economy",
    ),
    # Progress
    "progress-demo": ("示例", "demo"),
    "progress-ingest": ("收表", "reading"),
    "progress-run": ("运行", "run"),
    "progress-rebuild": ("重建", "rebuilding"),
    "progress-report": ("成文", "rendering"),
    # Results
    "demo-done": (
        "示例项目在 {folder}：读取 {files} 个文件，入库 {rows} 行。",
        "The sample project is in {folder}: {files} files read, {rows} rows stored.",
    ),
    "next-demo": (
        "请打开上面的 .docx 或 .html。接着试试：cd {folder}，再运行 ruralpb status --quarter 2026Q1、ruralpb trace one_shoulder_rate --quarter 2026Q1",
        "Open the .docx or .html above. Then try: cd {folder}; ruralpb status --quarter 2026Q1; ruralpb trace one_shoulder_rate --quarter 2026Q1",
    ),
    "written": ("已生成 {path}", "wrote {path}"),
    "init-done": ("已新建项目 {folder}", "new project in {folder}"),
    "init-file": ("  {name}", "  {name}"),
    "next-init-units": (
        "下一步：把本级和各乡镇、村填入 units.csv，核对 ruralpb.yaml，把报表放进 returns/，然后运行 ruralpb ingest returns",
        "Next: fill in units.csv, look through ruralpb.yaml, drop returns into returns/, then run ruralpb ingest returns",
    ),
    "next-init": (
        "下一步：核对 ruralpb.yaml，把报表放进 returns/，然后运行 ruralpb ingest returns",
        "Next: look through ruralpb.yaml, drop returns into returns/, then run ruralpb ingest returns",
    ),
    "sight-sheet": ("  工作表“{sheet}”", "  sheet {sheet!r}"),
    "sight-table": (
        "    《{form}》表头自 {first} 起：{columns}",
        "    {form}, header from {first}: {columns}",
    ),
    "sight-turned": (
        "    《{form}》横竖颠倒，栏目自 {first} 起逐行：{columns}",
        "    {form} on its side, fields row by row from {first}: {columns}",
    ),
    "sight-unread": ("    不认识的栏：{columns}", "    columns not known: {columns}"),
    "row-title": ("标题", "title"),
    "row-header": ("表头", "header"),
    "row-data": ("数据", "data"),
    "row-total": ("合计", "total"),
    "row-subtotal": ("小计", "subtotal"),
    "row-note": ("注", "note"),
    "row-signature": ("签署", "signature"),
    "row-repeated_header": ("重复表头", "header again"),
    "row-blank": ("空行", "blank"),
    "row-other": ("未读", "not read"),
    "file-taken": ("收下", "taken"),
    "file-unchanged": ("未变", "same"),
    "file-held": ("待定", "held"),
    "file-refused": ("拒收", "refused"),
    "file-counts": (
        "{rows} 行 · 说明 {notes} · 问题 {problems}",
        "{rows} rows · {notes} notes · {problems} problems",
    ),
    "sheet-not-read": ("未读取", "not read"),
    "table-detail": (
        "      {sheet}：表头第 {first}—{last} 行；{columns}",
        "      {sheet}: header rows {first}-{last}; {columns}",
    ),
    "ingest-done": (
        "收下 {taken} 个文件（{rows} 行），未变 {unchanged}，待定 {held}，拒收 {refused}。",
        "{taken} files taken ({rows} rows), {unchanged} unchanged, {held} held, {refused} refused.",
    ),
    "ingest-dry-run": (
        "试读，未入库：可收 {taken} 个文件（{rows} 行），未变 {unchanged}，待定 {held}，拒收 {refused}。",
        "Dry run, nothing stored: {taken} files could be taken ({rows} rows), {unchanged} unchanged, {held} held, {refused} refused.",
    ),
    "next-ingest": (
        "下一步：ruralpb status 看谁没报，ruralpb validate 审核。",
        "Next: ruralpb status shows who is missing, ruralpb validate runs the checks.",
    ),
    "next-ingest-problems": (
        "有 {left} 个文件没有收下，原件已归档。请按上面的说明处理后重新收表。",
        "{left} files were not taken; the originals are archived. Act on the messages above and ingest again.",
    ),
    "rebuild-done": (
        "已由归档和日志重建：{files} 个文件，{submissions} 份报表，{rows} 行。",
        "Rebuilt from archive and journal: {files} files, {submissions} submissions, {rows} rows.",
    ),
    "run-sent-back": (
        "退回材料：{count}个单位，其中新退回报表{new}份",
        "feedback written for {count} units; returns newly sent back: {new}",
    ),
    "next-run": (
        "有 {count} 件事要办：ruralpb validate --quarter {period} 查看。",
        "{count} things to act on: ruralpb validate --quarter {period}.",
    ),
    "next-run-clean": ("没有待办事项（{period}）。", "Nothing to act on ({period})."),
    "severity-error": ("错误", "error"),
    "severity-query": ("核实", "query"),
    "severity-note": ("提示", "note"),
    "ask-first": ("先核对 {cells}", "ask about {cells} first"),
    "ask-or-else": ("（或 {cells}）", " (or {cells})"),
    "findings-more": (
        "……还有 {count} 条，加 -v 全部显示，或用 --form、--unit、--check 缩小范围。",
        "… {count} more; -v shows all, --form, --unit and --check narrow.",
    ),
    "validate-done": (
        "{period}：错误 {errors}，核实 {queries}，提示 {notes}；另有 {unknown} 项因资料未报无法判断。",
        "{period}: {errors} errors, {queries} queries, {notes} notes; {unknown} could not be decided for lack of data.",
    ),
    "next-validate": (
        "下一步：把上面的问题发给乡镇改正重报；ruralpb export findings --quarter {period} --out findings.csv 导出清单",
        "Next: send these to the townships; ruralpb export findings --quarter {period} --out findings.csv writes the list",
    ),
    "next-validate-clean": (
        "没有需要处理的问题。下一步：ruralpb report --quarter {period}",
        "Nothing blocks. Next: ruralpb report --quarter {period}",
    ),
    "indicators-done": ("{period}：{count} 个数值。", "{period}: {count} values."),
    "next-indicators": (
        "想知道某个数怎么来的：ruralpb trace 指标标识 --quarter {period}",
        "To see where a figure comes from: ruralpb trace INDICATOR --quarter {period}",
    ),
    "single-quarter": ("（当季）", " (single quarter)"),
    "trace-figure": (
        "{title} · {unit} · {period}：{printed}",
        "{title} · {unit} · {period}: {printed}",
    ),
    "trace-formula": ("公式：{formula}", "Formula: {formula}"),
    "trace-parts": (
        "分子 {numerator}，分母 {denominator}",
        "numerator {numerator}, denominator {denominator}",
    ),
    "trace-coverage": (
        "覆盖 {covered}/{expected}；{unknown} 行因资料不全未计入",
        "covered {covered}/{expected}; {unknown} rows left out for lack of data",
    ),
    "trace-standard": (
        "标准：{title} {value}（{start} 起；{source}）",
        "Standard: {title} {value} (since {start}; {source})",
    ),
    "trace-more": ("……还有 {count} 个单元格，加 -v 全部显示。", "… {count} more cells; -v shows all."),
    "report-done": (
        "{period} 通报共用到 {facts} 个数字，均可反查。",
        "The briefing of {period} prints {facts} numbers, all of them traceable.",
    ),
    "next-report": (
        "下一步：打开核对文字，定稿后送签。",
        "Next: open it, look through the wording, send it for signature.",
    ),
    "next-report-draft": (
        "这是草稿：还有报表未通过审核（ruralpb status --quarter {period}）。",
        "This is a draft: some returns are not accepted yet (ruralpb status --quarter {period}).",
    ),
    "export-done": ("已写入 {path}（{rows} 行）", "wrote {path} ({rows} rows)"),
    "export-binary": (
        "这种格式不能显示在屏幕上，请加 --out 文件名。",
        "This format is not for a screen: give --out FILE.",
    ),
    "sql-done": ("{rows} 行", "{rows} rows"),
    "define-checked": (
        "报表 {forms}、审核关系 {checks}、指标 {indicators}、标准 {standards}、用例 {cases}；错误 {errors}，提醒 {warnings}。",
        "{forms} forms, {checks} checks, {indicators} indicators, {standards} standards, {cases} cases; {errors} errors, {warnings} warnings.",
    ),
    "next-define": ("下一步：ruralpb define test 运行用例。", "Next: ruralpb define test runs the cases."),
    "next-define-errors": ("请按“文件:行号”改正后再检查一次。", "Correct them at file:line and check again."),
    "case-miss": (
        "    {what} {unit}：应为 {expected}，实为 {got}",
        "    {what} {unit}: expected {expected}, got {got}",
    ),
    "cases-done": ("用例 {count} 个，不符 {failed} 个。", "{count} cases, {failed} failed."),
    "cases-left-out": (
        "另有 {count} 个内置用例未运行：definitions/ 改动了它们所说的定义。",
        "{count} built-in cases left out: definitions/ changes what they are about.",
    ),
    "next-define-list": ("想看某一个：ruralpb define show 标识", "To see one: ruralpb define show ID"),
    "switched-off": ("停用", "off"),
    "kind-forms": ("报表", "form"),
    "kind-checks": ("审核关系", "check"),
    "kind-indicators": ("指标", "indicator"),
    "kind-standards": ("标准", "standard"),
    "kind-watches": ("销号台账", "watch"),
    "kind-scores": ("评分", "score"),
    "kind-lists": ("名单", "list"),
    # Table heads
    "column-period": ("报告期", "period"),
    "column-findings": ("审核问题", "findings"),
    "column-figures": ("文中数字", "figures"),
    "column-unit": ("单位", "unit"),
    "column-indicator": ("指标", "indicator"),
    "column-value": ("数值", "value"),
    "column-coverage": ("覆盖", "covered"),
    "column-target": ("目标", "target"),
    "column-rank": ("位次", "rank"),
    "column-previous": ("环比", "previous"),
    "column-last-year": ("同比", "last year"),
    "column-side": ("部分", "side"),
    "column-field": ("栏目", "field"),
    "column-raw": ("原文", "raw"),
    "column-read": ("读作", "read as"),
    "column-file": ("文件", "file"),
    "column-sheet": ("工作表", "sheet"),
    "column-cell": ("单元格", "cell"),
    "column-note": ("说明", "note"),
    "column-printed": ("文中", "printed"),
    "column-fact": ("事实", "fact"),
    "column-says": ("含义", "says"),
    "column-cells": ("单元格", "cells"),
    "column-kind": ("类别", "kind"),
    "column-id": ("标识", "id"),
    "column-title": ("名称", "title"),
    "column-about": ("所属", "of"),
    "column-state": ("状态", "state"),
    "column-key": ("键", "key"),
    "column-type": ("类型", "type"),
    "column-measure": ("单位", "measure"),
    "column-aliases": ("别名", "aliases"),
    "column-severity": ("级别", "severity"),
    "column-message": ("提示语", "message"),
    "column-case": ("用例", "case"),
    "column-where": ("位置", "where"),
    # What was asked cannot be found
    "no-such-unit": (
        "单位名录里没有“{found}”。最接近的：{expected}。",
        "The register has no unit “{found}”. Nearest: {expected}.",
    ),
    "several-units": (
        "“{found}”有不止一个：{expected}。请用代码指定。",
        "“{found}” is more than one unit: {expected}. Give the code.",
    ),
    "compare-unknown": (
        "不认识的比较“{found}”，可用 previous（环比）、last_year（同比）。",
        "Unknown comparison “{found}”: previous or last_year.",
    ),
    "cut-unknown": (
        "不能按“{found}”分开算，可用：{expected}。",
        "Cannot be cut by “{found}”: one of {expected}.",
    ),
    "cut-in-zone": ("示范区内", "in a demonstration zone"),
    "cut-outside-zone": ("示范区外", "outside demonstration zones"),
    "cut-none": ("其他", "other"),
    "level-unknown": (
        "不认识的层级“{found}”，可用：{expected}。",
        "Unknown level “{found}”: one of {expected}.",
    ),
    "period-without-returns": (
        "{found} 还没有任何报表。已有的报告期：{expected}。请先 ruralpb ingest 收表。",
        "There are no returns for {found}. There are for: {expected}. Run ruralpb ingest first.",
    ),
    "folder-not-empty": (
        "文件夹 {found} 里已有别的东西。请换一个空文件夹。",
        "Folder {found} holds something else. Name an empty one.",
    ),
    "project-exists": (
        "{found} 里已有 ruralpb.yaml。请换一个文件夹，或直接使用这个项目。",
        "{found} has a ruralpb.yaml already. Name another folder, or use this project.",
    ),
    "init-unit": (
        "看不出哪个是本级单位（名录共 {found} 行）。请用 --unit 写明名称或代码。",
        "Cannot tell the reporting unit from the register ({found} rows). Name it with --unit.",
    ),
    "file-missing": ("找不到文件 {found}。", "There is no file {found}."),
    "export-what": (
        "没有“{found}”这种导出，可用：{expected}。",
        "There is no export “{found}”: one of {expected}.",
    ),
    "export-format": (
        "没有“{found}”这种格式，可用：{expected}。",
        "There is no format “{found}”: one of {expected}.",
    ),
    "disclosure-reason": (
        "要看个人信息，须用 --reason 写明理由（记入日志）。",
        "Personal data need a --reason (it is journaled).",
    ),
    "sql-unreadable": ("SQL 读不懂：{found}", "The SQL cannot be read: {found}"),
    "sql-not-select": (
        "只能是一条 select 语句，收到的是：{found}",
        "One select statement only; got: {found}",
    ),
    "sql-unknown-relation": (
        "没有“{found}”这个表，可用：{expected}。",
        "There is no relation “{found}”: one of {expected}.",
    ),
    "sql-function": ("查询中不能使用 {found}。", "{found} is not allowed in a query."),
    "sql-failed": ("查询失败：{found}", "The query failed: {found}"),
}
