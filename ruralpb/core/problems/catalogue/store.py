"""Texts of archive, journal, versions and store: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "archive-missing": (
        "归档中缺少原始文件（sha256 {found}）。请从备份恢复 .ruralpb/archive 后再试。",
        "The archive lacks the original with sha256 {found}. Restore .ruralpb/archive from a backup, then try again.",
    ),
    "archive-damaged": (
        "归档的原始文件内容已改变，应为 sha256 {found}。请从备份恢复这个文件后再试。",
        "The archived original is no longer what it was (sha256 {found}). Restore this file from a backup, then try again.",
    ),
    "journal-unreadable": (
        "日志的这一行无法读取。请从备份恢复 journal.jsonl，不要手工修改。",
        "This line of the journal cannot be read. Restore journal.jsonl from a backup; never edit it by hand.",
    ),
    "journal-version": (
        "日志由另一个版本的程序写成（格式 {found}，本程序为 {expected}）。请使用较新的版本。",
        "The journal was written by another version of the program (format {found}, this one has {expected}). Use the newer one.",
    ),
    "journal-broken": (
        "日志从这一行起与前文不相衔接：有人改动、删除或插入过内容。请从备份恢复 journal.jsonl。",
        "From this line on the journal does not follow from what stands before: it was changed, cut or inserted into. "
        "Restore journal.jsonl from a backup.",
    ),
    "journal-torn": (
        "上次写日志时中断，末尾有 {found} 字节不完整的内容，未被采用。请重新执行上次的收表。",
        "Writing the journal was interrupted; {found} bytes at its end are incomplete and not used. Run the last ingest again.",
    ),
    "return-twice": (
        "同一批次里这张表（{period}）报了不止一份，内容不同：{expected}。一份也没有采用。请确定以哪份为准，"
        "再用 ruralpb ingest 加 --replace 单独收那一份。",
        "This return ({period}) came more than once in one batch, with different content: {expected}. None was taken. "
        "Decide which one holds and ingest that file alone with --replace.",
    ),
    "return-held": (
        "这份报表（{period}，{found} 行）与现行版本 {expected} 的村有重叠又不完整，暂不采用。整表替换请加 --replace，只更正"
        "其中几个村请加 --part，再收一次。",
        "This return ({period}, {found} rows) overlaps the version in force, {expected}, without covering it; it is held. "
        "Ingest it again with --replace (the whole return) or --part (these villages only).",
    ),
    "store-unreadable": (
        "数据库无法打开：{found}。数据不会丢失：删除该文件后执行 ruralpb rebuild 即可重建。",
        "The store cannot be opened: {found}. Nothing is lost: delete the file and run ruralpb rebuild.",
    ),
    "store-locked": (
        "数据库正被另一个程序占用，已等候 {found} 秒。请稍后再试，或加 --wait 多等一会儿。",
        "Another program has held the store for {found} s. Try again later, or wait longer with --wait.",
    ),
    "store-version": (
        "数据库由另一个版本的程序建成（格式 {found}，本程序为 {expected}）。请执行 ruralpb rebuild 重建。",
        "The store was made by another version of the program (format {found}, this one has {expected}). Run ruralpb rebuild.",
    ),
    "store-field-type": (
        "字段 {field} 现在定义为 {found}，而已入库的数据是 {expected}。请给改了类型的字段换一个新的标识。",
        "Field {field} is now {found}, but its stored values are {expected}. Give a field whose type changes a new id.",
    ),
    "no-project": (
        "这里不是项目文件夹（没有 ruralpb.yaml）。请换到项目文件夹，用 -C 指定，或用 ruralpb init 新建。",
        "This is no project folder (no ruralpb.yaml). Change to one, name it with -C, or make one with ruralpb init.",
    ),
    "project-locked": (
        "另一个任务正在写入这个项目：{found}，已等候 {expected} 秒。请等它结束后再试，或加 --wait 多等一会儿。",
        "Another run is writing to this project: {found}; waited {expected} s. Try again when it has ended, or use --wait.",
    ),
    "definition-unknown": (
        "没有这个标识（{kind}）：{found}。相近的有：{expected}。可用 ruralpb define list 查看全部。",
        "There is no {kind} {found}. Near it: {expected}. `ruralpb define list` lists them all.",
    ),
    "path-missing": (
        "没有这个文件或文件夹。请检查路径。",
        "There is no such file or folder. Check the path.",
    ),
    "file-not-regular": (
        "这不是普通文件（{found}），未收。请直接放入文件本身。",
        "This is no regular file ({found}) and was not taken. Put the file itself here.",
    ),
    "file-too-large": (
        "文件有 {found} MB，超过 {expected} MB，未收。请删去无关的图片和工作表后再报。",
        "The file has {found} MB, more than {expected} MB, and was not taken. Remove pictures and sheets that do not belong.",
    ),
    "file-compressed": (
        "压缩包（{found}）不能直接收。请解压后把其中的表格放进来。",
        "A compressed archive ({found}) is not taken as it is. Unpack it and put the workbooks here.",
    ),
    "file-no-access": (
        "无法读取这个文件（{found}），未收。请检查文件权限，或确认它没有被别的程序占用。",
        "The file cannot be read ({found}) and was not taken. Check its permissions, and that no other program has it open.",
    ),
    "file-changed": (
        "读取期间文件内容发生了变化，本次没有收任何文件。请等文件复制完成后再收一次。",
        "The file changed while it was being read; nothing was taken. Wait until it has been copied, and ingest again.",
    ),
    "archive-opened": (
        "压缩包已打开，其中的 {found} 个文件逐个收取。",
        "The archive was opened; its {found} files are taken one by one.",
    ),
    "archive-empty": (
        "压缩包里没有可收的文件。请核对后重新打包，或直接放入表格文件。",
        "The archive holds no file that can be taken. Check it and pack it again, or put the workbooks here.",
    ),
    "archive-password": (
        "压缩包中的这个文件有解压密码，未收。请解压后直接放入表格文件。",
        "The file in the archive is encrypted and was not taken. Unpack it and put the workbook here.",
    ),
    "archive-nested": (
        "压缩包套了三层以上，里面的压缩包未打开。请解压后直接放入表格文件。",
        "Archives lie in archives in archives; the innermost was not opened. Unpack it and put the workbooks here.",
    ),
    "file-known": (
        "内容与已收的 {expected} 完全相同，未重复收。如果是另一个单位报来的，请加 --unit 再收一次。",
        "Same content as {expected}, which was taken before. If another unit sent it, ingest it again with --unit.",
    ),
    "reader-died": (
        "读取这个文件时程序异常终止（{found}），该文件未采用，其余文件不受影响。请在 WPS 或 Excel 中打开后另存为 .xlsx 再报。",
        "Reading this file ended the reading process ({found}); the file was not taken, others are unaffected. "
        "Open it in WPS or Excel, save it as .xlsx and send it again.",
    ),
    "reader-timeout": (
        "读取这个文件超过 {expected} 秒，已放弃，其余文件不受影响。请删去多余的空行空列和工作表，另存为 .xlsx 再报。",
        "Reading this file took longer than {expected} s and was given up; others are unaffected. "
        "Remove blank rows, columns and sheets that do not belong, save it as .xlsx and send it again.",
    ),
    "reader-memory": (
        "读取这个文件需要的内存超出上限，已放弃，其余文件不受影响。请删去多余的工作表、图片和空白区域，另存为 .xlsx 再报。",
        "Reading this file needs more memory than it may use; it was given up, others are unaffected. "
        "Remove surplus sheets, pictures and blank areas, save it as .xlsx and send it again.",
    ),
    "reader-failed": (
        "程序读不了这个文件（内部错误 {found}），该文件未采用，其余文件不受影响。请在 WPS 或 Excel 中另存为 .xlsx 再报，并告知维护人员。",
        "The program failed on this file ({found}); the file was not taken, others are unaffected. "
        "Save it as .xlsx and send it again, and tell the maintainers.",
    ),
}
