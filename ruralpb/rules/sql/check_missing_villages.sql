SELECT f.village_code IS NOT NULL AS outcome, v.village_code AS key, v.village_code AS unit, 'village' AS field,
       {cells} AS cells, v.village, v.township, {title} AS form, {found} AS found, {expected} AS expected
FROM ref_village AS v
JOIN returns AS r ON r.reporter_code = v.township_code
LEFT JOIN (SELECT DISTINCT village_code FROM {rows} WHERE period = {period}) AS f
  ON f.village_code = v.village_code
WHERE r.form = {form} AND r.period = {period} {owed}
ORDER BY v.village_code
