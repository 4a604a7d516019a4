"""Texts of status, reminders and the schedule: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    # A cell of the heat map
    "state-accepted": ("✓", "✓"),
    "state-blocked": ("未过", "blocked"),
    "state-returned": ("已退", "sent back"),
    "state-held": ("待定", "held"),
    "state-overdue": ("缺", "missing"),
    "state-to-come": ("待报", "to come"),
    "mark-overdue": ("逾{days}", "{days} over"),
    "mark-late": ("迟{days}", "{days} late"),
    "mark-omitted": ("漏{count}", "omits {count}"),
    # What it means
    "legend-accepted": ("通过", "accepted"),
    "legend-late": ("通过，迟报3个工作日", "accepted, came 3 working days late"),
    "legend-blocked": (
        "未通过：3个错误、1个核实待处理；漏2：漏报2个村；v2：第2次报送",
        "blocked: 3 errors, 1 query open; omits 2: two villages left out; v2: sent twice",
    ),
    "legend-returned": ("已退回修改，尚未重报", "sent back, not corrected yet"),
    "legend-overdue": ("缺报，已逾期3个工作日", "missing, 3 working days overdue"),
    "legend-to-come": ("未报，未到截止日", "not due yet"),
    "legend-held": ("收到，尚待决定取舍", "came, but which version counts is undecided"),
    "legend-not-owed": ("不需报", "not owed"),
    # In words
    "situation-accepted": ("通过", "accepted"),
    "situation-blocked": ("未通过", "blocked"),
    "situation-returned": ("已退回", "sent back"),
    "situation-held": ("待定", "held"),
    "situation-overdue": ("缺报", "missing"),
    "situation-to-come": ("未到期", "not due yet"),
    "situation-answer-by": ("{state}（应于{day}前报回）", "{state} (to be answered by {day})"),
    "situation-overdue-by": ("{state}，已逾期{delay}", "{state}, {delay} overdue"),
    "situation-late-by": ("{state}，迟报{delay}", "{state}, {delay} late"),
    "delay": ("{workdays}个工作日（{days}天）", "{workdays} working days ({days} days)"),
    "delay-days-off": ("{days}天（均为休息日）", "{days} days (none a working day)"),
    # Status
    "status-title": (
        "{period}报送情况（截至 {today}），截止日 {due}",
        "Returns of {period} on {today}, due {due}",
    ),
    "status-overdue": (
        "  {unit}：缺 {count} 张，{due}到期，已逾期{delay}：{forms}",
        "  {unit}: {count} missing, due {due}, {delay} overdue: {forms}",
    ),
    "status-returned": (
        "  {unit}《{form}》：{day}退回修改，应于{by}前报回，尚未重报",
        "  {unit} {form}: sent back on {day}, to be answered by {by}, not corrected yet",
    ),
    "status-omitted": (
        "  {unit}《{form}》：漏报 {count} 个村：{villages}",
        "  {unit} {form}: leaves out {count} villages: {villages}",
    ),
    "status-more": ("  ……还有 {count} 行，加 -v 全部显示。", "  … {count} more lines; -v shows all."),
    "status-legend": (
        "✓ 通过 · 未过 3/1：3 个错误、1 个核实待处理 · 已退 退回待改 · 缺 逾3：缺报，逾期 3 个工作日 · 待报 未到期 · 待定 等待决定 · · 不需报",
        "✓ accepted · blocked 3/1: 3 errors, 1 query open · sent back · missing 3 over: 3 working days overdue · to come: not due yet · held: undecided · · not owed",
    ),
    "status-legend-more": (
        "迟2：迟报 2 个工作日 · 漏2：漏报 2 个村 · v2：第 2 次报送",
        "2 late: 2 working days late · omits 2: two villages left out · v2: sent twice",
    ),
    "status-done": (
        "{period}：应报 {owed}，通过 {accepted}，未通过 {blocked}，缺报 {missing}，迟报 {late}。",
        "{period}: {owed} owed, {accepted} accepted, {blocked} blocked, {missing} missing, {late} late.",
    ),
    "calendar-unknown": (
        "{found}年的法定节假日安排还不知道，只按周一至周五计算工作日，截止日和逾期天数可能不准。请升级 chinesecalendar，或在 ruralpb.yaml 的 holidays、workdays 中填写。",
        "The statutory holidays of {found} are not known: working days are Monday to Friday, so due dates and delays may be off. Upgrade chinesecalendar, or fill in holidays and workdays in ruralpb.yaml.",
    ),
    "status-format": (
        "{found}：报送情况只能写成 .xlsx 或 .html。",
        "{found}: status is written as .xlsx or .html only.",
    ),
    # What to do next about a period
    "next-nothing-owed": (
        "本期没有应报的报表。下一步：核对 ruralpb.yaml 的 due，ruralpb define check 检查",
        "Nothing is owed for this period. Next: look at due: in ruralpb.yaml, then ruralpb define check",
    ),
    "next-issue": (
        "还没有收到报表，报告期尚未结束。下一步：ruralpb blanks --quarter {period} 生成空表下发",
        "Nothing has come, and the period is not over. Next: ruralpb blanks --quarter {period} writes the forms to send out",
    ),
    "next-take": (
        "还没有收到报表。下一步：把收到的报表放进收表文件夹，运行 ruralpb ingest returns",
        "Nothing has come yet. Next: put what comes into the inbox and run ruralpb ingest returns",
    ),
    "next-wait": (
        "还有 {count} 份未到截止日。下一步：收到后 ruralpb ingest returns；ruralpb status --quarter {period} --reminders out/{period}/reminders 可先提醒",
        "{count} are not due yet. Next: ruralpb ingest returns when they come; ruralpb status --quarter {period} --reminders out/{period}/reminders reminds ahead",
    ),
    "next-chase": (
        "下一步：{count} 份缺报逾期，ruralpb status --quarter {period} --reminders out/{period}/reminders 生成催报单；收到后 ruralpb ingest returns",
        "Next: {count} are overdue; ruralpb status --quarter {period} --reminders out/{period}/reminders writes reminders; ruralpb ingest returns when they come",
    ),
    "next-decide": (
        "下一步：{count} 份待定，看 ruralpb ingest 的说明，用 --replace（替换）或 --part（补充）重新收表",
        "Next: {count} are held; see what ruralpb ingest said, and take them again with --replace or --part",
    ),
    "next-send-back": (
        "下一步：{count} 份未通过，ruralpb validate --quarter {period} 看原因，ruralpb feedback --quarter {period} 退回乡镇修改",
        "Next: {count} are blocked; ruralpb validate --quarter {period} shows why, ruralpb feedback --quarter {period} sends them back",
    ),
    "next-await": (
        "下一步：{count} 份已退回，等重报后 ruralpb ingest returns；ruralpb status --quarter {period} --reminders out/{period}/reminders 可催",
        "Next: {count} were sent back; ruralpb ingest returns when they come again; ruralpb status --quarter {period} --reminders out/{period}/reminders chases them",
    ),
    "next-compile": (
        "全部通过。下一步：ruralpb report --quarter {period} 成文，核对后 --final 定稿封存",
        "All accepted. Next: ruralpb report --quarter {period}; with --final once it is right, which seals the quarter",
    ),
    "next-sealed": (
        "{sealed} 定稿封存。如需更正：ruralpb unlock --quarter {period} --reason 理由 --by 姓名",
        "Sealed on {sealed}. To correct it: ruralpb unlock --quarter {period} --reason TEXT --by NAME",
    ),
    "next-after-seal": (
        "{sealed} 定稿封存，之后又收到 {count} 份。下一步：需要采用的，ruralpb unlock --quarter {period} --reason 理由 --by 姓名；不采用的留作下期更正",
        "Sealed on {sealed}; {count} came afterwards. Next: ruralpb unlock --quarter {period} --reason TEXT --by NAME to use them; else they stay listed",
    ),
    # What to do next about one return
    "step-wait": ("等待报送", "wait for it"),
    "step-chase": ("催报", "chase it"),
    "step-decide": ("决定替换还是补充（--replace 或 --part）", "decide: --replace or --part"),
    "step-send-back": ("退回修改（ruralpb feedback）", "send it back (ruralpb feedback)"),
    "step-await": ("等待重报", "await the correction"),
    "step-after-seal": ("封存后收到，解封后方能采用", "came after the seal"),
    # Reminders
    "reminders-none": (
        "没有需要催报的单位，未生成催报单。",
        "Nobody owes anything: no reminder was written.",
    ),
    "reminders-done": (
        "催报单 {count} 份（.docx 送发，.txt 发群）。",
        "{count} reminders (.docx to send, .txt to paste).",
    ),
    # The schedule
    "schedule-time": (
        "{found}：看不懂的时刻，请写成 07:30 这样。",
        "{found}: not a time of day; write it like 07:30.",
    ),
    "schedule-days": (
        "{found}：看不懂的日子，请写 workdays（周一至周五）、daily（每天），或 mon,wed,fri、mon-sat 这样。",
        "{found}: not known as days; write workdays (Monday to Friday), daily, or mon,wed,fri or mon-sat.",
    ),
    "schedule-one": (
        "--cron、--systemd、--windows 只能写一个。",
        "Give one of --cron, --systemd, --windows.",
    ),
    "schedule-about-cron": (
        "{title}：{at} 收表、审核、成文（ruralpb run）。节假日也会运行，没有新报表时什么也不改变。",
        "{title}: at {at}, take in what has come, check it, write the briefing (ruralpb run).\nIt runs on public holidays too; without news it changes nothing.",
    ),
    "schedule-about-systemd": (
        "{title}：{at} 收表、审核、成文（ruralpb run）。下面是两个文件，按各自注释里的名字保存。",
        "{title}: at {at}, take in what has come, check it, write the briefing (ruralpb run).\nTwo files follow; save each under the name in its comment.",
    ),
    "schedule-about-windows": (
        "{title}：{at} 收表、审核、成文（ruralpb run）。节假日也会运行，没有新报表时什么也不改变。",
        "{title}: at {at}, take in what has come, check it, write the briefing (ruralpb run). It runs on public holidays too; without news it changes nothing.",
    ),
    "schedule-how-cron": (
        "用法：运行 crontab -e，把上面几行贴到末尾。需要处理的事，第二天用 ruralpb status 查看。",
        "How: run crontab -e and paste these lines at its end. What there is to do, ruralpb status says.",
    ),
    "schedule-how-systemd": (
        "用法：两个文件放到 ~/.config/systemd/user/，运行 systemctl --user enable --now ruralpb.timer。\n不登录也要运行的，再运行一次 loginctl enable-linger。",
        "How: put both files into ~/.config/systemd/user/, then systemctl --user enable --now ruralpb.timer.\nTo run while nobody is logged in: loginctl enable-linger, once.",
    ),
    "schedule-how-windows": (
        "用法：加 --out ruralpb.xml 写成文件，再在“任务计划程序”里点“导入任务”选它，或运行 schtasks /Create /TN ruralpb /XML ruralpb.xml。\n登录时才运行；不登录也要运行的，导入时选“不管用户是否登录都要运行”。",
        "How: write it to a file with --out ruralpb.xml, then Import Task in the Task Scheduler, or schtasks /Create /TN ruralpb /XML ruralpb.xml.\nIt runs while you are logged in; for otherwise choose “Run whether user is logged on or not” on import.",
    ),
}
