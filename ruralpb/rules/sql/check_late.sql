SELECT FALSE AS outcome, d.reporter_code AS key, d.reporter_code AS unit, '' AS field, {cells} AS cells, u.name,
       {title} AS form, r.received - d.due_date AS days,
       cast(r.received AS VARCHAR) AS found, cast(d.due_date AS VARCHAR) AS expected
FROM due AS d
JOIN returns AS r ON r.form = d.form AND r.period = d.period AND r.reporter_code = d.reporter_code
LEFT JOIN ref_unit AS u ON u.code = d.reporter_code
WHERE d.form = {form} AND d.period = {period} AND r.received > d.due_date
ORDER BY d.reporter_code
