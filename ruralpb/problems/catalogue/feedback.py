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
}
