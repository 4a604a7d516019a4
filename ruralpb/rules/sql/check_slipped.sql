SELECT FALSE AS outcome, concat_ws('|', _key, _field) AS key, unit_code AS unit, _field AS field, [_cell] AS cells,
       {title} AS form, coalesce(village, township) AS name, _title AS header, _value AS value,
       _n AS quarters, _awaited AS awaited, _slip AS slip
FROM ({compared}) AS _all WHERE _slip IS NOT NULL ORDER BY key
