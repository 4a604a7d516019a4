SELECT FALSE AS outcome, {key} AS key, any_value(f.unit_code) AS unit,
       {field} AS field,
       list({cell} ORDER BY f.submission, f.block, f.position) AS cells,
       {title} AS form, concat_ws(' ', {shown_key}) AS key_shown, count(*) AS n,
       array_to_string(list(f.position + 1 ORDER BY f.submission, f.block, f.position), '、') AS rows,
       count(*) || {lines} AS found, {expected} AS expected
FROM {rows} AS f
WHERE f.period = {period}{known}
GROUP BY {columns} HAVING count(*) > 1
ORDER BY key
