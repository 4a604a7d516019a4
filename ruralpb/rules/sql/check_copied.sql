SELECT FALSE AS outcome, {key} AS key, f.unit_code AS unit, {field} AS field,
       [{cell}] AS cells, {title} AS form, f.village, f.township,
       {found} AS found, {expected} AS expected
FROM {rows} AS f JOIN {rows} AS p ON {joined}
WHERE f.period = {period} AND p.period = {before}
  AND {filled} >= {least} AND {same}
ORDER BY key
