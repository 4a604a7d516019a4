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
    "template-unexpected": (
        "模板里“{found}”处写法有误：它前面少了符号，或上一个 {{{{ 、{{% 没有用 }}}} 、%}} 结束。请改正。",
        "The template cannot be read at “{found}”: something is missing before it, or a {{{{ or {{% before it is not closed.",
    ),
    "template-equals": (
        "模板的标记里单写了一个等号。判断相等请写两个等号“==”；给名称赋值请用 {{% set 名称 = 值 %}}。",
        "There is a single “=” in a tag. Write “==” to compare, {{% set name = value %}} to name a value.",
    ),
    "template-sign": (
        "模板的标记里有程序不认识的符号“{found}”。请删去，或改为半角符号。",
        "There is a character “{found}” in a tag that means nothing there. Delete it.",
    ),
    "template-tag": (
        "模板里没有“{{% {found} %}}”这种写法。可用的有 if、elif、else、for、set、import，各以 endif、endfor 结束。",
        "There is no tag “{{% {found} %}}”. There are if, elif, else, for, set and import; endif and endfor close them.",
    ),
    "template-tag-near": (
        "模板里没有“{{% {found} %}}”这种写法。是否想写：{expected}？请改正。",
        "There is no tag “{{% {found} %}}”. Did you mean {expected}?",
    ),
    "template-encoding": (
        "模板不是 UTF-8 编码，读不出来。请用记事本打开，“另存为”时把编码选为 UTF-8，再运行。",
        "The template is not UTF-8. Open it in a text editor, save it as UTF-8, and run again.",
    ),
    "template-empty": (
        "模板是空的，没有可以印出来的内容。请写入内容，或用 ruralpb report --new 名称 重新复制一份。",
        "The template is empty. Write something into it, or copy one anew: ruralpb report --new NAME.",
    ),
    "template-brace": (
        "模板里有单个的大括号“{found}”，会原样印出来。要填数据请写成两个半角大括号，如 {{{{ unit }}}}；不用请删去。",
        "There is a single brace “{found}”, which would be printed as it is. Write two, as in {{{{ unit }}}}, or delete it.",
    ),
    "template-box": (
        "没有名为“{found}”的版式区块。可用的有：{expected}。请改正。",
        "There is no container “{found}”. There are: {expected}.",
    ),
    "template-box-near": (
        "没有名为“{found}”的版式区块，是否想写：{expected}？请改正。",
        "There is no container “{found}”. Did you mean {expected}?",
    ),
    "template-box-open": (
        "版式区块“:::{found}”没有结束，后面的内容都会算在里面。请在它的内容之后另起一行写“:::”。",
        "The container “:::{found}” does not end. Write “:::” on a line of its own after its content.",
    ),
    "template-counts": (
        "模板自己写出或算出了一个数字，它不是系统里的数据，无法反查。请改用程序给出的数字；序号请用 {{{{ ordinal(loop.index) }}}}。",
        "The template prints a number that it types or counts itself, which cannot be traced. Use a figure of the program; "
        "{{{{ ordinal(loop.index) }}}} numbers lines.",
    ),
    "template-divides": (
        "模板里作了除法，而且除以了零。模板只排版、不计算；请改用程序给出的比例。",
        "The template divides by zero. Templates do not calculate: use a rate of the program.",
    ),
    "template-endless": (
        "模板里的循环次数太多，停下了。请改为对程序给出的列表循环（如 {{% for issue in issues %}}）。",
        "A loop of the template runs too often. Loop over a list of the program (such as {{% for issue in issues %}}).",
    ),
    "template-of-itself": (
        "模板引用了它自己（直接或经由别的模板），没有尽头。请删去这一处 import 或 include。",
        "The template imports itself, directly or by another. Delete that import or include.",
    ),
    "template-arguments": (
        "模板里括号中的内容多了或少了（{found}）。各名称怎么写，见模板说明（docs/templates.md）。",
        "Too much or too little stands in brackets ({found}). docs/templates.md says how each name is written.",
    ),
    "template-indicator": (
        "没有编号为“{found}”的指标。编号用 ruralpb define list 查；请改正，或删去。",
        "There is no indicator “{found}”. ruralpb define list shows their ids. Correct it, or delete it.",
    ),
    "template-indicator-near": (
        "没有编号为“{found}”的指标。相近的有：{expected}。请改正，或删去。",
        "There is no indicator “{found}”. Near it: {expected}. Correct it, or delete it.",
    ),
    "template-import": (
        "模板引用的“{found}”不在。请改为 templates/ 里有的文件名，或删去这一处引用。",
        "The template imports “{found}”, which is not there. Name a file of templates/, or delete it.",
    ),
    "template-import-near": (
        "模板引用的“{found}”不在。相近的有：{expected}。请改正。",
        "The template imports “{found}”, which is not there. Near it: {expected}.",
    ),
    "template-unclosed": (
        "模板里有“{{% {found} %}}”没有结束。请在后面补上“{{% end{found} %}}”。",
        "A “{{% {found} %}}” of the template is not closed. Add “{{% end{found} %}}” after it.",
    ),
    "template-filter": (
        "模板里“|”后面的“{found}”不认识。请删去“|{found}”。",
        "The template uses “{found}” after “|”, which is not there. Delete “|{found}”.",
    ),
    "template-undefined": (
        "模板用了没有的名称：{found}。请改为模板说明中列出的名称，或删去。",
        "The template uses a name that is not there: {found}. Use one that the template's notes list, or delete it.",
    ),
    "template-undefined-near": (
        "模板用了没有的名称：{found}。相近的有：{expected}。请改正，或删去。",
        "The template uses a name that is not there: {found}. Near it: {expected}. Correct it, or delete it.",
    ),
    "template-refused": (
        "模板中的写法不允许：{found}。模板只排版，不能读取程序内部，也不能直接输出列表。",
        "The template does what a template may not: {found}. Templates arrange; they cannot reach into the program or print lists.",
    ),
    "template-number": (
        "模板里直接写了数字“{found}”，它不是系统里的数据，无法反查。请改用程序给出的数字，或写成文字。",
        "The template types the number “{found}”, which is no fact of the store and cannot be traced. Use a figure, or words.",
    ),
    "template-digits": (
        "模板里直接写了数字“{found}”。数字必须由程序给出，才能反查；请改用程序给出的名称（如 {{{{ period }}}}），或写成汉字。"
        "条款序号和文号（〔2026〕3号）可以写。",
        "The template types the number “{found}”. Numbers must be figures of the program, so that they can be traced: use a name "
        "(such as {{{{ period }}}}), or words. Numbers of headings and of documents (〔2026〕3号) may be typed.",
    ),
    "template-safe": (
        "模板用了“{found}”，它会绕过对特殊字符的处理，文件可能打不开。请删去。",
        "The template uses “{found}”, which switches the treatment of special characters off; the file may not open. Delete it.",
    ),
    "template-full-width": (
        "模板的标记里有全角符号“{found}”，程序认不出。请切换到英文输入法，改为半角“{expected}”。",
        "There are full-width characters “{found}” in a tag, which is then not seen. Type half-width “{expected}”.",
    ),
    "template-broken": (
        "模板不能用，共{found}处要改，改好后再运行。",
        "The template cannot be used: {found} things to change, then run again.",
    ),
    "template-unprintable": (
        "“{found}”不能直接印在文字里。列表要用循环（如 {{% for 行 in 列表 %}}），图表请在 .md.j2 模板里用。",
        "“{found}” cannot be printed as words. Write a loop for a list; charts need a template in .md.j2.",
    ),
    "template-not-docx": (
        "这不是 .docx 文件，打不开。请在 WPS 里另存为 .docx（不是 .doc、.wps）。",
        "This is no .docx file. Save it as .docx in WPS (not .doc or .wps).",
    ),
    "template-docx-formats": (
        "用 WPS 画的模板（.docx）只能生成 docx 和 pdf，不能生成{found}。请去掉这些格式，或改用 .md.j2 模板。",
        "A template drawn as .docx gives docx and pdf, not {found}. Leave these out, or use a template in .md.j2.",
    ),
    "template-name": (
        "模板名称“{found}”不能用。只写名称或“名称.docx”，不带文件夹，不以点开头。",
        "“{found}” is no name for a template: a plain name or NAME.docx, without folders.",
    ),
    "template-exists": (
        "项目的 templates/ 里已有“{found}”，没有覆盖。请换一个名称，或先把原来的移走。",
        "“{found}” is in the project's templates/ already and was not overwritten. Take another name, or move it away first.",
    ),
    "template-base-docx": (
        "不能以“{found}”为底本：.docx 模板请在 WPS 里另存，.md.j2 模板请用 --template 指定 .md.j2 的底本。",
        "“{found}” cannot be the base: save a .docx under another name in WPS, and name a base in .md.j2 for one in .md.j2.",
    ),
    "audience-unknown": (
        "不认识阅读对象“{found}”。可用的有：{expected}（内部、下发、公开）。",
        "There is no audience “{found}”. There are: {expected}.",
    ),
    "audience-not-public": (
        "模板“{template}”不能公开：它用了{found}，其中有单位排名、审核问题等不公开的内容。"
        "请用 --template public_notice，或复制它作修改。",
        "Template “{template}” cannot be published: it uses {found}, which show rankings, findings and the like. "
        "Use --template public_notice, or a copy of it.",
    ),
    "format-unknown": (
        "不认识输出格式“{found}”。可用的有：{expected}。",
        "There is no output format “{found}”. There are: {expected}.",
    ),
    "pdf-no-office": (
        "没有找到 LibreOffice，未生成 PDF，已生成 .docx。请安装 LibreOffice（命令 soffice），或用 WPS 打开 .docx 另存为 PDF。",
        "LibreOffice was not found, so there is no PDF; the .docx is done. Install it (command soffice), or save the .docx as PDF.",
    ),
    "pdf-failed": (
        "LibreOffice 没有生成 PDF（{found}），已生成 .docx。请用 WPS 打开 .docx 另存为 PDF。",
        "LibreOffice made no PDF ({found}); the .docx is done. Open the .docx and save it as PDF.",
    ),
    "font-lacks": (
        "“{found}”不在字体{expected}的字库（GB 2312）内，文中已改用{instead}。请确认电脑上装有这些字体，"
        "或在 ruralpb.yaml 的 fonts 中换成字数更全的字体。",
        "“{found}” are not among the characters of {expected} (GB 2312) and are set in {instead}. Make sure these are installed, or "
        "name fonts with more characters under fonts: in ruralpb.yaml.",
    ),
}
