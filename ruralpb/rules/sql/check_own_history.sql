WITH single AS (
  SELECT *, _value - _before AS _x FROM (
    SELECT l.*, n._title, n._ytd, n._place,
           CASE WHEN NOT n._ytd OR month(l.period_start) = 1 THEN 0
                WHEN lag(l.period_end) OVER w = l.period_start - INTERVAL 1 DAY THEN lag(l._value) OVER w END AS _before
    FROM (
      SELECT * FROM (SELECT {key} AS _key, {cell} AS _cell, f.unit_code, f.township, f.village, f.period,
                            f.period_start, f.period_end, f.year, {casts}
                     FROM {rows} AS f
                     WHERE f.period_kind = 'quarter' AND f.period_end <= DATE {end} AND f.period_start >= DATE {since})
      UNPIVOT (_value FOR _field IN ({fields}))
    ) AS l JOIN (VALUES {titles}) AS n(_field, _title, _ytd, _place) USING (_field)
    WINDOW w AS (PARTITION BY l._key, l._field ORDER BY l.period_end)
  ) WHERE _before IS NOT NULL
), past AS (
  SELECT _key, _field, count(*) AS _n, quantile_disc(_x, 0.5) AS _median, min(_x) AS _low, max(_x) AS _high
  FROM single WHERE period_end < DATE {start} GROUP BY ALL HAVING count(*) >= {least}
), spread AS (
  SELECT s._key, s._field, quantile_disc(abs(s._x - p._median), 0.5) AS _mad
  FROM single AS s JOIN past AS p USING (_key, _field)
  WHERE s.period_end < DATE {start} GROUP BY ALL
), judged AS (
  SELECT s.*, p._n, p._median, p._low, p._high, s._before + p._median AS _awaited, abs(s._x - p._median) AS _away,
         greatest(10 * d._mad, abs(p._median), 10) AS _ten
  FROM single AS s JOIN past AS p USING (_key, _field) JOIN spread AS d USING (_key, _field)
  WHERE s.period = {period}
)
SELECT *, {slip} AS _slip, cast(1000000000 * _away AS HUGEINT) // cast(1000000 * _ten AS HUGEINT) AS _times
FROM judged WHERE 10 * _away > {most} * _ten
