WITH judged AS (
  SELECT {judged}
  FROM {relation} LEFT JOIN ref_unit AS _unit ON _unit.code = {relation}.unit_code
  WHERE {conditions}
), counted AS (
  SELECT {counted}
  FROM judged
)
