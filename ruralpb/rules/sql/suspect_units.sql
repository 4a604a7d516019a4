SELECT u.{leaf}
FROM {relation} AS u JOIN ({places}) AS s USING (block, position)
WHERE u.{leaf} IS NOT NULL
