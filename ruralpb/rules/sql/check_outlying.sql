SELECT outcome, key, unit, field, cells, form, village, township, header, value, median,
       CASE WHEN _n > 1 THEN {more} ELSE '' END AS more
FROM (SELECT *, count(*) OVER (PARTITION BY key) AS _n,
             row_number() OVER (PARTITION BY key ORDER BY _times DESC, _place) AS _rank
      FROM ({branches}) AS _all) AS _ranked
WHERE _rank = 1 ORDER BY key
