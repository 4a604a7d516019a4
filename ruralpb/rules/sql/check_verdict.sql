SELECT {columns} FROM ({inner}) AS {rows} ORDER BY {order}
