SELECT CASE WHEN {condition} THEN FALSE END AS outcome, {key} || {mark} AS key, f.unit_code AS unit,
       {field} AS field, [{cell}] AS cells, {title} AS form, f.position + 1 AS row,
       {header} AS header, f.village, f.township, {found} AS found, {expected} AS expected
FROM {rows} AS f
WHERE f.period = {period} AND f.{name} IS NULL AND {condition} IS NOT FALSE
  AND NOT EXISTS (SELECT 1 FROM refusals AS x WHERE x.submission = f.submission AND x.block = f.block
                  AND x.position = f.position AND x.field = {field})
