"""Texts of the compile stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------------------------------------- rules: expressions
    "rule-quotes": (
        "表达式中有中文引号“{found}”。字符串请用英文单引号 '…'，中文栏目名用英文双引号",
        "the expression has the quotation mark {found}. Write text in '…' and Chinese titles in double quotes",
    ),
    "rule-unreadable": (
        "表达式无法读懂：{found}（问题在“{near}”附近）。请检查括号、引号和运算符",
        "the expression cannot be read: {found} (near {near!r}). Check brackets, quotes and operators",
    ),
    "rule-parameter": (
        "没有参数“{found}”。可用的参数：{expected}",
        "there is no parameter {found}. Known parameters: {expected}",
    ),
    "rule-not-allowed": (
        "表达式中不允许这样写：{found}。可用四则运算（不含除法）、比较、and/or/not、in、between、case 和手册所列函数",
        "this is not allowed in an expression: {found}. Use arithmetic (no division), comparisons, and/or/not, in, between, "
        "case and the documented functions",
    ),
    "rule-number": (
        "数“{found}”不是精确写法。请写成 1000 或 0.5 这样的小数",
        "the number {found} is not exact. Write it with plain digits, like 1000 or 0.5",
    ),
    "rule-function": (
        "没有函数“{found}”。相近的：{expected}",
        "there is no function {found!r}. Similar: {expected}",
    ),
    "rule-arguments": (
        "函数 {name} 应有 {expected} 个参数，写的是：{found}",
        "{name} takes {expected} arguments, found: {found}",
    ),
    "rule-select": (
        "子查询写法不支持：{found}。只能写 select 一项 from 表 [join 表 on …] [where …]",
        "this subquery is not supported: {found}. Write select one item from tables [join … on …] [where …]",
    ),
    "rule-name": (
        "没有名为“{found}”的栏目。是否想写：{expected}",
        "there is no column {found!r}. Did you mean: {expected}",
    ),
    "rule-relation": (
        "没有名为“{found}”的报表。是否想写：{expected}",
        "there is no form {found!r}. Did you mean: {expected}",
    ),
    "rule-standard": (
        "没有名为“{found}”的标准。是否想写：{expected}",
        "there is no standard {found}. Did you mean: {expected}",
    ),
    "rule-standard-kind": (
        "标准 {found} 应该用 {expected}(…) 引用，请改写",
        "the standard {found} is read with {expected}(…). Rewrite it",
    ),
    "rule-history": (
        "previous() 和 last_year() 中只能写同一张报表本行的栏目，写的是：{found}。分组关系中请放在合计函数之内",
        "previous() and last_year() take columns of one form's own row, found: {found}. In a group put them inside an aggregate",
    ),
    "rule-division": (
        "审核关系中不能用除法：{found}。请改写成乘法（a / b <= c 写成 a <= c * b）；指标的除号只能在最外层",
        "division is not allowed: {found}. Write a product (a / b <= c as a <= c * b); an indicator divides at the top only",
    ),
    "rule-aggregate": (
        "此处不能用合计函数：{found}。逐行关系请放在子查询中，或用 over 写成分组关系",
        "no aggregate is possible here: {found}. Put it into a subquery or group the check with over",
    ),
    "rule-average": (
        "此处不能用平均数：{found}。请用 sum 和 count 写成乘法",
        "no average is possible here: {found}. Write a product with sum and count",
    ),
    "rule-not-grouped": (
        "分组关系中“{found}”不是分组栏目（{expected}），请放进 min()、max() 等合计函数",
        "{found!r} is no group column ({expected}). Put it into an aggregate such as min() or max()",
    ),
    "rule-coalesce-required": (
        "“{expected}”是必填栏，未填是错误而不是 0：{found}。请去掉 coalesce",
        "{expected!r} is required; a blank is an error, not zero: {found}. Remove coalesce",
    ),
    "rule-coalesce-unknown": (
        "不能用 coalesce 把未报送的数当作 0：{found}。没有行时 sum 已经是 0，未报送时结果应为“无法判断”",
        "coalesce would turn what was not reported into a number: {found}. A sum over no rows is already 0, a missing return "
        "makes the result unknown",
    ),
    "rule-not-in": (
        "不能写 not in (子查询)：{found}。请改写成 not exists (select 1 from … where …)",
        "not in (subquery) is not allowed: {found}. Write not exists (select 1 from … where …)",
    ),
    "rule-subquery-value": (
        "子查询中合计函数和单行栏目不能混写：{found}",
        "a subquery cannot mix aggregates with columns of one row: {found}",
    ),
    "rule-periods": (
        "看不出子查询读“{found}”的哪些报告期。请写 {found}.period = :period（或 previous_quarter(:period) 等）、{found}.year = :year",
        "it cannot be told which periods the subquery reads of {found!r}. Write {found}.period = :period (or "
        "previous_quarter(:period) …) or {found}.year = :year",
    ),
    "rule-itself": (
        "同一栏目与自己比较：{found}。请在栏目前写明是哪张表的（子查询中不写时指内层）",
        "a column is compared with itself: {found}. Say whose it is (inside a subquery a bare name is the inner one's)",
    ),
    "rule-kinds": (
        "两边不能比较：{found}（左边是 {left}，右边是 {right}）",
        "the two sides cannot be compared: {found} ({left} with {right})",
    ),
    "rule-enum": (
        "“{value}”不是该栏的可选值：{found}。可选值：{values}",
        "{value!r} is not a value of the field: {found}. Values: {values}",
    ),
    "rule-number-operand": (
        "只有数可以计算：{found}（其中有 {kind}）",
        "only numbers can be calculated with: {found} (one operand is {kind})",
    ),
    "rule-bool-operand": (
        "and、or、not 两边应是判断：{found}（其中有 {kind}）",
        "and, or, not take conditions: {found} (one operand is {kind})",
    ),
    "rule-not-a-condition": (
        "这里应是一个判断（成立或不成立），写的是：{found}",
        "this should be a condition that holds or does not, found: {found}",
    ),
    "rule-indicator": (
        "没有名为“{found}”的指标。是否想写：{expected}",
        "there is no indicator {found!r}. Did you mean: {expected}",
    ),
    # ------------------------------------------------------------------------------------------- checks
    "check-range": (
        "《{form}》第{row}行：“{header}”为{found}，应为{expected}",
        "{form}, row {row}: {header!r} is {found}, should be {expected}",
    ),
    "check-standard-ended": (
        "审核关系 {found} 所用的标准“{expected}”在本期末没有有效值，该关系无法判断。请在标准中补上本期的值，或停用该关系",
        "check {found} rests on the standard {expected!r}, which has no value at the end of the period: it cannot be told. "
        "Give the standard a value or disable the check",
    ),
    # ------------------------------------------------------------------------------------------- indicators
    # ------------------------------------------------------------------------------------------- indicators
    "indicator-formula": (
        "指标的算式无法拆分：{found}。除法和 avg 只能写在最外层，算式中要有 count、sum、min 或 max",
        "the indicator's formula cannot be split: {found}. Write / and avg outermost only, and use count, sum, min or max",
    ),
    "indicator-derived": (
        "推算指标的条件无法读懂：{found}。请用指标编号、base(指标编号)、数、比较和 and/or/not",
        "the derived condition cannot be read: {found}. Use indicator ids, base(id), numbers, comparisons and and/or/not",
    ),
    "indicator-unknown": (
        "没有编号为“{found}”的指标。是否想写：{expected}",
        "there is no indicator {found!r}. Did you mean: {expected}",
    ),
    "base-period": (
        "“{indicator}”要与基期比较，ruralpb.yaml 中没有写 base_period，不计算",
        "{indicator} compares with a base period; ruralpb.yaml names no base_period, so it is not computed",
    ),
    "standard-ended": (
        "“{indicator}”所用标准 {found} 执行到 {day} 为止，本期已失效，不计算",
        "{indicator} uses the standard {found}, in force until {day} and no longer; it is not computed",
    ),
    "standard-absent": (
        "“{indicator}”所用标准 {found} 在 {day} 尚未生效，不计算",
        "{indicator} uses the standard {found}, which is not yet in force on {day}; it is not computed",
    ),
    "value-standard": ("所用标准在本期无效（尚未生效或已失效）", "no standard is in force for the period"),
    "value-not-covered": ("应报单位均未报送", "none of the units that owe the return has sent it"),
    "value-unknown": ("所需数据均未填报", "what it needs was not reported in any row"),
    "value-no-rows": ("没有可取最大、最小值的数据", "there are no rows to take an extreme of"),
    "value-zero-denominator": ("分母为0", "the denominator is zero"),
    "value-base": ("所比较的指标或其基期没有数值", "an indicator it compares, or its base, has no value"),
    "compare-cumulative": (
        "累计数不作环比，见单季数",
        "a cumulative figure is not compared with the previous period; see its single quarter",
    ),
    "compare-definition": ("口径调整，不作比较", "the definition changed; not comparable"),
    "compare-no-units": ("没有两期均报送的单位，不作比较", "no unit reported in both periods; not compared"),
    "compare-no-value": ("基期没有数值，不作比较", "the base has no value; not compared"),
    "base-zero": ("基期为0，不计算增幅", "the base is zero; no growth rate"),
    "both-zero": ("两期均为0", "both are zero"),
    "base-negative": ("基期为负数，不计算增幅", "the base is negative; no growth rate"),
    "sign-change": ("两期正负不同，不计算增幅", "the sign changed; no growth rate"),
    "localise-missing": (
        "未安装 highspy，没有指出应先核对哪些单元格；pip install highspy 后重新运行即可",
        "highspy is not installed, so the cells to ask about first are not named; pip install highspy and run again",
    ),
}
