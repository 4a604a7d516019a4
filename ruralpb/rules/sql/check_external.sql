SELECT {rows}.*, {columns} FROM ({inner}) AS {rows}
