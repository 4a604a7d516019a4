SELECT FALSE AS outcome, {key} || {mark} AS key, f.unit_code AS unit, {field} AS field,
       [{cell}] AS cells, {title} AS form, f.position + 1 AS row, {header} AS header,
       f.village, f.township, {found} AS found, {expected} AS expected
FROM {rows} AS f
WHERE f.period = {period} AND ({tests})
