SELECT FALSE AS outcome, _key AS key, unit_code AS unit, _field AS field, [_cell] AS cells, {title} AS form,
       coalesce(village, township) AS name, _title AS header, CASE WHEN _ytd THEN {single} ELSE '' END AS single, _x AS value,
       _n AS quarters, _median AS median, _low AS low, _high AS high
FROM ({compared}) AS _all WHERE _slip IS NULL
QUALIFY row_number() OVER (PARTITION BY _key ORDER BY _times DESC, _place) = 1 ORDER BY key
