"""Texts of the report stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "template-missing": (
        "没有名为“{found}”的报告模板。可用的有：{expected}。自己的模板放在项目的 templates/ 下，文件名以 .md.j2 结尾。",
        "There is no report template “{found}”. There are: {expected}. Your own go in the project's templates/, named *.md.j2.",
    ),
    "template-syntax": (
        "模板写法有误：{found}。请检查这一行的 {{{{ }}}} 和 {{% %}} 是否成对、是否用了半角符号。",
        "The template cannot be read: {found}. Check that {{{{ }}}} and {{% %}} on this line are paired and half-width.",
    ),
    "template-undefined": (
        "模板用了没有的名称：{found}。请改为模板说明中列出的名称，或删去。",
        "The template uses a name that is not there: {found}. Use one that the template's notes list, or delete it.",
    ),
    "template-refused": (
        "模板中的写法不允许：{found}。模板只排版，不能读取程序内部，也不能直接输出列表。",
        "The template does what a template may not: {found}. Templates arrange; they cannot reach into the program or print lists.",
    ),
    "template-number": (
        "模板里直接写了数字“{found}”，它不是系统里的数据，无法反查。请改用程序给出的数字，或写成文字。",
        "The template types the number “{found}”, which is no fact of the store and cannot be traced. Use a figure, or words.",
    ),
    "format-unknown": (
        "不认识输出格式“{found}”。可用的有：{expected}。",
        "There is no output format “{found}”. There are: {expected}.",
    ),
    "pdf-no-office": (
        "没有找到 LibreOffice，未生成 PDF，其他格式已生成。请安装 LibreOffice（命令 soffice），或用 WPS 打开 .docx 另存为 PDF。",
        "LibreOffice was not found, so there is no PDF; the other formats are done. Install it (command soffice), or save the .docx as PDF.",
    ),
    "pdf-failed": (
        "LibreOffice 没有生成 PDF（{found}），其他格式已生成。请用 WPS 打开 .docx 另存为 PDF。",
        "LibreOffice made no PDF ({found}); the other formats are done. Open the .docx and save it as PDF.",
    ),
    "font-lacks": (
        "“{found}”不在字体{expected}的字库（GB 2312）内，文中已改用{instead}。请确认电脑上装有这些字体，"
        "或在 ruralpb.yaml 的 fonts 中换成字数更全的字体。",
        "“{found}” are not among the characters of {expected} (GB 2312) and are set in {instead}. Make sure these are installed, or "
        "name fonts with more characters under fonts: in ruralpb.yaml.",
    ),
}
