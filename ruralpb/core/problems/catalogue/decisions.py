"""Texts of decisions (explain, amend, withdraw, answers) and of the history of returns: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    # Help
    "help-explain": (
        "说明核实性问题：谁、为什么；数据或规则一变即失效",
        "explain queries: who and why; lapses when the data or the check change",
    ),
    "help-explain-findings": ("问题编号（见 validate），可写多个", "ids of findings (see validate)"),
    "help-amend": (
        "更正一格的取值；报来的原值保留",
        "let a cell count as another value; the reported one stays",
    ),
    "help-withdraw": ("撤回一个版本，前一版本重新有效", "withdraw a version; the one before counts again"),
    "help-submission": (
        "报表版本编号（见 history）",
        "id of the version, e.g. 430981104-village_economy-2026Q1-v1",
    ),
    "help-who": ("作出决定或说明的人", "who decides or explains"),
    "help-basis": (
        "依据（账簿、文件、核实记录等）",
        "the evidence: a ledger, a document, a record of inspection",
    ),
    "help-amend-cell": ("单元格，如 村集体经济!C6", "the cell, e.g. 村集体经济!C6"),
    "help-amend-unit": ("哪个村或单位（不用 --cell 时）", "whom the row is about (instead of --cell)"),
    "help-amend-field": ("哪一栏：字段名或标题", "which field: id or title"),
    "help-amend-row": (
        "同一单位有多行时：编号、姓名等主键",
        "which of several rows: a value of its key (a number, a name)",
    ),
    "help-amend-value": (
        "应取的值，按该栏的填报规则识别；空为不填",
        "what counts instead, read like a cell; empty for none",
    ),
    "help-history": (
        "各报表的版次、每次改了哪些格，谁作了什么决定",
        "versions of returns, what each changed cell by cell, who decided what",
    ),
    "help-history-unit": ("乡镇或单位；不写为全部", "township or other unit; all by default"),
    "help-history-quarter": ("哪一期；不写为全部", "which period; all by default"),
    # What a decision needs
    "decision-needs": (
        "缺少 {found}：每一项决定都要写明谁、为什么、依据什么，并记入日志。",
        "{found} is missing: the journal says of each decision who made it, why and on what basis.",
    ),
    "decision-sealed": (
        "{found} 已封存（{expected}），不能再改。确需改动，先运行 ruralpb unlock --quarter {found} --reason …。",
        "{found} is sealed ({expected}). To change anything, run ruralpb unlock --quarter {found} --reason … first.",
    ),
    # explain
    "finding-unknown": (
        "{period} 没有编号为“{found}”的问题。最接近的：{expected}。编号见 ruralpb validate --quarter {period}。",
        "{period} has no finding “{found}”. Nearest: {expected}. ruralpb validate --quarter {period} lists them.",
    ),
    "explain-error": (
        "{found}是强制性错误，不能用说明代替：{message} 请乡镇在原表中改正后重报；数据有据可查的，可用 ruralpb amend 更正。",
        "{found} is an error and cannot be explained away: {message} The return is corrected and sent again, or, where there is evidence, amended.",
    ),
    "explain-note": (
        "{found}是提示，不需要说明，未记录。",
        "{found} is a note and needs no explanation; nothing was recorded.",
    ),
    "explain-amended": (
        "{found}已由更正解决，不需要说明。",
        "{found} is settled by an amendment and needs no explanation.",
    ),
    # amend
    "submission-unknown": (
        "没有编号为“{found}”的报表版本。最接近的：{expected}。编号见 ruralpb history 或 ruralpb export submissions。",
        "There is no submission “{found}”. Nearest: {expected}. ruralpb history and ruralpb export submissions list them.",
    ),
    "amend-not-current": (
        "{found}不是现行版本，更正对它不起作用。现行版本：{expected}。",
        "{found} is not in force, so amending it changes nothing. In force: {expected}.",
    ),
    "amend-which": (
        "要更正哪一格？用 --cell 工作表!C6 指明单元格，或用 --unit 村名 --field 字段 指明。",
        "Which cell? Name it by --cell SHEET!C6, or by --unit and --field.",
    ),
    "amend-no-cell": (
        "{found}不是这份报表的数据单元格。数据单元格如：{expected}。",
        "{found} is no cell with a value of this return. Such cells are: {expected}.",
    ),
    "amend-no-field": (
        "这份报表没有“{found}”这一栏。最接近的：{expected}。",
        "This return has no field “{found}”. Nearest: {expected}.",
    ),
    "amend-no-column": (
        "报来的表里没有“{found}”这一栏，没有单元格可以更正。请乡镇补上这一栏后重报。",
        "The return came without the column “{found}”, so there is no cell to amend. It has to be sent again with it.",
    ),
    "amend-no-unit": (
        "这份报表里没有“{found}”的行。最接近的：{expected}。",
        "This return has no row about “{found}”. Nearest: {expected}.",
    ),
    "amend-no-row": (
        "这份报表里没有主键为“{found}”的行。用 --cell 工作表!C6 指明单元格。",
        "This return has no row with the key “{found}”. Name the cell by --cell SHEET!C6.",
    ),
    "amend-several-rows": (
        "“{found}”有多行，请用 --row 写明主键（编号、姓名等），或用 --cell 指明单元格：{expected}。",
        "There are several rows about “{found}”. Name one by --row and its key, or the cell by --cell: {expected}.",
    ),
    "amend-unit-field": (
        "“{found}”说明这一行是谁的，不能更正成别的单位。请乡镇在原表中改正后重报。",
        "“{found}” says whom the row is about and cannot be amended. The return is corrected and sent again.",
    ),
    "amend-same": (
        "{expected}现在的取值就是“{found}”，没有要更正的。",
        "The value of {expected} is “{found}” already; there is nothing to amend.",
    ),
    "amended-cell": (
        "按更正取值：原报{was}，取{now}（{by}，{at}；理由：{reason}；依据：{basis}）",
        "amended: reported {was}, taken as {now} ({by}, {at}; reason: {reason}; basis: {basis})",
    ),
    "amended-blank": ("空", "blank"),
    # withdraw
    "withdraw-twice": (
        "{found}已经撤回过（{expected}）。",
        "{found} has been withdrawn already ({expected}).",
    ),
    # Answers of a 核实清单
    "answer-gone": (
        "{found}所问的问题已不存在（数据已更正），说明不需要了，未记录。",
        "{found} is no longer found (the data were corrected), so the explanation is not needed and was not recorded.",
    ),
    "answer-stale": (
        "{found}所问的数据或校核规则已经变了，这条说明是针对原来的情况，未采纳。请按最新的核实清单重新说明。",
        "What {found} asks about has changed since the list was made; the explanation was not taken. Explain it again in the latest list.",
    ),
    "answers-known": (
        "这份核实清单已经收过（{expected}），没有变化。",
        "This 核实清单 has been received before ({expected}); nothing has changed.",
    ),
    "answers-period": (
        "核实清单写的报告期“{found}”无法识别，未采纳。",
        "The 核实清单 names the period “{found}”, which cannot be read; nothing was taken.",
    ),
    # What is said on the terminal
    "explained": (
        "已记录说明：{finding}（{person}：{reason}）",
        "Recorded: {finding} is explained ({person}: {reason})",
    ),
    "explained-already": (
        "{finding} 已有同样的说明，未重复记录。",
        "{finding} has this explanation already; nothing was recorded.",
    ),
    "amended": (
        "已更正 {cell}：{subject} {title} 原报{was}，取{now}。报来的文件和原值不变。",
        "Amended {cell}: {subject} {title}: reported {was}, taken as {now}. The file and the reported value stay as they are.",
    ),
    "amended-resolves": ("解决了{count}个问题：{findings}", "Findings settled: {count}: {findings}"),
    "amended-raises": (
        "按更正后的数据新发现{count}个问题：{findings}",
        "New findings with the amended value: {count}: {findings}",
    ),
    "withdrawn": ("已撤回 {submission}。", "{submission} is withdrawn."),
    "withdrawn-then": ("现行版本改为 {submission}。", "{submission} is in force now."),
    "withdrawn-missing": (
        "这是唯一的版本，该表现为缺报。",
        "It was the only version: the return is missing now.",
    ),
    "next-decision": (
        "下一步：ruralpb validate --quarter {period} 查看还有哪些问题；ruralpb history 查看谁在何时作了什么决定。",
        "Next: ruralpb validate --quarter {period} for what is left; ruralpb history for who decided what and when.",
    ),
    "answers-counts": ("核实清单：采纳说明 {taken} 条", "核实清单: {taken} explanations taken"),
    "validate-decided": (
        "其中已说明 {explained} 个，已更正 {amended} 个，不影响通过",
        "of these, {explained} are explained and {amended} amended; they block nothing",
    ),
    "explained-by": ("已说明（{person}：{reason}）", "explained ({person}: {reason})"),
    "explained-before": (
        "以前的说明（不自动沿用）：{reason}（{person}）",
        "an earlier explanation, which does not count: {reason} ({person})",
    ),
    # History
    "history-version": (
        "  第{version}版  {received} 收到  {files}  {rows} 行  {state}",
        "  v{version}  received {received}  {files}  {rows} rows  {state}",
    ),
    "history-changes": (
        "      与第{against}版比，改了 {count} 处：",
        "      against v{against}, changes: {count}",
    ),
    "history-more": ("        还有 {count} 处，加 -v 全部列出", "        {count} more; -v lists them all"),
    "history-decision": (
        "  {kind}  {at}  {by}：{reason}  {about}",
        "  {kind}  {at}  {by}: {reason}  {about}",
    ),
    "history-once": (
        "另有 {count} 份报表只报过一次、没有决定，加 -v 或写明乡镇可列出。",
        "{count} more returns came once and were never decided on; -v, or naming a township, lists them.",
    ),
    "history-done": (
        "共 {returns} 份报表、{versions} 个版本、{decisions} 项决定。",
        "Returns: {returns}; versions: {versions}; decisions: {decisions}.",
    ),
    "next-history": (
        "下一步：--json 输出全部内容；ruralpb withdraw 撤回一个版本。",
        "Next: --json prints everything; ruralpb withdraw takes a version back.",
    ),
    "row-came": ("新增一行", "row added"),
    "row-went": ("删去一行", "row removed"),
    "decision-explain": ("说明", "explained"),
    "decision-amend": ("更正", "amended"),
    "decision-withdraw": ("撤回", "withdrawn"),
    "decision-return": ("退回", "sent back"),
    "decision-seal": ("封存", "sealed"),
    "decision-unlock": ("解封", "unlocked"),
    "amendment-live": ("有效", "in force"),
    "amendment-lapsed": ("已失效", "lapsed"),
    "amendment-replaced": ("已被替换", "replaced"),
}
