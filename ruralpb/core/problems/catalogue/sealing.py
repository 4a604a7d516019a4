"""Texts of sealing, unlocking, verifying and of what moved a figure: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "help-final": (
        "定稿：全部应报报表审核通过后写出正式通报并封存本期；未齐时拒绝",
        "write the final briefing and seal the period; refuses while returns are missing or not accepted",
    ),
    "help-as-is": (
        "按现状定稿：未通过审核的报表照现状计入，并在报送情况表中列名（须有 --reason）",
        "seal although returns are not accepted: they count as they stand and are named (needs --reason)",
    ),
    "help-verify": (
        "核对封存的通报：给出通报所在的文件夹",
        "check a sealed briefing: the folder that holds it and its manifest",
    ),
    "help-seal-reason": ("原因", "why"),
    "help-seal-by": ("由谁决定（姓名）", "by whose decision (a name)"),
    "help-unlock": (
        "解除一个季度的封存：此后补报的报表重新参加取数；封存件仍保留",
        "void the seal of a quarter: what came after it counts again; the seal itself is kept",
    ),
    "seal-missing": (
        "缺报{count}份：{found}。请催报，或用 --as-is --reason 按现状定稿。",
        "{count} returns are missing: {found}. Ask for them, or seal as it stands with --as-is --reason.",
    ),
    "seal-held": (
        "待定{count}份：{found}。请用 ruralpb ingest 加 --replace 或 --part 定夺。",
        "{count} returns are held: {found}. Decide with ruralpb ingest --replace or --part.",
    ),
    "seal-blocked": (
        "未通过审核{count}份：{found}。请用 ruralpb validate --quarter {period} 查看问题，退回更正或作出说明。",
        "{count} returns are blocked: {found}. See ruralpb validate --quarter {period}; have them corrected or explained.",
    ),
    "seal-returned": (
        "已退回尚未更正{count}份：{found}。请等待重报，或催报。",
        "{count} returns were sent back and have not come again: {found}. Wait for them, or ask.",
    ),
    "seal-refused": (
        "{period}还不能定稿：有{found}份报表未通过审核。确需按现状定稿的，加 --as-is --reason 原因 --by 姓名。",
        "{period} cannot be sealed yet: {found} returns are not accepted. To seal it as it stands: --as-is --reason TEXT --by NAME.",
    ),
    "seal-failed": (
        "通报有{found}处未能按要求生成，因此没有封存。请处理上面列出的问题后再定稿。",
        "{found} things in the briefing could not be made as asked, so nothing was sealed. See to the problems above first.",
    ),
    "seal-unit": (
        "定稿封存的是整个季度，不能只为“{found}”定稿。请去掉 --unit。",
        "Sealing closes the whole quarter; it cannot be done for “{found}” alone. Leave --unit out.",
    ),
    "seal-name": (
        "请用 --by 写明由谁定稿。",
        "Say with --by who seals the quarter.",
    ),
    "seal-reason-alone": (
        "--reason 只与 --as-is 同用：按现状定稿才需要原因。",
        "--reason goes with --as-is: only sealing as it stands needs one.",
    ),
    "seal-only-final": (
        "--as-is、--by 只与 --final 同用。",
        "--as-is and --by go with --final.",
    ),
    "seal-incomplete": (
        "请用 --by 写明由谁决定，用 --reason 写明原因。",
        "Say with --by who decides and with --reason why.",
    ),
    "period-sealed": (
        "{found}已由{by}于{at}定稿封存。要更改，先用 ruralpb unlock --quarter {found} --reason 原因 --by 姓名 解除。",
        "{found} was sealed by {by} on {at}. To change it: ruralpb unlock --quarter {found} --reason TEXT --by NAME first.",
    ),
    "period-not-sealed": (
        "{found}没有封存，无须解除。",
        "{found} is not sealed; there is nothing to unlock.",
    ),
    "seal-damaged": (
        "{found}的封存件不完整，缺少这个文件。请从备份恢复 .ruralpb/archive/seals。",
        "The seal {found} lacks this file. Restore .ruralpb/archive/seals from a backup.",
    ),
    "report-beside-seal": (
        "{found}已经定稿；这一份按现行数据和定义重新计算，不是定稿。",
        "{found} is sealed; this one is computed anew from what stands now, it is not the sealed one.",
    ),
    "file-after-seal": (
        "{found}已封存，这份报表作为封存后补报入库（{expected}），不计入数据；ruralpb unlock 后才参加取数。",
        "{found} is sealed: this return is kept as after_seal ({expected}) and does not count until ruralpb unlock.",
    ),
    "seal-done": (
        "{period}已定稿封存（第{number}次），由{by}决定；清单 {path}",
        "{period} is sealed (seal {number}) by {by}; manifest {path}",
    ),
    "seal-as-is": (
        "按现状定稿：{count}份报表未通过审核，已在报送情况表中列名。",
        "Sealed as it stands: {count} returns are not accepted; the table of returns names them.",
    ),
    "next-seal": (
        "下一步：随时可用 ruralpb report --verify {folder} 核对；要更改先 ruralpb unlock --quarter {period}",
        "Next: check it any time with ruralpb report --verify {folder}; to change it, ruralpb unlock --quarter {period} first",
    ),
    "report-sealed": (
        "{period}已定稿，没有改写任何文件。",
        "{period} is sealed: nothing was written.",
    ),
    "unlock-done": (
        "{period}第{number}次封存已解除；封存件保留。封存后到的报表{late}份重新参加取数。",
        "Seal {number} of {period} is void and kept; {late} returns that came after it count again.",
    ),
    "next-unlock": (
        "下一步：ruralpb validate --quarter {period}，然后重新 ruralpb report --quarter {period} --final --by 姓名",
        "Next: ruralpb validate --quarter {period}, then ruralpb report --quarter {period} --final --by NAME again",
    ),
    "manifest-missing": (
        "这个文件夹里没有封存清单（*.manifest.json）。请给出定稿所在的文件夹。",
        "This folder holds no manifest of a seal (*.manifest.json). Name the folder of a sealed briefing.",
    ),
    "manifest-unreadable": (
        "封存清单读不出来：{found}。它可能被改动过。",
        "The manifest cannot be read: {found}. It may have been altered.",
    ),
    "verify-ok": ("一致  {part}：{count}项", "OK  {part}: {count}"),
    "verify-skipped": ("未核对  {part}：不在原项目中", "not checked  {part}: the project is not at hand"),
    "verify-part-outputs": ("通报文件", "documents"),
    "verify-part-definitions": ("定义", "definitions"),
    "verify-part-inputs": ("原始报表", "originals"),
    "verify-part-journal": ("台账", "journal"),
    "verify-part-archive": ("封存件", "seal archive"),
    "verify-file-missing": (
        "文件不在了：封存时有它（sha256 {expected}）。",
        "The file is gone; when sealed it was there (sha256 {expected}).",
    ),
    "verify-file-differs": (
        "文件与封存时不同：现在 sha256 {found}，封存时 {expected}。",
        "The file is not what was sealed: sha256 {found}, sealed {expected}.",
    ),
    "verify-no-seal": (
        "台账中没有这份清单的封存记录（sha256 {found}）：清单被改动过，或定稿没有完成。",
        "The journal has no seal with this manifest (sha256 {found}): it was altered, or the sealing never finished.",
    ),
    "verify-decision-differs": (
        "台账第{found}行与封存时不同。",
        "Line {found} of the journal is not what it was when sealed.",
    ),
    "verify-done": (
        "{period}的封存核对完毕：共{files}项，{differ}处不同。",
        "The seal of {period} was checked: {files} things, {differ} differences.",
    ),
    "rebuild-otherwise": (
        "已封存的数据保持不变：“{title}”封存时为{expected}，现在的程序会读作{found}。请核对原件。",
        "Sealed data stay as they were: “{title}” was sealed as {expected}, today it would be read as {found}. Look at the original.",
    ),
    "rebuild-row": (
        "已封存的数据保持不变：这一行封存时{expected}，现在的程序会读作{found}（row 为有此行）。请核对原件。",
        "Sealed data stay as they were: this row was sealed as {expected}, today it would be read as {found} (row: it is there).",
    ),
    "help-diff": (
        "指标为什么变了：两个季度之间，或同一季度与某日、与封存时相比；逐项列到单元格，合计等于差额",
        "why figures moved: between two quarters, or since a day or the seal; down to cells, adding up to the difference",
    ),
    "help-diff-words": (
        "一个或两个季度，其后可写指标编号，如 2025Q4 2026Q1 weak_village_n",
        "one or two quarters, then indicators if only some are wanted: 2025Q4 2026Q1 weak_village_n",
    ),
    "help-since": (
        "同一季度与从前相比：日期（当日入库为止），或 seal（封存时）",
        "compare the quarter with its state on a DATE, or with its seal (seal)",
    ),
    "help-diff-out": ("把明细写成 .xlsx", "write all steps to an .xlsx"),
    "diff-two": (
        "请写两个季度（ruralpb diff 2025Q4 2026Q1），或一个季度加 --since 日期或 seal（ruralpb diff {found} --since seal）。",
        "Name two quarters (ruralpb diff 2025Q4 2026Q1), or one with --since DATE or seal (ruralpb diff {found} --since seal).",
    ),
    "diff-period": (
        "“{found}”不是季度。写法：2026Q1、2026年一季度、last。",
        "“{found}” is no quarter. Write 2026Q1 or last.",
    ),
    "diff-xlsx": (
        "“{found}”不是 .xlsx。请用 --out 明细.xlsx。",
        "“{found}” is no .xlsx. Use --out FILE.xlsx.",
    ),
    "diff-head": (
        "{title} · {unit}：{before} → {after}{measure}",
        "{title} · {unit}: {before} → {after}{measure}",
    ),
    "diff-none": ("　其中一期没有数值：{reason}", "  no value on one side: {reason}"),
    "diff-derived": (
        "　由以下指标推算，见各指标的变动：{titles}",
        "  it is made of these; see why they moved: {titles}",
    ),
    "diff-standard": (
        "　所用标准变了：{title} {before} → {after}",
        "  a standard it uses changed: {title} {before} → {after}",
    ),
    "diff-new-definition": (
        "原来没有这个指标的定义，或推算方式不同",
        "not defined then, or made in another way",
    ),
    "diff-at-seal": ("{period}（封存时）", "{period} (as sealed)"),
    "diff-at-day": ("{period}（{day}止）", "{period} (as of {day})"),
    "diff-same": (
        "其中{count}个只是构成变了（如换了人），数值未变。",
        "{count} of them are made of other rows and come to the same.",
    ),
    "diff-more": ("还有{count}项，-v 或 --out 看全部", "{count} more; -v or --out shows all"),
    "diff-done": (
        "{unit}：{before} → {after}，{figures}个数有变动，共{steps}项原因。",
        "{unit}: {before} to {after}, {figures} figures moved, {steps} reasons.",
    ),
    "diff-sum": ("合计", "sum"),
    "side-numerator": ("分子", "numerator"),
    "side-denominator": ("分母", "denominator"),
    "moved-value": ("报送数变化", "reported value"),
    "moved-amended": ("更正", "amendment"),
    "moved-looked_up": ("所引用的其他数据变化", "data it looks up"),
    "moved-new": ("新增", "new row"),
    "moved-gone": ("减少", "row gone"),
    "moved-covered": ("新纳入（上期未报）", "now covered"),
    "moved-uncovered": ("本期未报", "no longer covered"),
    "moved-known": ("原来未填，现已填", "now known"),
    "moved-unknown": ("原来有数，现未填", "now unknown"),
    "moved-definition": ("口径或标准变化", "definition or standard"),
    "moved-register": ("区划调整", "register"),
    "moved-whole": ("整体变化（不能逐行相加）", "as a whole"),
    "column-moved-side": ("分子/分母", "Side"),
    "column-moved-kind": ("原因", "Reason"),
    "column-moved-by": ("变动", "By"),
    "column-moved-cells": ("单元格：原值 → 现值", "Cells: before → after"),
}
