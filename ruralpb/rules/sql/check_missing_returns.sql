SELECT r.submission IS NOT NULL AS outcome, d.reporter_code AS key, d.reporter_code AS unit, '' AS field,
       {cells} AS cells, u.name AS unit_name, {title} AS form, d.due_date, {found} AS found, {expected} AS expected
FROM due AS d
LEFT JOIN returns AS r ON r.form = d.form AND r.period = d.period AND r.reporter_code = d.reporter_code
LEFT JOIN ref_unit AS u ON u.code = d.reporter_code
WHERE d.form = {form} AND d.period = {period}
ORDER BY d.reporter_code
