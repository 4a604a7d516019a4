"""Texts of the intake stage: slug → (Chinese, English)."""

_FILES: dict[str, tuple[str, str]] = {
    "file-empty": (
        "文件是空的（0字节），没有内容可读。请重新导出或从原件重新复制后再报。",
        "The file is empty (0 bytes). Export it again and send it again.",
    ),
    "file-blank": (
        "工作簿里没有任何内容。请核对是否发错了文件，填好后重报。",
        "The workbook has no content. Check that it is the right file, fill it in and send it again.",
    ),
    "file-damaged": (
        "文件无法打开，已损坏或不完整。请用Excel或WPS打开原件，另存为xlsx后重报。",
        "The file cannot be opened: it is damaged or truncated. Open the original in Excel or WPS, save it as .xlsx and send it again.",
    ),
    "workbook-too-large": (
        "文件超出可读取的上限（{limit}）。请删去多余的工作表、图片和空白区域后重报。",
        "The file exceeds the limit for reading ({limit}). Remove surplus sheets, pictures and blank areas and send it again.",
    ),
    "file-hostile": (
        "文件结构异常（{what}），为安全起见不予读取。请用Excel或WPS另存为xlsx后重报。",
        "The file is built in a way no office program builds it ({what}) and is not read. Save it as .xlsx with Excel or WPS and send it again.",
    ),
    "file-unsupported": (
        "文件实际是{kind}格式，不是电子表格。请另存为xlsx（或xls、csv）后重报。",
        "The file is {kind}, not a spreadsheet this program reads. Save it as .xlsx (or .xls, .csv) and send it again.",
    ),
    "file-no-text": (
        "文件既不是工作簿，也不是UTF-8、UTF-16或GB18030编码的文本。请另存为xlsx后重报。",
        "The file is neither a workbook nor text in UTF-8, UTF-16 or GB 18030. Save it as .xlsx and send it again.",
    ),
    "file-password": (
        "文件有打开密码，未能读取。请取消密码后重报，或用 --password-file 提供密码。",
        "The file has an opening password and was not read. Remove the password, or give it with --password-file.",
    ),
    "file-password-wrong": (
        "提供的密码打不开这个文件。请核对密码，或请报送单位取消密码后重报。",
        "The given password does not open the file. Check it, or ask the sender to remove it.",
    ),
    "file-encrypted-default": (
        "文件以“建议只读”方式加密，已按默认口令打开。",
        "The file is encrypted as read-only recommended and was opened with the default key.",
    ),
    "file-encrypted": (
        "文件有打开密码，已用提供的密码打开。",
        "The file has an opening password and was opened with the one given.",
    ),
    "file-misnamed": (
        "扩展名是“{extension}”，内容实际是{found}，已按内容读取。",
        "The extension is “{extension}” but the content is {found}; it was read by its content.",
    ),
    "file-wps": (
        "WPS表格文件（.et），已按{found}读取。",
        "A WPS spreadsheet (.et), read as {found}.",
    ),
    "file-legacy": (
        "旧版Excel文件（.xls），已照常读取。",
        "A workbook of the old Excel format (.xls); it was read.",
    ),
    "file-password-ods": (
        "ODS文件有打开密码，本程序打不开。请取消密码后重报。",
        "The .ods file has an opening password, which this program cannot use. Remove the password and send it again.",
    ),
    "html-tables": (
        "文件实际是网页，里面有{found}个表格，无法判断是哪一个。请用Excel或WPS打开，一个表格存为一个工作表，另存为xlsx后重报。",
        "The file is a web page with {found} tables; nothing says which one is meant. Open it in Excel or WPS, put each table on a sheet "
        "of its own, save it as .xlsx and send it again.",
    ),
    "html-no-table": (
        "文件实际是网页，里面没有表格。请从系统重新导出，用Excel或WPS打开后另存为xlsx再报。",
        "The file is a web page without a table. Export it again, open it in Excel or WPS, save it as .xlsx and send it.",
    ),
    "csv-quotes": (
        "文本表格第{rows}行前后的引号不成对，分不清各列。请用Excel或WPS打开核对后另存为xlsx重报。",
        "Quotation marks near line {rows} of the text file have no partner, so that columns cannot be told apart. Open it in Excel or WPS, "
        "check it, save it as .xlsx and send it again.",
    ),
    "file-no-form": (
        "整个文件中没有认出任何一张报表的表头。请使用下发的表样填报，不要改动表头文字。",
        "No sheet of the file has the header of a known form. Fill in the form as issued and leave its header texts as they are.",
    ),
}

_SHEETS: dict[str, tuple[str, str]] = {
    "sheet-ignored": (
        "没有认出报表表头，本工作表未读取。",
        "No form's header was found; the sheet was not read.",
    ),
    "sheet-hidden": (
        "隐藏的工作表像是《{form}》，未读取。如需报送，请取消隐藏后重报；否则请删除。",
        "The hidden sheet looks like “{form}” and was not read. Unhide it and send it again, or delete it.",
    ),
    "sheet-uncached": (
        "《{form}》中大量公式没有计算结果。请用Excel或WPS打开、保存后重报。",
        "Many formulas of “{form}” were never calculated. Open and save the file in Excel or WPS and send it again.",
    ),
    "header-not-found": (
        "有《{form}》的标题，却没有认出它的表头。请恢复下发表样的表头后重报。",
        "The sheet bears the title of “{form}” but not its header. Restore the header as issued and send it again.",
    ),
    "table-transposed": (
        "《{form}》的指标排成了行、单位排成了列。请按下发的表样（一行一条记录）重报。",
        "“{form}” stands on its side: fields in rows, units in columns. Use the form as issued, one record a row.",
    ),
    "forms-alike": (
        "表头同时符合{found}，无法判断是哪一张表。请在表上方写明表号后重报，或用 --form 指定。",
        "The header fits {found} equally well. State the form code above the table, or choose with --form.",
    ),
    "columns-missing": (
        "《{form}》缺少必填的列：{found}。请补齐这些列（表头文字与表样一致）后重报。",
        "“{form}” lacks required columns: {found}. Add them with the header texts of the form and send it again.",
    ),
    "columns-missing-near": (
        "《{form}》缺少必填的列：{found}。“{expected}”列可能就是“{title}”，但不能代为认定：请改正表头后重报；确认无误的，在 definitions/mappings.yaml 的 mappings: 下加一行 {mapping}",
        "“{form}” lacks required columns: {found}. Column “{expected}” may be “{title}”, which only a person can say: correct the header and send it again, or add to mappings: of definitions/mappings.yaml the line {mapping}",
    ),
    "rest-unread": (
        "《{form}》的表格到这里为止：这一行像是另一张表的表头，却认不出是哪张报表，其下{found}行未读取。是同一张表的请恢复原来的表头，是另一张表的请另用工作表。",
        "The table of “{form}” ends here: this row reads like the header of another table but of no form, and the {found} rows below it were not read. Restore the header, or use another sheet.",
    ),
    "continuation-differs": (
        "《{form}》的续表与前表的行对不上（村名、顺序或间隔不同），无法合成一张表。请按下发的表样填成一张表后重报。",
        "The continuation of “{form}” has other rows than the table before it (names, order or distance), and the two cannot be joined. Fill in the form as issued, in one table.",
    ),
    "header-nearest": (
        "没有认出报表表头。最接近的是《{form}》，缺少列：{found}。请使用下发的表样填报，不要改动表头文字。",
        "No form's header was found. The nearest is “{form}”, which lacks: {found}. Fill in the form as issued and leave its header texts as they are.",
    ),
    "columns-optional-missing": (
        "《{form}》没有这些选填列：{found}。",
        "“{form}” has no such optional columns: {found}.",
    ),
    "columns-twice": (
        "《{form}》中有两列都是“{found}”，无法判断以哪一列为准；一个工作表含多张表时请分开。请改正后重报。",
        "Two columns of “{form}” are “{found}” with equal right; tables side by side must be separated. Correct it and send it again.",
    ),
    "column-unknown": (
        "列“{found}”不是《{form}》的项目，未读取。",
        "Column “{found}” is not part of “{form}” and was not read.",
    ),
    "column-unknown-near": (
        "列“{found}”不是《{form}》的项目，未读取；如果就是“{expected}”，请改正表头后重报，或在 definitions/mappings.yaml 的 mappings: 下加一行 {mapping}",
        "Column “{found}” is not part of “{form}” and was not read; if it is “{expected}”, correct the header and send it again, or add to mappings: of definitions/mappings.yaml the line {mapping}",
    ),
    "column-edge": (
        "列“{found}”与《{form}》的“{expected}”只差在界限上：含不含这个数本身？口径不明，这一列未读取。请按表样的分档填报；核实口径一致的，在 definitions/mappings.yaml 的 mappings: 下加一行 {mapping}",
        "Column “{found}” differs from “{expected}” of “{form}” only at the bound: is the number itself included? The column was not read. Use the classes of the form, or, once checked, add to mappings: of definitions/mappings.yaml the line {mapping}",
    ),
    "column-near": (
        "列“{found}”读作《{form}》的“{expected}”。",
        "Column “{found}” was read as “{expected}” of “{form}”.",
    ),
    "column-edge-words": (
        "列“{found}”读作《{form}》的“{expected}”：依《民法典》第一千二百五十九条，“以上、以下”含本数，“不满、超过”不含。请核实填报口径。",
        "Column “{found}” was read as “{expected}” of “{form}”: by Civil Code art. 1259 以上 and 以下 include the number, 不满 and 超过 do not. Please check that it was filled in so.",
    ),
    "column-confirmed": (
        "列“{found}”按已确认的对照读作《{form}》的“{expected}”（{by}，{date}，{reason}；{source}）。",
        "Column “{found}” was read as “{expected}” of “{form}” by a confirmed mapping ({by}, {date}, {reason}; {source}).",
    ),
    "mapping-of-other": (
        "《{form}》的列名对照只对{expected}确认过，而报送单位是{found}，未读取。请核实后在 definitions/mappings.yaml 补一条对照。",
        "The header mapping of “{form}” was confirmed for {expected} only, but the sender is {found}; the sheet was not read. Check, and add a mapping to definitions/mappings.yaml.",
    ),
    "column-no-header": (
        "《{form}》从这一格起有{found}个格没有表头，未读取。是表外演算的请删去，是漏了表头的请补上。",
        "From this cell on {found} cells of “{form}” stand under no header and were not read. Delete them if they are workings, or restore the header.",
    ),
    "columns-hidden": (
        "《{form}》有隐藏的列，已照常读取：{found}。请核对。",
        "“{form}” has hidden columns, read like the others: {found}. Please check.",
    ),
    "rows-hidden": (
        "有隐藏（筛选掉）的行，已照常读取：第{found}行。请核对。",
        "Hidden or filtered rows were read like the others: rows {found}. Please check.",
    ),
    "preamble-incomplete": ("表上没有填写{found}。", "The sheet does not state {found}."),
    "period-unknown": (
        "看不出《{form}》是哪个报告期：标题、报告期栏、表名、文件名都没有写。请在标题中写明后重报，或用 --quarter 指定。",
        "Nothing says which period “{form}” is for: neither title, period cell, sheet name nor file name. State it, or give --quarter.",
    ),
    "period-kind": (
        "《{form}》写的报告期是“{found}”，应为{expected}。请改正后重报。",
        "“{form}” states the period “{found}”; expected: {expected}. Correct it and send it again.",
    ),
    "period-contradiction": (
        "《{form}》的报告期前后不一致：{found}。请改成一致后重报。",
        "The periods stated for “{form}” contradict each other: {found}. Make them agree and send it again.",
    ),
    "reporter-unknown": (
        "看不出《{form}》是哪个单位报送的。请填写“填报单位”后重报，或用 --unit 指定。",
        "Nothing says who sent “{form}”. Fill in 填报单位 and send it again, or give --unit.",
    ),
    "reporter-contradiction": (
        "《{form}》的填报单位前后不一致：{found}。请改成一致后重报。",
        "The senders stated for “{form}” contradict each other: {found}. Make them agree and send it again.",
    ),
    "measures-contradict": (
        "“{title}”的计量单位自相矛盾：表头写“{found}”，应为“{expected}”。请改成一致后重报。",
        "The measures of “{title}” contradict each other: the header says “{found}”, expected “{expected}”. Make them agree and send it again.",
    ),
}

_ROWS: dict[str, tuple[str, str]] = {
    "row-sample": (
        "“{found}”是示例行，未读取。请删去后重报。",
        "“{found}” is an example and was not read. Delete the row and send it again.",
    ),
    "row-no-unit": (
        "这一行以“{found}”开头，不是一条记录，未读取。请删去“其中”行后重报。",
        "The row begins with “{found}” and is no record; it was not read. Delete 其中 rows.",
    ),
    "row-above-header": (
        "这一行（“{found}”）在表头之上，未读取：上一页的表头可能写错了。请改正表头、每页表头一致后重报。",
        "The row (“{found}”) stands above the header and was not read: the header of the page before may be misspelt. Correct it and send it again.",
    ),
    "row-of-other-township": (
        "这一行的乡镇是“{found}”，而填报单位是{expected}，未读取。请核对后重报。",
        "The row is of “{found}”, but the sender is {expected}; it was not read. Please check.",
    ),
    "row-without-township": (
        "这一行没有写乡镇，无法判断属于哪个单位，未读取。请补填后重报。",
        "The row names no township and was not read. Fill it in and send it again.",
    ),
    "row-without-name": (
        "这一行没有写“{title}”，无法判断属于哪个单位，未读取。请补填后重报。",
        "The row does not say its “{title}” and was not read. Fill it in and send it again.",
    ),
    "place-unknown": (
        "“{found}”不在名录中，这一行未读取。请按名录填写全称后重报。",
        "“{found}” is not in the register; the row was not read. Write the name as in the register.",
    ),
    "place-unknown-near": (
        "“{found}”不在名录中，这一行未读取。最接近的是“{expected}”，请核对后按名录填写。",
        "“{found}” is not in the register; the row was not read. The nearest name is “{expected}”: check and write it as in the register.",
    ),
    "place-ambiguous": (
        "“{found}”可能是{expected}，无法判断，这一行未读取。请写明乡镇和全称。",
        "“{found}” may be {expected}; the row was not read. State the township and the full name.",
    ),
    "place-several": (
        "“{found}”一格写了几个单位，这一行未读取。请一个单位一行。",
        "“{found}” names several units; the row was not read. One unit a row, please.",
    ),
    "places-perhaps-grouped": (
        "从这一格起有{count}行没有填村名，按镇本级读取。如果只在每组第一行填了村名，请逐行填写（或合并单元格）后重报。",
        "From here on {count} rows name no village and were read as the township's. If a name holds for the rows below it, repeat it (or merge the cells) and send it again.",
    ),
    "place-of-other-kind": (
        "“{found}”在名录中是{kind}，不是{expected}；照常读取，不计入{expected}数。",
        "“{found}” is a {kind} in the register, not a {expected}; it was read and does not count as one.",
    ),
    "village-old-and-new": (
        "“{found}”已并入（或就是）{expected}，而第{rows}行说的都是这个村，都未读取。请合并成一行重报。",
        "“{found}” is part of {expected}, and rows {rows} are all about it; none was read. Make one row of them and send it again.",
    ),
    "row-repeated": (
        "这一行与第{expected}行完全相同，只取一行。请核对是否重复填报。",
        "The row equals row {expected}; one of them was taken. Please check whether it was entered twice.",
    ),
    "name-two-people": (
        "“{title}”一格写了两个人：“{found}”，这一行未读取。请一人一行。",
        "“{title}” holds two people: “{found}”; the row was not read. One person a row, please.",
    ),
    "total-differs": (
        "合计行“{title}”为{found}，各行相加为{expected}。请核对改正。",
        "The total of “{title}” states {found}; the rows add up to {expected}. Please check and correct.",
    ),
    "total-unreadable": (
        "合计行“{title}”是“{found}”，无法与各行核对。",
        "The total of “{title}” is “{found}” and cannot be compared with the rows.",
    ),
}

_REFUSED_CELLS: dict[str, tuple[str, str]] = {
    "cell-error": (
        "“{title}”是错误值{found}，未读取。请改正公式或直接填写数值后重报。",
        "“{title}” is the error value {found} and was not read. Correct the formula or type the value.",
    ),
    "cell-uncached": (
        "“{title}”的公式没有计算结果，未读取。请用Excel或WPS打开、保存后重报。",
        "The formula in “{title}” was never calculated. Open and save the file in Excel or WPS and send it again.",
    ),
    "number-unreadable": (
        "“{title}”填的是“{found}”，应为{expected}，未读取。请改正后重报。",
        "“{title}” is “{found}”, expected {expected}; it was not read. Correct it and send it again.",
    ),
    "number-approximate": (
        "“{title}”填的是概数“{found}”，不得填概数。请填准确的数。",
        "“{title}” is approximate: “{found}”. State the exact number.",
    ),
    "number-range": (
        "“{title}”填的是范围“{found}”，应为一个数。请核实后填一个数。",
        "“{title}” is a range: “{found}”. State one number.",
    ),
    "number-expression": (
        "“{title}”填的是“{found}”，一格只能填一个数，不得带算式或说明。请改正后重报。",
        "“{title}” is “{found}”: a cell holds one number, no sum and no remark. Correct it and send it again.",
    ),
    "number-badly-grouped": (
        "“{title}”填的是“{found}”，逗号不在千分位上，未读取。请填{expected}。",
        "“{title}” is “{found}”: its commas separate no thousands; it was not read. Write {expected}.",
    ),
    "number-colloquial": (
        "“{title}”填的是“{found}”，请用阿拉伯数字填准确的数。",
        "“{title}” is “{found}”: state the exact number in digits.",
    ),
    "number-date": (
        "“{title}”应为数，却是日期“{found}”（可能被Excel改成了日期）。请改正后重报。",
        "“{title}” should be a number but is the date “{found}” (Excel may have turned it into one). Correct it and send it again.",
    ),
    "number-ditto": (
        "“{title}”填的是“{found}”，这一栏须逐行填写。",
        "“{title}” is “{found}”: write it out in every row.",
    ),
    "number-fraction": (
        "“{title}”应为整数，填的是{found}。请核对后重报。",
        "“{title}” should be a whole number, found {found}. Please check and send it again.",
    ),
    "number-percent": (
        "“{title}”是百分比格式“{found}”，这一栏应填数。请改正后重报。",
        "“{title}” is formatted as a percentage ({found}), expected a plain number. Correct it and send it again.",
    ),
    "number-scaled": (
        "“{title}”存的是{found}，单元格格式显示的却是另一个数（另一个数量级、概数或文字），不知以哪个为准，未读取。请改为常规格式、填准确的数后重报。",
        "“{title}” holds {found} but its number format shows another number (another magnitude, an approximate one, a word); it was not read. Use the general format and type the number.",
    ),
    "cell-in-parts": (
        "“{title}”填的{found}只有一部分加了删除线或设为上下标，不知哪一部分是所填的数，未读取。请只留有效的部分后重报。",
        "Only a part of “{title}” {found} is struck out or raised; which part is meant is not clear and it was not read. Keep the valid part only.",
    ),
    "number-other-measure": (
        "“{title}”存的是{found}，单元格格式所带的单位与该栏（{expected}）不同，未读取。请核对后重报。",
        "“{title}” holds {found}, and its number format writes another measure than the column's ({expected}); it was not read. Please check.",
    ),
    "number-bracketed": (
        "“{title}”填的是“{found}”，括号或△的含义不明。请填准确的数。",
        "“{title}” is “{found}”: the meaning of brackets or △ is unclear. State the exact number.",
    ),
    "number-too-large": (
        "“{title}”填的是{found}，数值过大，未读取。请核对单位和位数。",
        "“{title}” is {found}, which is too large. Check the unit and the digits.",
    ),
    "number-out-of-bounds": (
        "“{title}”填的是“{found}”，换算后超出{expected}，未读取。请核对计量单位。",
        "“{title}” is “{found}”; converted, it lies outside {expected}. Check the unit of measure.",
    ),
    "number-merged": (
        "“{title}”的{found}写在合并单元格里，不知道属于哪一行（列），未读取。请取消合并，逐格填写。",
        "The {found} of “{title}” stands in a merged cell and belongs to no single row or column. Unmerge and fill in each cell.",
    ),
    "text-merged": (
        "“{title}”的“{found}”写在合并单元格里，只计入第一行（列），这一行（列）未读取。请取消合并，逐格填写。",
        "“{title}” “{found}” stands in a merged cell and counts for its first row or column only; this one was not read. Fill in each cell.",
    ),
    "percent-over-100": (
        "“{title}”为{found}，不应超过100%。请核对后重报。",
        "“{title}” is {found}, above 100 %. Please check and send it again.",
    ),
    "percent-or-share": (
        "“{title}”填的是{found}，不知道是比例还是百分数，同列其他行是百分数。请填{expected}。",
        "“{title}” is {found}: a share or a percentage? Other rows hold percentages. Write it {expected}.",
    ),
    "percent-column-shares": (
        "“{title}”整列都是0—1的小数（第{rows}行），不知道是比例还是百分数，全列未读取。请填{expected}。",
        "All of “{title}” (rows {rows}) lies between 0 and 1: shares or percentages? The column was not read. Write it {expected}.",
    ),
    "date-not-read": (
        "“{title}”填的是“{found}”，看不出日期，应写成{expected}。请改正后重报。",
        "“{title}” is “{found}”, which is no date; expected {expected}. Correct it and send it again.",
    ),
    "date-vague": (
        "“{title}”填的是“{found}”，日期不完整，应写成{expected}。请核实后重报。",
        "“{title}” is “{found}”, an incomplete date; expected {expected}. Please check and send it again.",
    ),
    "date-impossible": (
        "“{title}”填的是“{found}”，没有这一天（月）。应写成{expected}。请改正后重报。",
        "“{title}” is “{found}”: there is no such day or month; expected {expected}. Correct it and send it again.",
    ),
    "date-ambiguous-month": (
        "“{title}”填的是“{found}”，不知道是1月还是10月。应写成{expected}。请改正后重报。",
        "“{title}” is “{found}”: January or October? Expected {expected}. Correct it and send it again.",
    ),
    "money-mixed": (
        "“{title}”填的是{found}，是同列中位数（{expected}）的500倍以上，疑为另一种计量单位，未读取。请核对单位后重报。",
        "“{title}” is {found}, more than 500 times the median of its column ({expected}): probably in another measure; it was not read. Check the unit.",
    ),
    "number-one-or-dash": (
        "“{title}”填的是“{found}”，不知道是数字一还是表示没有的横线，未读取。请填{expected}或留空。",
        "“{title}” is “{found}”: the numeral one, or a dash? It was not read. Write {expected} or leave it empty.",
    ),
    "name-shared": (
        "“{title}”同村有两人都叫“{found}”，没有身份证号不能区分，未读取。请补填{expected}。",
        "Two people of the village are called “{found}” (“{title}”) and no identity number tells them apart; it was not read. Add {expected}.",
    ),
    "enum-ticked-twice": (
        "“{title}”每行只能在{expected}中的一列打√，这里是“{found}”，未读取。请改正后重报。",
        "“{title}”: tick exactly one of {expected} in each row; here stands “{found}”. It was not read.",
    ),
    "id-check": (
        "“{title}”{found}的出生日期或校验位不对，未读取。请核对{expected}号码后重报。",
        "“{title}” {found} has an impossible day of birth or a wrong check digit; it was not read. Check the number ({expected}).",
    ),
    "date-century": (
        "“{title}”填的是“{found}”，年份不全。应写成{expected}。请改正后重报。",
        "“{title}” is “{found}” without the century; expected {expected}. Correct it and send it again.",
    ),
    "bool-unreadable": (
        "“{title}”填的是“{found}”，应填{expected}。请改正后重报。",
        "“{title}” is “{found}”; expected one of: {expected}. Correct it and send it again.",
    ),
    "enum-unknown": (
        "“{title}”填的是“{found}”，应为：{expected}。请改正后重报。",
        "“{title}” is “{found}”; expected one of: {expected}. Correct it and send it again.",
    ),
    "enum-several": (
        "“{title}”一格选了几项：“{found}”，只能选一项：{expected}。",
        "“{title}” names several: “{found}”. Choose one of: {expected}.",
    ),
    "id-precision": (
        "“{title}”被存成了数值，末几位已丢失，未读取。请把该列设为文本格式，重新填写{expected}号码。",
        "“{title}” was stored as a number and lost its last digits. Format the column as text and type the number again ({expected}).",
    ),
    "id-15": (
        "“{title}”是15位旧号码，未读取。请填{expected}号码。",
        "“{title}” is an old 15-digit number. Write the new one ({expected}).",
    ),
    "id-length": (
        "“{title}”填的是“{found}”，应为{expected}，未读取。请核对后重报。",
        "“{title}” is “{found}”, expected {expected}; it was not read. Please check and send it again.",
    ),
    "phone-unreadable": (
        "“{title}”填的是“{found}”，应为{expected}，未读取。",
        "“{title}” is “{found}”, expected {expected}; it was not read.",
    ),
}

_ASKED_CELLS: dict[str, tuple[str, str]] = {
    "cell-cancelled": (
        "“{title}”的{found}有删除线或作废的批注（{comment}），照常读取。请核对是否作废。",
        "“{title}” {found} is struck out or commented as cancelled ({comment}); it was read. Is it void?",
    ),
    "cells-linked": (
        "“{title}”的{cells}引用了另一个文件“{link}”，按保存时的数读取。请核对是否最新。",
        "{cells} of “{title}” refer to another file, “{link}”; the values saved were read. Are they current?",
    ),
    "name-stand-in": (
        "“{title}”的“{found}”含有代替生僻字的符号或拼音，照原样读取。请改用正字。",
        "“{title}” “{found}” has a sign or pinyin in place of a rare character; it was read as typed. Write the character.",
    ),
    "name-shared-told-apart": (
        "“{title}”：同村有两人都叫“{found}”，按身份证号区分。",
        "“{title}”: two people of the village are called “{found}”; their identity numbers tell them apart.",
    ),
}

_NOTED_CELLS: dict[str, tuple[str, str]] = {
    "cell-remarked": (
        "“{title}”的{found}另有说明：{comment}。",
        "“{title}” {found} bears a remark: {comment}.",
    ),
    "cell-linked": (
        "“{title}”的{found}引自另一个文件“{link}”。",
        "“{title}” {found} comes from another file, “{link}”.",
    ),
    "date-by-id": (
        "“{title}”的{found}不知道是1月还是10月，按身份证号读作{value}。",
        "“{title}” {found} may be January or October; by the identity number it is {value}.",
    ),
    "posts-split": (
        "“{title}”：一格写了两项职务“{found}”，此栏取“{value}”。",
        "“{title}”: the cell holds two posts, “{found}”; this column takes “{value}”.",
    ),
    "enum-ticked": (
        "“{title}”按打√的列读作{value}。",
        "“{title}” was read from the ticked column: {value}.",
    ),
    "none-as-blank": (
        "“{title}”填的是“{found}”，按未填处理。",
        "“{title}” is “{found}”, taken as not filled in.",
    ),
    "none-as-zero": (
        "“{title}”填的是“{found}”，按{value}处理。",
        "“{title}” is “{found}”, taken as {value}.",
    ),
    "merged-filled": (
        "“{title}”在合并单元格内，取合并格的“{value}”。",
        "“{title}” lies in a merged cell and takes its “{value}”.",
    ),
    "ditto-filled": (
        "“{title}”填的是“{found}”，取上一行的“{value}”。",
        "“{title}” is “{found}” and takes “{value}” from the row above.",
    ),
    "number-grouped": (
        "“{title}”的“{found}”带千分位，读作{value}。",
        "“{title}” “{found}” has thousands separators, read as {value}.",
    ),
    "number-chinese": (
        "“{title}”的“{found}”是中文数字，读作{value}。",
        "“{title}” “{found}” is in Chinese numerals, read as {value}.",
    ),
    "number-negative": (
        "“{title}”的“{found}”是负数写法，读作{value}。",
        "“{title}” “{found}” is a way to write a negative number, read as {value}.",
    ),
    "number-rounded": (
        "“{title}”的{found}四舍五入到{scale}位小数：{value}。",
        "“{title}” {found} was rounded half up to {scale} decimals: {value}.",
    ),
    "measure-removed": (
        "“{title}”的“{found}”带计量单位，读作{value}。",
        "“{title}” “{found}” bears its measure, read as {value}.",
    ),
    "measure-converted": (
        "“{title}”的{found}按{stated}折算成{measure}：{value}。",
        "“{title}” {found} in {stated} was converted to {measure}: {value}.",
    ),
    "measure-converted-rounded": (
        "“{title}”的{found}按{stated}折算成{measure}，并四舍五入：{value}。",
        "“{title}” {found} in {stated} was converted to {measure} and rounded: {value}.",
    ),
    "percent-sign": (
        "“{title}”的“{found}”读作{value}（%）。",
        "“{title}” “{found}” was read as {value} (%).",
    ),
    "date-respelled": ("“{title}”的“{found}”读作{value}。", "“{title}” “{found}” was read as {value}."),
    "date-day-dropped": (
        "“{title}”只要年月，“{found}”读作{value}所在的月。",
        "“{title}” is a month; “{found}” was read as the month of {value}.",
    ),
    "date-serial": (
        "“{title}”的{found}是没有日期格式的日期序号，读作{value}。",
        "“{title}” {found} is a date serial without a date format, read as {value}.",
    ),
    "date-century-added": (
        "“{title}”的“{found}”补足世纪，读作{value}。",
        "“{title}” “{found}” lacks the century, read as {value}.",
    ),
    "enum-synonym": ("“{title}”的“{found}”归入“{value}”。", "“{title}” “{found}” was taken as “{value}”."),
    "id-masked": (
        "“{title}”已打码，按未填处理，将按姓名和村匹配。",
        "“{title}” is masked and taken as absent; the person is matched by name and village.",
    ),
    "phone-first": ("“{title}”的“{found}”读作{value}。", "“{title}” “{found}” was read as {value}."),
    "name-stripped": (
        "“{title}”的“{found}”去掉了“{removed}”，读作{value}。",
        "“{removed}” was stripped from “{title}” “{found}”, leaving {value}.",
    ),
    "name-dotted": (
        "“{title}”的“{found}”统一间隔号，读作{value}。",
        "“{title}” “{found}” got the standard middle dot: {value}.",
    ),
    "place-variant": (
        "“{title}”的“{found}”即名录中的“{value}”。",
        "“{title}” “{found}” is “{value}” of the register.",
    ),
    "place-renamed": (
        "“{title}”的“{found}”已更名为“{value}”。",
        "“{title}” “{found}” has been renamed “{value}”.",
    ),
    "place-merged": (
        "“{title}”的“{found}”已撤并，计入“{value}”。",
        "“{title}” “{found}” was merged and counts for “{value}”.",
    ),
}

TEXTS: dict[str, tuple[str, str]] = _FILES | _SHEETS | _ROWS | _REFUSED_CELLS | _ASKED_CELLS | _NOTED_CELLS
