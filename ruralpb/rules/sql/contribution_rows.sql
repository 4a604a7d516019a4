{contribution}
SELECT {columns}
FROM counted
WHERE {condition}
ORDER BY {order}
