"""Texts of the feedback stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    # A 核实清单 that came back
    "answers-without-identity": (
        "这是核实清单，但其中的标识页没有了，无法对应到所问的问题，未采纳。请在退回的核实清单原文件上填写说明，不要把内容复制到新文件。",
        "This is a 核实清单 whose identity sheet is gone, so its lines cannot be tied to findings. Fill in the file that was sent.",
    ),
    "answers-version": (
        "核实清单的版本为“{found}”，本程序读版本{expected}，未采纳。请用本程序重新生成核实清单（ruralpb feedback）。",
        "The 核实清单 is of version “{found}”; this program reads version {expected}. Make it again (ruralpb feedback).",
    ),
    "answers-without-columns": (
        "核实清单中找不到这几栏的表头：{expected}，未采纳。请恢复表头后再报。",
        "The 核实清单 has lost the headings {expected}. Put them back and send it again.",
    ),
    "answer-without-finding": (
        "这一行填了说明，但“编号”栏为空或被改动，不知道说明的是哪个问题，未采纳。请在原来的行里填写。",
        "This line has an explanation but its 编号 is empty or changed, so what it explains is unknown. Fill in the original line.",
    ),
    "answer-not-asked": (
        "编号{found}不是这份核实清单所问的问题，说明未采纳。请在所属乡镇、所属报告期的核实清单里填写。",
        "{found} is no question of this list; the explanation was not taken. Fill in the list it belongs to.",
    ),
    "answer-to-error": (
        "{found}是强制性错误，不能用说明代替，未采纳。请在原表中改正后重新报送。",
        "{found} is an error: it is corrected, not explained. Correct the return and send it again.",
    ),
    "answer-to-note": (
        "{found}是提示，不需要说明，未记录。",
        "{found} is a note and needs no explanation; nothing was recorded.",
    ),
    "answer-without-person": (
        "这一行填了说明，没有填说明人，未采纳。请补填说明人姓名后再报。",
        "This line has an explanation but no person (说明人). Fill in who explains and send it again.",
    ),
    "answers-differ": (
        "同一个问题{found}有几处不同的说明（{cells}），都未采纳。请只保留一处。",
        "{found} has several different explanations ({cells}); none was taken. Keep one.",
    ),
    # Why a file is not marked in place
    "feedback-not-xlsx": (
        "不是.xlsx、.xlsm文件，不能在原文件上标记，已把内容另排成一份.xlsx标记。",
        "It is no .xlsx or .xlsm, so it was not marked in place; its content was laid out anew in an .xlsx and marked there.",
    ),
    "feedback-signed": (
        "文件有数字签名，改动会使签名失效，已把内容另排成一份.xlsx标记。",
        "It is digitally signed, and a mark would break the signature; its content was laid out anew in an .xlsx.",
    ),
    "feedback-without-styles": (
        "文件没有可以添加颜色的样式表，已把内容另排成一份.xlsx标记。",
        "It has no list of styles to add a colour to; its content was laid out anew in an .xlsx.",
    ),
    "feedback-part-unreadable": (
        "文件内部写法特殊，不能只改颜色，已把内容另排成一份.xlsx标记。",
        "It is written in a way in which no colour can be changed alone; its content was laid out anew in an .xlsx.",
    ),
    "feedback-shared": (
        "文件含有其他单位的数据，给本单位的副本只保留本单位的行。",
        "The file holds other units' data; the copy for this one has its own rows only.",
    ),
    "feedback-not-copied": (
        "文件无法再次读取（有密码或已损坏），没有生成标记副本，核实清单照常生成。",
        "The file cannot be read again (a password, or damaged): there is no marked copy; the list is written all the same.",
    ),
    # What stands in 核实清单
    "list-title": ("{reporter}{period}报表核实清单", "{reporter} {period}: list of questions"),
    "list-what": (
        "请于{deadline}前，将改正后的报表和填好的本清单一并报回。点击“单元格”可打开副本中的位置（请把副本与本清单放在同一文件夹）。",
        "Send the corrected returns and this list back by {deadline}. Click 单元格 to open the place in the copy (keep both in one folder).",
    ),
    "list-how": (
        "强制：必须在原表中改正，不能以说明代替。核实：填错的改正；属实的填写“说明”和“说明人”（黄底空格）。灰色斜体是以前的说明，填写说明人后才作为答复。提示：供核对，不必回复。请勿改动“编号”栏。",
        "强制: correct it. 核实: correct it, or fill in 说明 and 说明人; grey italics are an earlier explanation, no answer until signed. 提示: for information. Leave 编号 as it is.",
    ),
    "feedback-no-form": ("整个文件", "the whole file"),
    "feedback-somebody": ("（其他单位人员）", "(a person of another unit)"),
    "remedy-village": ("补报该村（社区）的行", "Add the village's row."),
    "remedy-required": ("补填后重报", "Fill it in and send the return again."),
    "remedy-twice": (
        "只保留一行，删去重复的，重报",
        "Keep one row, delete the others, send the return again.",
    ),
    "remedy-refused": ("按“应为”改写该单元格，重报", "Write the cell as expected, send the return again."),
    "remedy-file": ("按所提示的改正文件，重报", "Put the file right as said, send it again."),
    "remedy-error": (
        "核对原始台账，改正填错的数，重报",
        "Check the records, correct what is wrong, send the return again.",
    ),
    "remedy-query": (
        "核对原始台账：填错的改正后重报；属实的填写说明和说明人",
        "Check the records: correct what is wrong, or explain it.",
    ),
    "remedy-offered": (
        "核对原始台账：填错的改正后重报；说明栏是{person}以前的说明，供参考，仍属实的填写说明人，否则改写后填写说明人",
        "Check the records: correct what is wrong; 说明 holds what {person} said before: sign it if it still holds, else write anew and sign.",
    ),
    "remedy-note": ("供核对，不必回复", "For information."),
    "nowhere-form": ("整张表", "the whole form"),
    "nowhere-file": ("整个文件", "the whole file"),
    "nowhere-sheet": ("整张工作表", "the whole sheet"),
    "nowhere-earlier": ("上期报表：{sheet}!{cell}", "the return before: {sheet}!{cell}"),
    "nowhere-unreadable": ("未能标记", "not marked"),
    "feedback-reason": (
        "退回修改：强制{errors}处，核实{queries}处",
        "Sent back: {errors} errors, {queries} queries.",
    ),
    # Settings and terminal
    "help-feedback": (
        "退回修改：标记副本、核实清单、退回通知",
        "send back: marked copies, list of questions, notice",
    ),
    "help-feedback-out": (
        "写到这个文件夹（默认 out/报告期/feedback）",
        "write into this folder (default out/PERIOD/feedback)",
    ),
    "progress-feedback": ("生成退回材料", "Making feedback"),
    "feedback-none": ("{period} 没有需要退回的报表。", "{period}: nothing to send back."),
    "feedback-done": (
        "{period}：退回{units}个单位，新记录退回报表{returns}张。",
        "{period}: sent back to {units} units, {returns} returns newly recorded as sent back.",
    ),
    "column-errors": ("强制", "errors"),
    "column-queries": ("核实", "queries"),
    "column-notes": ("提示", "notes"),
    "column-unmarked": ("无单元格", "without a cell"),
    "column-deadline": ("报回时限", "answer by"),
    "column-folder": ("文件夹", "folder"),
    "next-feedback": (
        "下一步：把各文件夹发给单位；报回后运行 ruralpb ingest 收改正的报表和填好的核实清单。",
        "Next: send each folder to its unit; when it answers, ruralpb ingest takes the corrected returns and the list.",
    ),
}
