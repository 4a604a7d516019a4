SELECT {columns}
FROM {rows} AS {rows}
WHERE {condition}
ORDER BY {order}{limit}
