SELECT FALSE AS outcome, {key} AS key, f.unit_code AS unit,
       {field} AS field, [{cell}] AS cells, {title} AS form, f.village, f.township,
       {header} AS header, f._x AS value, cast(f._median AS DECIMAL(38, 6)) AS median, {place} AS _place,
       cast(2000000000 * f._away AS HUGEINT) // cast(1000000 * f._twice AS HUGEINT) AS _times
FROM (
  SELECT *, greatest(2 * _spread, abs(_median)) AS _twice FROM (
    SELECT *, abs(_x - _median) AS _away, quantile_disc(abs(_x - _median), {within}) OVER (PARTITION BY _class) AS _spread
    FROM (
      SELECT f.*, cast({value} AS DECIMAL(38, 6)) AS _x, quantile_disc({value}, 0.5) OVER (PARTITION BY t.class) AS _median,
             count(*) OVER (PARTITION BY t.class) AS _count, t.class AS _class
      FROM {rows} AS f JOIN ref_township AS t ON t.township_code = f.township_code
      WHERE f.period = {period} AND {value} <> 0
    )
  ) WHERE _spread > 0
) AS f
WHERE f._count >= {least} AND 2 * f._away > {most} * f._twice
