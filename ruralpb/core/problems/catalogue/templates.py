"""What the program says of templates: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "column-template": ("模板", "template"),
    "column-template-about": ("用于", "for"),
    "column-audience": ("阅读对象", "audience"),
    "column-whose": ("来源", "whose"),
    "template-about-report": ("本级或一个单位，季度", "a unit, quarter"),
    "template-about-profile": ("一个乡镇，季度", "one township, quarter"),
    "template-about-dispatch": ("本级，月", "a unit, month"),
    "template-about-year": ("本级，年（四季度）", "a unit, year (Q4)"),
    "template-about-public_notice": ("本级，季度", "a unit, quarter"),
    "template-about-narrative": ("本级，季度", "a unit, quarter"),
    "template-about-ledger": ("一个村，ruralpb ledger", "one village, ruralpb ledger"),
    "template-about-reminder": ("一个单位，ruralpb status", "one reporter, ruralpb status"),
    "template-about-return_notice": ("一个单位，ruralpb feedback", "one reporter, ruralpb feedback"),
    "audience-internal": ("内部", "internal"),
    "audience-townships": ("下发", "townships"),
    "audience-public": ("公开", "public"),
    "template-whose-builtin": ("自带", "built-in"),
    "template-whose-own": ("本项目", "this project's"),
    "template-whose-overrides": ("本项目，代替自带的", "this project's, instead of the built-in"),
    "template-has-faults": (
        "模板“{template}”有{count}处要改，现在不能用。请运行 ruralpb define check 查看。",
        "Template “{template}” cannot be used: {count} things to change. Run ruralpb define check.",
    ),
    "template-kept": (
        "已有措辞库，没有改动：{path}",
        "there is a phrase bank already, unchanged: {path}",
    ),
    "next-templates": (
        "使用：ruralpb report --template 名称；要改文字：ruralpb report --new 新名称 --template 名称",
        "use one: ruralpb report --template NAME; change one: ruralpb report --new OWN --template NAME",
    ),
    "next-template-new": (
        "用记事本或其他文本编辑器改文字（保留 {{{{ }}}} 和 {{% %}}），改完运行 ruralpb define check，再运行 ruralpb report --template {template}",
        "change the words in a text editor (leave {{{{ }}}} and {{% %}}), run ruralpb define check, then ruralpb report --template {template}",
    ),
    "next-template-docx": (
        "用 WPS 打开，改文字和样式（标记用半角输入），改完运行 ruralpb define check，再运行 ruralpb report --template {template}",
        "open it in WPS, change words and styles (type tags half-width), run ruralpb define check, then ruralpb report --template {template}",
    ),
    "help-audience": (
        "阅读对象：internal 内部、townships 下发、public 公开",
        "audience: internal, townships, public",
    ),
    "help-templates-list": ("列出模板", "list the templates"),
    "help-template-new": (
        "复制模板到项目供修改；名称.docx 为 WPS 模板",
        "copy a template into the project; NAME.docx: one for WPS",
    ),
}
