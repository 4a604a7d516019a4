SELECT {columns} FROM ({inner}) AS {rows} GROUP BY {keys}
