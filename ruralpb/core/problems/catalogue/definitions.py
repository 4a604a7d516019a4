"""Texts of the definitions stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------------------------------------- files and syntax
    "definition-syntax": (
        "YAML 语法错误：{found}。请检查本行及上一行的缩进、冒号和引号",
        "YAML syntax error: {found}. Check indentation, colons and quotes on this line and the one above",
    ),
    "definition-alias": (
        "此处定义了锚点（&）并在别处引用（*），定义文件不使用锚点和引用。请在用到的地方直接写出内容",
        "an anchor (&) defined here is used elsewhere (*); definition files have none. Write the content out where it is used",
    ),
    "definition-not-utf8": (
        "文件不是 UTF-8 编码。请用“CSV UTF-8”或 UTF-8 编码另存后重试",
        "the file is not UTF-8. Save it again as UTF-8 (in Excel: “CSV UTF-8”)",
    ),
    "definition-file-too-large": (
        "文件有 {found} 字节，超过上限 {expected} 字节。请拆成几个文件",
        "the file has {found} bytes, more than the {expected} allowed. Split it",
    ),
    "definition-not-a-mapping": (
        "文件内容应为“键: 值”的形式。请以 form:、indicators: 等键开头",
        "the file should hold “key: value” pairs. Begin with a key such as form: or indicators:",
    ),
    "library-empty": (
        "指标库目录“{found}”中没有 YAML 文件。请检查 library: 所写的目录，或改为 builtin",
        "the library folder {found!r} has no YAML file. Check the folder that library: names, or write builtin",
    ),
    "shipped-missing": (
        "安装不完整：找不到随程序附带的 {found}。请重新安装 ruralpb",
        "the installation is incomplete: its {found} cannot be found. Install ruralpb again",
    ),
    # ------------------------------------------------------------------------------------------- keys and types
    "definition-key-twice": (
        "键“{found}”重复，第 {expected} 行已经写过。请删去其中一处",
        "key {found!r} is given twice, first on line {expected}. Remove one of them",
    ),
    "definition-key-unknown": (
        "没有名为“{found}”的键。可用的键：{expected}",
        "there is no key {found!r}. Known keys: {expected}",
    ),
    "definition-key-unknown-near": (
        "没有名为“{found}”的键，是否想写“{expected}”？",
        "there is no key {found!r}. Did you mean {expected!r}?",
    ),
    "definition-key-renamed": (
        "“{found}”已改名，请改写为顶格的“{expected}”",
        "{found!r} has another name now: write {expected!r}, at the beginning of a line",
    ),
    "definition-key-missing": (
        "{shape}“{id}”缺少必填的键“{key}”，请补上",
        "{shape} {id!r} lacks the obligatory key {key!r}. Add it",
    ),
    "definition-wants-text": (
        "“{key}”应为文字，写的是“{found}”。请改为文字，必要时加引号",
        "{key!r} should be text, found {found!r}. Write text, in quotes where needed",
    ),
    "definition-wants-template": (
        "“{key}”的花括号不成对或是空的：“{found}”。占位符写成 {{village}}，字面的花括号写成双份",
        "the braces in {key!r} do not match or are empty: {found!r}. Write a placeholder as {{village}}, double a literal brace",
    ),
    "definition-wants-name": (
        "“{key}”应为英文字母开头、由字母数字下划线组成的名称，写的是“{found}”，请改名",
        "{key!r} should be a name of letters, digits and underscores that begins with a letter, found {found!r}. Rename it",
    ),
    "definition-wants-number": (
        "“{key}”应为数字，写的是“{found}”。请写成 12 或 0.5 这样的数字，不加引号和单位",
        "{key!r} should be a number, found {found!r}. Write it like 12 or 0.5, without quotes or unit",
    ),
    "definition-wants-whole": (
        "“{key}”应为不小于 0 的整数，写的是“{found}”，请改正",
        "{key!r} should be a whole number, zero or more, found {found!r}. Correct it",
    ),
    "definition-wants-between": (
        "“{key}”应为 {expected} 之间的整数，写的是“{found}”，请改正",
        "{key!r} should be a whole number of {expected}, found {found!r}. Correct it",
    ),
    "definition-wants-flag": (
        "“{key}”应为 true 或 false，写的是“{found}”，请改正",
        "{key!r} should be true or false, found {found!r}. Correct it",
    ),
    "definition-wants-day": (
        "“{key}”应为日期，写的是“{found}”。请写成 2026-03-31（或 2026-03，即当月第一日）",
        "{key!r} should be a date, found {found!r}. Write it like 2026-03-31 (or 2026-03 for the first of the month)",
    ),
    "definition-wants-integer": (
        "“{key}”应为整数，写的是“{found}”，请改正",
        "{key!r} should be a whole number, found {found!r}. Correct it",
    ),
    "definition-wants-period": (
        "“{key}”应为报告期，写的是“{found}”。请写成 2026Q1、2026-02 或 2026",
        "{key!r} should be a period, found {found!r}. Write it like 2026Q1, 2026-02 or 2026",
    ),
    "definition-wants-choice": (
        "“{key}”不能是“{found}”。请从下列各项中选一：{expected}",
        "{key!r} cannot be {found!r}. Choose one of: {expected}",
    ),
    "definition-wants-choice-near": (
        "“{key}”不能是“{found}”，是否想写“{expected}”？",
        "{key!r} cannot be {found!r}. Did you mean {expected!r}?",
    ),
    "definition-wants-list": (
        "“{key}”应为列表，写的是“{found}”。请写成 [甲, 乙]，或每行以“- ”开头",
        "{key!r} should be a list, found {found!r}. Write [a, b], or one item a line after “- ”",
    ),
    "definition-wants-mapping": (
        "“{key}”应为“键: 值”的形式（{expected}），写的是“{found}”，请改写",
        "{key!r} should be “key: value” pairs ({expected}), found {found!r}. Rewrite it",
    ),
    "definition-span-reversed": (
        "止于“{found}”，早于或小于起点“{expected}”。请核对起止",
        "it ends at {found!r}, before its beginning {expected!r}. Check both ends",
    ),
    # ------------------------------------------------------------------------------------------- names and ids
    "definition-id-twice": (
        "“{found}”已在 {expected} 定义过。请改用另一个 id，或删去其中一处",
        "{found!r} is already defined at {expected}. Use another id, or remove one of them",
    ),
    "field-id-reserved": (
        "字段不能叫“{found}”，这是每张表都有的系统列。请改名",
        "a field cannot be called {found!r}, a system column of every form. Rename it",
    ),
    "definition-field-unknown": (
        "{key} 中的“{found}”不是表 {form} 的字段。可用：{expected}",
        "{found!r} in {key} is no field of form {form}. There are: {expected}",
    ),
    "definition-field-unknown-near": (
        "{key} 中的“{found}”不是表 {form} 的字段，是否想写“{expected}”？",
        "{found!r} in {key} is no field of form {form}. Did you mean {expected!r}?",
    ),
    "mapping-overrides": (
        "表 {form} 的列名“{found}”已是字段 {expected} 的名称，不能再对照到 {field}。请删去这条对照，或先改字段的 title、aliases",
        "header {found!r} of form {form} names field {expected} already and cannot be mapped to {field}. Delete the mapping, or change the field's title or aliases first",
    ),
    "mapping-twice": (
        "表 {form} 的列名“{found}”在 {where} 已对照到 {expected}，这里又对照到 {field}。请只留一条，或用 reporter、sheet 区分",
        "header {found!r} of form {form} is mapped to {expected} at {where} and to {field} here. Keep one, or tell them apart with reporter or sheet",
    ),
    "definition-form-unknown": (
        "没有名为“{found}”的表。已有：{expected}",
        "there is no form {found!r}. There are: {expected}",
    ),
    "definition-form-unknown-near": (
        "没有名为“{found}”的表，是否想写“{expected}”？",
        "there is no form {found!r}. Did you mean {expected!r}?",
    ),
    "form-no-fields": (
        "表“{found}”没有字段。请在 fields: 下列出各栏",
        "form {found!r} has no fields. List its columns under fields:",
    ),
    "definition-domain-unknown": (
        "没有名为“{found}”的指标领域。已有：{expected}。请在指标文件开头写 domain: {{id: …, title: …}}",
        "there is no indicator domain {found!r}. There are: {expected}. State domain: {{id: …, title: …}} at the top of the file",
    ),
    "definition-domain-unknown-near": (
        "没有名为“{found}”的指标领域，是否想写“{expected}”？",
        "there is no indicator domain {found!r}. Did you mean {expected!r}?",
    ),
    "definition-indicator-unknown": (
        "没有名为“{found}”的指标。已有：{expected}",
        "there is no indicator {found!r}. There are: {expected}",
    ),
    "definition-indicator-unknown-near": (
        "没有名为“{found}”的指标，是否想写“{expected}”？",
        "there is no indicator {found!r}. Did you mean {expected!r}?",
    ),
    "definition-id-unknown": (
        "没有名为“{found}”的定义。可用 ruralpb define list 查看全部",
        "there is no definition {found!r}. `ruralpb define list` lists them all",
    ),
    "definition-id-unknown-near": (
        "没有名为“{found}”的定义，是否想写“{expected}”？",
        "there is no definition {found!r}. Did you mean {expected!r}?",
    ),
    # ------------------------------------------------------------------------------------------- forms and checks
    "header-claimed-twice": (
        "表 {form} 的字段 {field} 和 {expected} 都用表头“{found}”，读表时无法区分。请删去其中一个别名",
        "fields {field} and {expected} of form {form} both claim the header {found!r}; a column could be either. Remove one alias",
    ),
    "enum-no-values": (
        "枚举字段“{found}”没有列出取值。请写 values: [...]",
        "enum field {found!r} lists no values. Write values: […]",
    ),
    "enum-word-twice": (
        "字段 {field} 的“{found}”同时指“{expected}”和另一取值。请只保留一处",
        "{found!r} of field {field} stands for {expected!r} and for another value. Keep one",
    ),
    # ------------------------------------------------------------------------------------------- indicators, standards
    "indicator-numerator-or-derived": (
        "指标“{found}”应有 numerator 或 derived，且只能有一个",
        "indicator {found!r} should have a numerator or be derived, one of the two",
    ),
    "indicator-parts-by": (
        "指标“{found}”由几张表相加（parts），不能再用 by 分类：另一张表没有这一栏。请去掉 by，或分成几个指标",
        "indicator {found!r} adds up several forms (parts) and cannot be broken down (by): the other form lacks the field. "
        "Drop by, or write several indicators",
    ),
    "standard-no-source": (
        "自 {found} 起的标准值没有写明依据。请补 source:（文号或出处）",
        "the value from {found} on names no source. Add source: (document number or origin)",
    ),
    "standard-no-checked_on": (
        "自 {found} 起的标准值没有核对日期。核对依据后请补 checked_on:",
        "the value from {found} on has no date of checking. Add checked_on: after checking the source",
    ),
    "standard-gap": (
        "自 {found} 起到 {expected} 前没有有效的标准，其间的检查和指标将不可计算。请确认确无标准，或补上",
        "no value is in force from {found} until {expected}; checks and figures in between are not computable. Confirm, or add one",
    ),
    "standard-overlap": (
        "标准值写明有效至 {found}，而下一个值自 {expected} 起已生效。请核对日期",
        "the value is said to hold until {found}, but the next one begins on {expected}. Check the dates",
    ),
    "standard-bands-gap": (
        "分档“{found}”之间不连续：前一档的 high（{expected}）应等于后一档的 low",
        "the bands {found!r} do not meet: the first one's high ({expected}) should be the second one's low",
    ),
    # ------------------------------------------------------------------------------------------- register and targets
    "register-missing": (
        "项目没有单位名录。请建立 units.csv（列：code,name,level,parent_code,kind）",
        "the project has no register of units. Make units.csv (columns code,name,level,parent_code,kind)",
    ),
    "table-column-missing": (
        "缺少必有的列“{found}”，请在第一行补上",
        "the obligatory column {found!r} is missing. Add it to the first line",
    ),
    "table-column-unknown": (
        "没有名为“{found}”的列。可用的列：{expected}",
        "there is no column {found!r}. Known columns: {expected}",
    ),
    "table-column-unknown-near": (
        "没有名为“{found}”的列，是否想写“{expected}”？",
        "there is no column {found!r}. Did you mean {expected!r}?",
    ),
    "table-row-long": (
        "本行有 {found} 列，表头只有 {expected} 列。值中含逗号的请加引号",
        "the row has {found} cells, the header {expected}. Put values that hold a comma in quotes",
    ),
    "table-cell-empty": ("“{column}”一列不能为空，请填写", "column {column!r} cannot be empty. Fill it in"),
    "table-date": (
        "“{column}”一列应为 2026-03-31 这样的日期，写的是“{found}”，请改正",
        "column {column!r} should be a date like 2026-03-31, found {found!r}. Correct it",
    ),
    "table-number": (
        "“{column}”一列应为数字，写的是“{found}”，请改正",
        "column {column!r} should be a number, found {found!r}. Correct it",
    ),
    "table-flag": (
        "“{column}”一列应为 是 或 否，写的是“{found}”，请改正",
        "column {column!r} should be 是/否 (or true/false), found {found!r}. Correct it",
    ),
    "table-period": (
        "“{column}”应为 2026Q1、2026-02、2026 这样的报告期，写的是“{found}”，请改正",
        "{column!r} should be a period such as 2026Q1, 2026-02 or 2026, found {found!r}. Correct it",
    ),
    "unit-level-unknown": (
        "没有“{found}”这一层级。可用：{expected}",
        "there is no level {found!r}. There are: {expected}",
    ),
    "unit-level-unknown-near": (
        "没有“{found}”这一层级，是否想写“{expected}”？",
        "there is no level {found!r}. Did you mean {expected!r}?",
    ),
    "unit-code-unknown": (
        "{column} 中的代码“{found}”不在单位名录（units.csv）中。请核对代码，或在名录中补上该单位",
        "code {found!r} in {column} is not in units.csv. Check the code, or add the unit",
    ),
    "unit-code-unknown-near": (
        "{column} 中的代码“{found}”不在单位名录（units.csv）中，是否想写“{expected}”？",
        "code {found!r} in {column} is not in units.csv. Did you mean {expected!r}?",
    ),
    "unit-parent-level": (
        "{unit}（{expected}）的上级“{found}”层级不比它高。请核对 parent_code",
        "the parent {found!r} of {unit} ({expected}) is not of a higher level. Check parent_code",
    ),
    "unit-successor-undated": (
        "{unit} 写了承接单位“{found}”，却没有 valid_to。请填撤并前最后一日",
        "{unit} has the successor {found!r} but no valid_to. Give the last day before the merger",
    ),
    "unit-rows-overlap": (
        "代码“{found}”的这一行与 {expected} 的有效期重叠。请填好 valid_from 和 valid_to",
        "this row of code {found!r} holds on days on which {expected} holds too. Set valid_from and valid_to",
    ),
    # ------------------------------------------------------------------------------------------- cases
    "case-unit-unknown": (
        "用例所用的县里没有“{found}”。可用：{expected}。也可在文件的 units: 下添加",
        "the cases' county has no unit {found!r}. There are: {expected}. The file may add units under units:",
    ),
    "case-unit-unknown-near": (
        "用例所用的县里没有“{found}”，是否想写“{expected}”？",
        "the cases' county has no unit {found!r}. Did you mean {expected!r}?",
    ),
    # ------------------------------------------------------------------------------------------- settings
    "settings-no-due": (
        "没有 due:，即没有单位应报任何表，完整性和覆盖率无从计算。请写明谁报什么表",
        "there is no due:, so nobody owes anything and completeness and coverage mean nothing. State who owes which form",
    ),
    # ------------------------------------------------------------------------------------------- define show
    "define-sentence-form": (
        "{code}《{title}》：每行一个 {row}，按 {frequency} 报送，{fields} 栏，{checks} 项审核",
        "{code} {title}: one row a {row}, returned by the {frequency}, {fields} columns, {checks} checks",
    ),
    "define-sentence-field": ("“{title}”一栏，类型 {type}", "column {title}, of type {type}"),
    "define-sentence-field-measured": (
        "“{title}”一栏，类型 {type}，以{measure}计",
        "column {title}, of type {type}, in {measure}",
    ),
    "define-sentence-check": (
        "《{form}》每一行应当：{relation}",
        "in every row of {form} this must hold: {relation}",
    ),
    "define-sentence-check-group": (
        "《{form}》按{over}汇总，应当：{relation}",
        "for every {over} of {form} this must hold: {relation}",
    ),
    "define-sentence-check-stage": (
        "“{title}”（{form}）不是表达式，由 {stage} 环节执行",
        "“{title}” ({form}) is no expression; the stage {stage} carries it out",
    ),
    "define-sentence-indicator": (
        "{title}（{measure}）= {formula}，取自《{form}》",
        "{title} ({measure}) = {formula}, from {form}",
    ),
    "define-sentence-ratio": (
        "{title}（{measure}）= {formula}，取自《{form}》；分子、分母各自汇总后再相除",
        "{title} ({measure}) = {formula}, from {form}; both sides are summed before division",
    ),
    "define-sentence-derived": (
        "{title}（{measure}）：{formula}",
        "{title} ({measure}): {formula}",
    ),
    "define-sentence-standard": (
        "{title}（{measure}），按生效日期共 {values} 个值",
        "{title} ({measure}), {values} values by effective date",
    ),
    "define-sentence-watch": (
        "{title}：《{form}》中{watched}的列入，{cleared}的销号",
        "{title}: rows of {form} enter when {watched}, are cleared when {cleared}",
    ),
    "define-sentence-score": (
        "{title}：给{form}评分，{criteria} 项，{lines} 个等次",
        "{title}: rates {form} by {criteria} criteria, {lines} grades",
    ),
    "define-sentence-list": ("{title}：{form}的全部行", "{title}: every row of {form}"),
    "define-sentence-list-where": ("{title}：{form}中{where}的", "{title}: rows of {form} where {where}"),
    "score-of-what": (
        "评分“{found}”应写明评的是哪张报表的行（form），或哪一级单位（level），二者只写其一",
        "score {found} must say either whose rows it rates (form) or units of which level (level), not both",
    ),
    "score-no-scale": (
        "评分项“{found}”须写明得满分的数（full）和不得分的数（zero），且两者不等",
        "criterion {found} needs the value that earns everything (full) and the one that earns nothing (zero), not the same",
    ),
    "check-never-fails": (
        "{found} 永远不会报出问题：按栏目的取值范围，这一关系总是成立。请核对关系式，或删去",
        "{found} can never fail: within the fields' bounds its relation always holds. Correct it or take it out",
    ),
    "check-never-passes": (
        "{found} 永远不成立：没有一行能满足它。请核对关系式",
        "{found} can never pass: no row can satisfy it. Correct its relation",
    ),
    "check-contradicts": (
        "{found} 与 {expected} 互相矛盾：两条都适用的行不可能同时满足。请核对两条的关系式",
        "{found} contradicts {expected}: no row they both apply to can satisfy both. Correct one of them",
    ),
    "check-implied": (
        "{found} 是多余的：它报出的问题 {expected} 都已报出。可以删去其一",
        "{found} is redundant: whatever fails it fails {expected} too. One of them can go",
    ),
    "formula-twice": (
        "{found} 与 {expected} 的算式相同。请保留一个，或改正其一",
        "{found} has the same formula as {expected}. Keep one of them, or correct one",
    ),
    "measures-mixed": (
        "{found} 把不同计量单位的栏目加在一起（{expected}）。请先换算成同一单位",
        "{found} adds up fields of different measures ({expected}). Convert them first",
    ),
    "measures-clash": (
        "{found} 的计量单位对不上：{expected}。请核对分子、分母和 measure",
        "the measures of {found} do not fit: {expected}. Look at numerator, denominator and measure",
    ),
    "standard-stale": (
        "标准“{title}”（{found}）自 {expected} 起未再核对出处。请核对文件是否仍然有效，并更新 checked_on",
        "the source of standard {found} ({title}) has not been looked up since {expected}. See whether the document still holds, and update checked_on",
    ),
}
